// SPDX-License-Identifier: Apache-2.0
// What a repair does to files, whether they are on the disk (Disk) or only imagined (Overlay): the same edits
// run on both, so that what was tried is what is done.
#pragma once

#include <string>

#include "base/file.h"

namespace etcdmedic::plan {

// Who may do what with a file.
struct Ownership {
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint32_t mode = 0600;  // permission bits
  friend bool operator==(const Ownership&, const Ownership&) = default;
};

// What is written. `spool`: the path of an unnamed file that holds the same, where there is one, so that
// nobody needs a copy in memory.
struct NewContent {
  NewContent(Bytes content, std::string path = {}) : bytes(content), spool(std::move(path)) {}
  Bytes bytes;
  std::string spool;
};

struct Attributes {
  Ownership owner;
  int64_t mtime_s = 0;
  int64_t mtime_ns = 0;
};

// Paths are absolute. Errors: kIo, kLimit where the disk is full.
class Files {
 public:
  virtual ~Files() = default;
  virtual bool Exists(const std::string& path) const = 0;
  virtual bool IsFolder(const std::string& path) const = 0;
  virtual Result<MappedFile> Read(const std::string& path) const = 0;
  virtual Result<Attributes> AttributesOf(const std::string& path) const = 0;

  virtual Result<void> WriteAt(const std::string& path, uint64_t offset, Bytes bytes) = 0;
  virtual Result<void> Resize(const std::string& path, uint64_t size) = 0;
  virtual Result<void> Rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> Remove(const std::string& path) = 0;
  // The file is there as a whole, with its owner, or not at all.
  virtual Result<void> Create(const std::string& path, const NewContent& content, const Ownership& owner) = 0;
  virtual Result<void> MakeFolder(const std::string& path, const Ownership& owner) = 0;
  virtual Result<void> RemoveFolder(const std::string& path) = 0;  // an empty one
  // Owner, group and mode only.
  virtual Result<void> SetOwner(const std::string& path, const Ownership& owner) = 0;
  virtual Result<void> SetAttributes(const std::string& path, const Attributes& attributes) = 0;
  virtual Result<void> Sync(const std::string& path) = 0;        // a file or a directory
  virtual Result<void> SyncParent(const std::string& path) = 0;  // the directory that holds it
};

}  // namespace etcdmedic::plan
