// SPDX-License-Identifier: Apache-2.0
// Everything that the files of one member say, read once: the log, the snapshots, what the backend knows of
// itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "bolt/check.h"
#include "diag/finding.h"
#include "member/layout.h"
#include "member/trailer.h"
#include "mvcc/backend.h"
#include "raft/log.h"
#include "replay/entries.h"
#include "snap/snap.h"
#include "witness/log_steps.h"
#include "witness/witness.h"

namespace etcdmedic::member {

struct SnapFile {
  std::string file;
  uint64_t size = 0;
  std::optional<snap::TermIndex> name;
  std::optional<snap::Snapshot> content;  // nothing where etcd would refuse the file
  Bytes bytes;
};

// A segment, .snap or db that could not be opened, so that nothing of it is known.
struct Unopened {
  member::File file;
  Error error;
};

// INDEX.snap.db, as far as a start depends on it.
struct SnapDb {
  std::string file;
  std::optional<uint64_t> index;  // by its name
  uint64_t size = 0;
  std::string unopened;  // why the file cannot be opened; empty where it can
  std::optional<uint64_t> consistent_index;
  std::optional<MappedFile> map = std::nullopt;
  std::optional<bolt::FileReport> db = std::nullopt;
};

struct MemberState {
  member::Layout layout;
  member::InUse in_use;
  std::vector<MappedFile> maps;  // keeps every view below alive
  raft::Log log;
  std::vector<SnapFile> snapshots;  // newest first, by name, as etcd tries them
  std::vector<SnapDb> snap_dbs;
  std::optional<MappedFile> db_map;
  std::optional<bolt::FileReport> db;  // the backend, page by page
  std::optional<mvcc::BackendState> backend;
  std::optional<Trailer> trailer;  // how the db file ends; not read next to a running member
  // What CheckKeys would find, where it was asked for and the tree of pages is sound.
  std::optional<std::vector<diag::Finding>> keys;
  // The log's entries as changes of keys, where the keys of a db are checked, and what they say of the backend.
  witness::LogSteps steps;
  std::optional<witness::WitnessReport> witness;
  // The entries themselves, where the keys of a db are checked and the log begins with the first one.
  replay::EntryList entries;
  bool has_log = false;                 // a WAL directory or segments were given
  bool has_db = false;                  // a db file was given, readable or not
  std::vector<Unopened> unopened;       // is in no list above
  std::vector<diag::Finding> findings;  // from reading snapshots and backend; the log's are made by CheckLog

  // The newest .snap that etcd can read, or null.
  const SnapFile* NewestSnapshot() const;
  // The whole member was given, so that rules across its parts make sense.
  bool whole() const {
    return (layout.kind == member::Kind::kDataDir || layout.kind == member::Kind::kMemberDir) && complete();
  }
  // Every file and directory of it that etcd needs could be opened.
  bool complete() const;
  // Something may not be read by the user that runs this, so that the result is not what it could be.
  bool denied() const;
};

struct LoadOptions {
  unsigned threads = 0;   // for the log; 0: one a core
  bool snapshots = true;  // read .snap files
  bool backend = true;    // read the db and check its pages
  bool keys = false;      // and in the same pass its keys
  // How a file is opened; MappedFile::Open where empty. A repair shows its files through it before it is
  // done.
  std::function<Result<MappedFile>(const std::string& path)> open = {};
};

// Reports FILE-READ-FAILED for each file of which pages could not be read.
void ReportUnreadable(const std::vector<MappedFile>& maps, diag::FindingSink& sink);

// Reads the i-th segment of a loaded log once more, seeded by the one before it, and lets go of its pages:
// memory does not grow with the log.
void ReadSegmentAgain(const MemberState& state, size_t i, wal::SegmentVisitor& visitor);

// Reads a member. The result owns the mapped files that everything in it views. What cannot be opened is left
// out, and reported: FILE-PERMISSION, FILE-KIND-WRONG, FILE-READ-FAILED. Errors: kDenied and what else
// opening gives, where it was the only file or none of the files may be read.
Result<MemberState> LoadMember(member::Layout layout, const LoadOptions& options = {});

}  // namespace etcdmedic::member
