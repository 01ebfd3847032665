// SPDX-License-Identifier: Apache-2.0
#include "member/plain_backup.h"

#include "base/archive.h"
#include "base/file.h"
#include "base/try.h"
#include "member/archive_layout.h"

namespace etcdmedic::member {
namespace {

Result<std::string> DbIn(Bytes archive, const std::string& path, const std::string& inside) {
  Layout layout;
  layout.given = path;
  const auto found = RecogniseArchive(archive, std::move(layout), inside);
  if (!found) return Propagate(found);
  if (found->db.empty()) return Fail(Errc::kUnsupported, path, "the archive holds no db");
  return PlainPath(found->db.front().path);
}

}  // namespace

Result<std::string> PlainBackup(const std::string& path) {
  const auto picked = Look(path).kind == FileKind::kMissing ? SplitArchivePath(path) : std::nullopt;
  auto plain = PlainPath(picked ? picked->archive : path);
  if (!plain) return plain;
  const auto file = MappedFile::Open(*plain);
  if (!file) return Propagate(file);
  if (!picked && !Archive::Is(file->bytes())) return plain;
  return DbIn(file->bytes(), path, picked ? picked->inside : "");
}

}  // namespace etcdmedic::member
