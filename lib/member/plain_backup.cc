// SPDX-License-Identifier: Apache-2.0
#include "member/plain_backup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/file.h"
#include "base/tar.h"
#include "base/try.h"
#include "bolt/format.h"

namespace etcdmedic::member {
namespace {

constexpr size_t kMostNamed = 8;

bool HasMeta(Bytes file) { return bolt::ReadMetas(file).active.has_value(); }

// A damaged db is told by its name.
bool IsDb(const TarFile& file) {
  return HasMeta(file.content) || file.name == "db" || file.name.ends_with("/db") ||
         file.name.ends_with(".db");
}

Result<TarFile> DbIn(Bytes archive, const std::string& path) {
  std::vector<TarFile> found;
  std::vector<std::string> names;
  RETURN_IF_ERROR(ForEachInTar(archive, path, [&](const TarFile& file) {
    if (names.size() < kMostNamed) names.push_back(file.name);
    if (IsDb(file)) found.push_back(file);
    return true;
  }));
  if (found.empty())
    return Fail(Errc::kUnsupported, path,
                fmt::format("the archive holds no db, but {}", fmt::join(names, ", ")));
  if (found.size() == 1) return found.front();
  const auto in_member =
      std::ranges::find_if(found, [](const TarFile& file) { return file.name.ends_with("snap/db"); });
  if (in_member != found.end()) return *in_member;
  return Fail(Errc::kUnsupported, path,
              fmt::format("the archive holds several: {} and {}; unpack the one that is wanted",
                          found[0].name, found[1].name));
}

}  // namespace

Result<std::string> PlainBackup(const std::string& path) {
  auto plain = PlainPath(path);
  if (!plain) return plain;
  const auto file = MappedFile::Open(*plain);
  if (!file) return Propagate(file);
  if (!IsTar(file->bytes())) return plain;
  const auto db = DbIn(file->bytes(), path);
  if (!db) return Propagate(db);
  return SpoolBytes(db->content, path);
}

}  // namespace etcdmedic::member
