// SPDX-License-Identifier: Apache-2.0
// The few ways in which a repair touches the disk. Each call that changes something first calls `before`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/files.h"

namespace etcdmedic::plan {

class Disk final : public Files {
 public:
  explicit Disk(std::function<void()> before = {}) : before_(std::move(before)) {}

  bool Exists(const std::string& path) const override;
  bool IsFolder(const std::string& path) const override;
  Result<MappedFile> Read(const std::string& path) const override { return MappedFile::Open(path); }
  Result<Attributes> AttributesOf(const std::string& path) const override;

  Result<void> WriteAt(const std::string& path, uint64_t offset, Bytes bytes) override;
  Result<void> Resize(const std::string& path, uint64_t size) override;
  Result<void> Rename(const std::string& from, const std::string& to) override;
  Result<void> Remove(const std::string& path) override;
  // Writes under another name (UnfinishedName), sets the owner, syncs, then renames.
  Result<void> Create(const std::string& path, const NewContent& content, const Ownership& owner) override;
  Result<void> SetAttributes(const std::string& path, const Attributes& attributes) override;
  Result<void> MakeFolder(const std::string& path, const Ownership& owner) override;
  Result<void> RemoveFolder(const std::string& path) override;
  Result<void> SetOwner(const std::string& path, const Ownership& owner) override;
  Result<void> Sync(const std::string& path) override;
  Result<void> SyncParent(const std::string& path) override;

  // Files that could not be given to their owner, as "chown UID:GID PATH" would; the rest was done.
  const std::vector<std::string>& not_given() const { return not_given_; }

 private:
  void Before() const {
    if (before_) before_();
  }
  Result<void> Give(int fd, const std::string& path, const std::string& name, const Ownership& owner);

  std::function<void()> before_;
  std::vector<std::string> not_given_;
};

// Gives the open file `path` its owner and mode. EPERM is not an error but noted in `not_given`, under
// `name`: the file is of use all the same.
Result<void> GiveTo(int fd, const std::string& path, const std::string& name, const Ownership& owner,
                    std::vector<std::string>& not_given);

// Whether `path`, which need not exist, is `folder` or lies in it.
bool IsInside(const std::string& path, const std::string& folder);

// Nothing is written into what is read. Errors: kRefused where `read` is a directory and `output` lies in it.
Result<void> StaysOutside(const std::string& output, const std::string& read);

// The name of a file that Create has not finished.
inline std::string UnfinishedName(const std::string& path) { return path + ".etcdmedic-new"; }

// The owner, group and mode of a file that is to be made at `path`: those of the file that it replaces; else
// the owner and group of its directory (the nearest that exists), and the mode of the files of its kind
// (.wal, .snap) in there; where there is none, 0600, and 0644 for a .snap, as etcd makes it.
Ownership OwnershipForNew(const std::string& path);

}  // namespace etcdmedic::plan
