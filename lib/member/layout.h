// SPDX-License-Identifier: Apache-2.0
// Any path -> what it is: docs/format/directory.md. Nothing is opened for writing and no lock is taken.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/file_kind.h"
#include "base/result.h"

namespace etcdmedic::member {

enum class Kind : uint8_t { kDataDir, kMemberDir, kWalDir, kSnapDir, kSegment, kSnapFile, kDb };

std::string_view NameOf(Kind kind);

struct File {
  std::string path;   // as it can be opened
  std::string name;   // relative to the layout's root, as findings print it; absolute where it is elsewhere
  uint64_t size = 0;  // on disk
  uint32_t mode = 0;  // permission bits
  uint32_t uid = 0;
  uint32_t gid = 0;
  FileKind kind = FileKind::kRegular;
};

// The files of a member by what they are. Lists are in etcd's own order of reading.
struct Layout {
  Kind kind = Kind::kDataDir;
  std::string given;    // as the user typed it
  std::string root;     // names are relative to this directory
  std::string wal_dir;  // empty where there is none
  std::string snap_dir;
  bool wal_elsewhere = false;  // the log is in a directory of its own (--wal-dir)
  // What was found under the names of the member's directories; File::kind says whether it is a directory.
  std::optional<File> data_folder;
  std::optional<File> member_folder;
  std::optional<File> wal_folder;
  std::optional<File> snap_folder;
  std::vector<Error> unlisted;   // of directories whose content could not be listed, one each
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
// each file also .zst or .gz. What bears the name of a segment, a .snap or the db is listed as such, whatever
// it is (File::kind). A data dir whose log was moved elsewhere has an empty wal_dir, unless `wal_dir` says
// where: then the log is read from there and from nowhere else, as etcd does with --wal-dir. Errors: kIo,
// kDenied where nothing of it may be read, kUnsupported, kUsage where `wal_dir` makes no sense with `path`.
Result<Layout> Recognise(const std::string& path, const std::string& wal_dir = {});

// A file that is to be read as a backend, whatever its name and content say. Errors: kIo.
Result<Layout> AsBackend(const std::string& path);

// Several paths that together are one log (several segments), or one path. Errors as above, and kUsage where
// they do not belong together.
Result<Layout> Recognise(const std::vector<std::string>& paths, const std::string& wal_dir = {});

// The directories of a member that were found, from the outside in.
std::vector<const File*> FoldersOf(const Layout& layout);

// Why `layout` lacks something, for a command that needs it: the error of a directory that could not be
// listed, else `what` ("holds no backend") as kUnsupported.
Error Lacking(const Layout& layout, std::string what);

// Adds one more file of the WAL or the snap directory to the list that its name says, in order. Gives the
// same layout as if the file had been there when the directory was recognised.
void AddFile(File file, Layout& layout);

// Whether a running etcd holds the member: by the locks that it takes on the db and on the last segment.
// Tested without leaving a lock behind. `what` names the file that is locked.
struct InUse {
  bool running = false;
  std::string what;
};
InUse IsRunning(const Layout& layout);

}  // namespace etcdmedic::member
