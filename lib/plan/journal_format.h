// SPDX-License-Identifier: Apache-2.0
// The undo journal on disk: docs/design/undo-journal.md.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/files.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

// How far an edit has come; one byte of the journal each, rewritten as the work continues.
enum class Progress : char { kNotBegun = '0', kBegun = '1', kDone = '2' };

// A run of old bytes.
struct Extent {
  uint64_t offset = 0;
  std::string bytes;
};

// An edit with what undoing it needs, and what tells whether it was done.
struct JournalEdit {
  EditKind kind = EditKind::kWrite;
  std::string file;
  std::string target;
  uint64_t old_size = 0;
  std::vector<Extent> old;  // what is not zero of the bytes that the edit changes or drops
  uint64_t new_size = 0;
  uint64_t offset = 0;          // of a write
  std::vector<Extent> written;  // what is not zero of the bytes that a write puts there
  uint64_t length = 0;          // of a write
  std::string sha256;           // of a file that the edit made
  Ownership owner = {};         // that the edit gives to a directory or a file
};

// A file at one moment: before the first edit, or after the last one.
struct FileState {
  std::string file;
  bool exists = true;  // the rest says nothing where it does not
  uint64_t size = 0;
  std::string sha256;
  Attributes attributes;
  bool folder = false;  // a directory: without size and hash
};

struct Journal {
  bool old_form = false;  // of etcdmedic 0.1: `after` is empty, and edits do not say what they wrote
  std::string root;
  std::string wal_dir;  // as Plan::wal_dir
  std::vector<JournalEdit> edits;
  std::vector<FileState> before;  // of every name that is touched
  std::vector<FileState> after;   // the same names, when every edit has been done
  std::vector<FileState> log;  // the log's other files, by size and time: a member that runs writes to them
  std::vector<Progress> progress;  // one an edit
};

// What is not zero of `bytes` between two offsets, in blocks of 4096.
std::vector<Extent> NonZero(Bytes bytes, uint64_t from, uint64_t to);
// The `size` bytes from `from` on that the extents describe. Those outside of it are ignored.
std::string Expand(const std::vector<Extent>& extents, uint64_t from, uint64_t size);

std::string EncodeJournal(const Journal& journal);

// Reads both forms. Errors: kMalformed where the journal is damaged or was never finished (then nothing was
// applied).
Result<Journal> DecodeJournal(const std::string& bytes, const std::string& path);

// Whether a name from a plan or a journal leads to a file of the member: below the root, or right in
// `wal_dir`.
bool StaysWithin(const std::string& name, const std::string& wal_dir);

// Where the progress byte of an edit is in the file.
uint64_t ProgressOffset(size_t edit);

}  // namespace etcdmedic::plan
