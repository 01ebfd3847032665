// SPDX-License-Identifier: Apache-2.0
#include "plan/edit.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/try.h"

namespace etcdmedic::plan {
namespace {

// What is looked at of a file that is only renamed: enough to know it again, whatever its size.
constexpr uint64_t kHead = 65536;

Expected Expect(Bytes content, uint64_t from, uint64_t to) {
  from = std::min<uint64_t>(from, content.size());
  to = std::min<uint64_t>(to, content.size());
  return {content.size(), from, to - from, Sha256(content.subspan(from, to - from))};
}

tl::unexpected<Error> Refuse(const std::string& path, std::string why) {
  return Fail(Errc::kRefused, path, std::move(why));
}

}  // namespace

Edit WriteEdit(const std::string& file, Bytes content, uint64_t offset, std::string bytes) {
  Edit edit{EditKind::kWrite, file, {}, offset, 0, std::move(bytes)};
  edit.expected = Expect(content, offset, offset + edit.bytes.size());
  return edit;
}

Edit TruncateEdit(const std::string& file, Bytes content, uint64_t size) {
  return {EditKind::kTruncate, file, {}, 0, size, {}, Expect(content, size, content.size())};
}

Edit RenameEdit(const std::string& file, Bytes content, const std::string& target) {
  return {EditKind::kRename, file, target, 0, 0, {}, Expect(content, 0, kHead)};
}

Edit RemoveEdit(const std::string& file, Bytes content) {
  return {EditKind::kRemove, file, {}, 0, 0, {}, Expect(content, 0, content.size())};
}

Edit CreateEdit(const std::string& file, std::string bytes) {
  return {EditKind::kCreate, file, {}, 0, 0, std::move(bytes)};
}

Edit CreateEdit(const std::string& file, std::shared_ptr<const SpoolFile> spool) {
  Edit edit{EditKind::kCreate, file, {}, 0, 0, {}};
  edit.spool = std::move(spool);
  return edit;
}

Edit MakeFolderEdit(const std::string& folder, const Ownership& owner) {
  Edit edit{EditKind::kMakeFolder, folder, {}, 0, 0, {}};
  edit.owner = owner;
  return edit;
}

Edit SetOwnerEdit(const std::string& file, const Ownership& owner) {
  Edit edit{EditKind::kSetOwner, file, {}, 0, 0, {}};
  edit.owner = owner;
  return edit;
}

NewContent ContentOf(const Edit& edit) {
  return edit.spool ? NewContent(edit.spool->bytes(), edit.spool->path()) : NewContent(AsBytes(edit.bytes));
}

Result<void> CheckExpected(const Files& files, const std::string& root, const Edit& edit) {
  const std::string path = PathOf(root, edit.file);
  if (edit.kind == EditKind::kRename && files.Exists(PathOf(root, edit.target)))
    return Refuse(PathOf(root, edit.target), "already exists");
  if (edit.kind == EditKind::kCreate || edit.kind == EditKind::kMakeFolder)
    return files.Exists(path) ? Result<void>(Refuse(path, "already exists")) : Result<void>();
  if (!files.Exists(path)) return Refuse(path, "is not there any more");
  if (edit.kind == EditKind::kSetOwner) return {};
  auto file = files.Read(path);
  if (!file) return Propagate(file);
  const Bytes bytes = file->bytes();
  if (edit.kind == EditKind::kTruncate && edit.size > bytes.size())
    return Refuse(path, "is shorter than the plan found it");
  if (!edit.expected) return {};
  const Expected& expected = *edit.expected;
  if (bytes.size() != expected.file_size || expected.offset + expected.length > bytes.size() ||
      Sha256(bytes.subspan(expected.offset, expected.length)) != expected.sha256)
    return Refuse(path, "is not as the plan found it");
  return {};
}

Result<void> Perform(Files& files, const std::string& root, const Edit& edit, const Ownership& owner) {
  RETURN_IF_ERROR(CheckExpected(files, root, edit));
  const std::string path = PathOf(root, edit.file);
  Result<void> done;
  switch (edit.kind) {
    case EditKind::kWrite:
      done = files.WriteAt(path, edit.offset, AsBytes(edit.bytes));
      return done ? files.Sync(path) : done;
    case EditKind::kTruncate:
      done = files.Resize(path, edit.size);
      return done ? files.Sync(path) : done;
    case EditKind::kRename:
      done = files.Rename(path, PathOf(root, edit.target));
      break;
    case EditKind::kRemove:
      done = files.Remove(path);
      break;
    case EditKind::kCreate:
      done = files.Create(path, ContentOf(edit), owner);
      break;
    case EditKind::kMakeFolder:
      done = files.MakeFolder(path, edit.owner);
      break;
    case EditKind::kSetOwner:
      return files.SetOwner(path, edit.owner);
  }
  return done ? files.SyncParent(path) : done;
}

}  // namespace etcdmedic::plan
