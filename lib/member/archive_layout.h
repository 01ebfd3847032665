// SPDX-License-Identifier: Apache-2.0
// A member or a backup inside a tar or zip archive: what k3s and rke2 save, what `kubectl cp` and support
// bundles bring. Its files are unpacked into unnamed ones, and only those that are needed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "member/layout.h"

namespace etcdmedic::member {

struct ArchivePath {
  std::string archive;
  std::string inside;
  bool operator==(const ArchivePath&) const = default;
};

// "backup.tar!node1/etcd" as its two parts; nothing where no part of it before a '!' is a file.
std::optional<ArchivePath> SplitArchivePath(const std::string& path);

// Finds the one member, or else the one backup, in the archive `bytes`, or below `inside`, and lists its
// files as Recognise does; `layout` has what was given. A member is a directory with member/, or with wal/
// and snap/, or segments, or what a snap directory has; a backup is a bbolt file, by its content or else its
// name. Errors: those of Archive; kUnsupported where there is neither, or a file is a link; kUsage, naming
// them, for several.
Result<Layout> RecogniseArchive(Bytes bytes, Layout layout, const std::string& inside);

// Paths for Recognise, "ARCHIVE!PLACE", in order.
struct ArchiveContent {
  std::vector<std::string> members;  // with log or snapshots and backend
  std::vector<std::string> others;   // backups, and parts of members
};

// What is in the archive at `path`, or below PLACE of "ARCHIVE!PLACE"; nothing where `path` does not lead to
// an archive. Errors: those of MappedFile::Open and of Archive; kLimit for more than 64 members.
Result<std::optional<ArchiveContent>> ListArchive(const std::string& path);

// Whether the files are copies, out of an archive or of what came through a pipe, so that a repair would be
// lost.
bool IsUnpacked(const Layout& layout);

}  // namespace etcdmedic::member
