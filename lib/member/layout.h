// SPDX-License-Identifier: Apache-2.0
// Any path -> what it is: docs/format/directory.md. Nothing is opened for writing and no lock is taken.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace etcdmedic::member {

enum class Kind : uint8_t { kDataDir, kMemberDir, kWalDir, kSnapDir, kSegment, kSnapFile, kDb };

std::string_view NameOf(Kind kind);

struct File {
  std::string path;   // as it can be opened
  std::string name;   // relative to the layout's root, as findings print it
  uint64_t size = 0;  // on disk
  uint32_t mode = 0;  // permission bits
};

// The files of a member by what they are. Lists are in etcd's own order of reading.
struct Layout {
  Kind kind = Kind::kDataDir;
  std::string given;    // as the user typed it
  std::string root;     // names are relative to this directory
  std::string wal_dir;  // empty where there is none
  std::string snap_dir;
  std::vector<File> segments;    // *.wal by name; also *.wal.zst and *.wal.gz
  std::vector<File> wal_tmp;     // N.tmp and NAME.tmp
  std::vector<File> wal_broken;  // *.broken
  std::vector<File> wal_stray;   // anything else in the WAL directory
  std::vector<File> snapshots;   // *.snap, newest first (descending by name)
  std::vector<File> snap_broken;
  std::vector<File> snap_tmp;  // tmp*, db.tmp*
  std::vector<File> snap_db;   // *.snap.db
  std::vector<File> db;        // none or one
};

// Recognises one path: data dir, member/, wal/, snap/, one segment, one .snap, a db or snapshot file, "-",
// each file also .zst or .gz. A data dir whose log was moved elsewhere (--wal-dir) has an empty wal_dir.
// Errors: kIo, kUnsupported.
Result<Layout> Recognise(const std::string& path);

// Several paths that together are one log (several segments), or one path. Errors as above, and kUsage where
// they do not belong together.
Result<Layout> Recognise(const std::vector<std::string>& paths);

// Whether a running etcd holds the member: by the locks that it takes on the db and on the last segment.
// Tested without leaving a lock behind. `what` names the file that is locked.
struct InUse {
  bool running = false;
  std::string what;
};
InUse IsRunning(const Layout& layout);

}  // namespace etcdmedic::member
