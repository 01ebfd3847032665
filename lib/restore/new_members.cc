// SPDX-License-Identifier: Apache-2.0
#include "restore/new_members.h"

#include "base/parallel.h"
#include "base/try.h"
#include "plan/disk.h"
#include "plan/new_file.h"
#include "restore/founding.h"

namespace etcdmedic::restore {

Result<NewMembers> NewMembers::Begin(const Placement& placement) {
  for (const std::string& path : placement.read) {
    RETURN_IF_ERROR(plan::StaysOutside(placement.output, path));
    if (!placement.wal_dir.empty()) RETURN_IF_ERROR(plan::StaysOutside(placement.wal_dir, path));
  }
  auto tree = plan::NewTree::Begin(placement.output);
  if (!tree) return Propagate(tree);
  if (placement.wal_dir.empty()) return NewMembers(placement, std::move(*tree), std::nullopt);
  auto log = plan::NewTree::Begin(placement.wal_dir);
  if (!log) return Propagate(log);
  return NewMembers(placement, std::move(*tree), std::move(*log));
}

Result<void> NewMembers::WriteDbs(const Fill& fill) {
  std::vector<std::unique_ptr<plan::NewFile>> files;
  for (const Target& target : placement_->targets) {
    const auto place = tree_.PlaceOf(target.folder + "member/snap/db");
    if (!place) return Propagate(place);
    auto file = plan::NewFile::Create(*place);
    if (!file) return Propagate(file);
    files.push_back(std::move(*file));
  }
  std::vector<Result<void>> done(files.size());
  InParallel(files.size(), PartsOf(files.size(), 1), [&](size_t, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      done[i] = fill(*files[i]);
      if (done[i]) done[i] = files[i]->Keep();
    }
  });
  for (const auto& each : done) {
    if (!each) return each;
  }
  return {};
}

Result<void> NewMembers::WriteFiles(const Target& target) {
  const plan::MemberFiles files = FilesOf(placement_->cluster, target.member_id);
  RETURN_IF_ERROR(tree_.Write(target.folder + "member/snap/" + files.snapshot_name, files.snapshot));
  return log_ ? log_->Write(files.segment_name, files.segment)
              : tree_.Write(target.folder + "member/wal/" + files.segment_name, files.segment);
}

Result<void> NewMembers::Give(const plan::NewTree& tree) {
  auto left = tree.Give(placement_->owner->uid, placement_->owner->gid);
  if (!left) return Propagate(left);
  not_given_.insert(not_given_.end(), left->begin(), left->end());
  return {};
}

Result<void> NewMembers::Commit() {
  for (const Target& target : placement_->targets) RETURN_IF_ERROR(WriteFiles(target));
  if (placement_->owner) {
    RETURN_IF_ERROR(Give(tree_));
    if (log_) RETURN_IF_ERROR(Give(*log_));
  }
  if (log_) RETURN_IF_ERROR(log_->Commit());
  auto done = tree_.Commit();
  if (!done && log_) RETURN_IF_ERROR(log_->Withdraw());
  return done;
}

}  // namespace etcdmedic::restore
