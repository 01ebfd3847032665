// SPDX-License-Identifier: Apache-2.0
// The files in a tar or zip archive, by libarchive. Nothing is written but unnamed temporary files: an
// archive's names are text to choose by, and no path is made of them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic {

struct ArchiveEntry {
  enum class Kind : uint8_t { kFile, kFolder, kLink, kOther };  // kOther: a device, a FIFO

  std::string path;  // without "./" and "/" before it; empty where it has ".." in it or cannot be read
  Kind kind = Kind::kFile;
  uint64_t size = 0;  // as the archive says
  uint32_t mode = 0;  // permission bits; 0 where the archive says nothing
  uint32_t uid = 0;
  uint32_t gid = 0;
  std::string head;  // the first bytes of a file, at most kHead
};

class Archive {
 public:
  static constexpr size_t kHead = 4096;
  static constexpr size_t kMostEntries = 100'000;
  static constexpr size_t kLongestPath = 4096;
  // Whether the bytes begin like a zip archive, or with a tar header whose sum is right.
  static bool Is(Bytes bytes);

  // Lists the archive in `bytes`, which must stay. `name` names it in errors: kMalformed where it is damaged
  // or ends early; kLimit for too many entries or too long names.
  static Result<Archive> Open(Bytes bytes, const std::string& name);

  const std::vector<ArchiveEntry>& entries() const { return entries_; }

  // Unpacks the entries with these numbers, in ascending order, each into an unnamed file, and gives the
  // paths
  // (/proc/self/fd/N) by which they can be opened. Errors: as above; kUnsupported for what is encrypted;
  // kLimit for more than MostUnpacked, or a full disk; kIo.
  Result<std::vector<std::string>> Unpack(std::span<const size_t> wanted) const;

 private:
  Bytes bytes_;
  std::string name_;
  std::vector<ArchiveEntry> entries_;
};

}  // namespace etcdmedic
