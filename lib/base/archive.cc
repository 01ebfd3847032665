// SPDX-License-Identifier: Apache-2.0
#include "base/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/progress.h"
#include "base/spool.h"
#include "base/try.h"

namespace etcdmedic {
namespace {

using Handle = std::unique_ptr<archive, decltype(&archive_read_free)>;

// Looks into memory, so that what is not wanted is skipped and never read.
Handle Begin(Bytes bytes, int& status) {
  Handle handle(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(handle.get());
  archive_read_support_format_zip(handle.get());
  status = archive_read_open_memory(handle.get(), bytes.data(), bytes.size());
  return handle;
}

tl::unexpected<Error> Damaged(const Handle& handle, const std::string& name) {
  const char* const said = archive_error_string(handle.get());
  return Fail(Errc::kMalformed, name,
              fmt::format("the archive is damaged or cut short: {}", said == nullptr ? "" : said));
}

// "./a//b" as "a/b"; empty for what leads out of the archive.
std::string PlainPathOf(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part == "..") return {};
    if (part.empty() || part == ".") continue;
    plain += (plain.empty() ? "" : "/") + std::string(part);
  }
  return plain;
}

const char* RawPathOf(archive_entry* entry) {
  const char* const path = archive_entry_pathname(entry);
  const char* const utf8 = path != nullptr ? path : archive_entry_pathname_utf8(entry);
  return utf8 != nullptr ? utf8 : "";
}

ArchiveEntry::Kind KindOf(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return ArchiveEntry::Kind::kLink;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return ArchiveEntry::Kind::kFile;
    case AE_IFDIR:
      return ArchiveEntry::Kind::kFolder;
    case AE_IFLNK:
      return ArchiveEntry::Kind::kLink;
    default:
      return ArchiveEntry::Kind::kOther;
  }
}

ArchiveEntry Describe(archive_entry* entry) {
  ArchiveEntry described;
  described.path = PlainPathOf(RawPathOf(entry));
  described.kind = KindOf(entry);
  described.size = static_cast<uint64_t>(std::max<int64_t>(0, archive_entry_size(entry)));
  described.mode = archive_entry_perm(entry);
  described.uid = static_cast<uint32_t>(archive_entry_uid(entry));
  described.gid = static_cast<uint32_t>(archive_entry_gid(entry));
  return described;
}

Result<std::string> HeadOf(const Handle& handle, const std::string& name) {
  std::string head(Archive::kHead, '\0');
  size_t have = 0;
  while (have < head.size()) {
    const auto count = archive_read_data(handle.get(), head.data() + have, head.size() - have);
    if (count < 0) return Damaged(handle, name);
    if (count == 0) break;
    have += static_cast<size_t>(count);
  }
  head.resize(have);
  return head;
}

// Errors: kMalformed, kLimit. False at the end.
Result<bool> Next(const Handle& handle, archive_entry*& entry, size_t number, const std::string& name) {
  const int status = archive_read_next_header(handle.get(), &entry);
  if (status == ARCHIVE_EOF) return false;
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return Damaged(handle, name);
  if (number == Archive::kMostEntries)
    return Fail(Errc::kLimit, name, fmt::format("the archive has more than {} entries", number));
  return true;
}

Result<void> Copy(const Handle& handle, uint64_t& left, Spool& to, const std::string& name) {
  for (;;) {
    const void* data = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(handle.get(), &data, &size, &offset);
    if (status == ARCHIVE_EOF) return to.Finish();
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return Damaged(handle, name);
    const uint64_t end = static_cast<uint64_t>(offset) + size;
    const uint64_t more = end - std::min(end, to.size());
    if (offset < 0 || more > left)
      return Fail(Errc::kLimit, name, "unpacks to more than etcd's files can need; unpack it by hand");
    left -= more;
    Progress::Add(size);
    RETURN_IF_ERROR(
        to.Write(static_cast<uint64_t>(offset), Bytes(static_cast<const std::byte*>(data), size)));
  }
}

}  // namespace

bool Archive::Is(Bytes bytes) {
  if (bytes.size() < 22) return false;
  const std::string_view head = AsText(bytes.first(4));
  if (head == "PK\x03\x04" || head == "PK\x05\x06") return true;
  if (bytes.size() < 512 || bytes[0] == std::byte{0}) return false;
  const Handle handle(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(handle.get());
  archive_entry* entry = nullptr;
  return archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) == ARCHIVE_OK &&
         archive_read_next_header(handle.get(), &entry) >= ARCHIVE_WARN;
}

Result<Archive> Archive::Open(Bytes bytes, const std::string& name) {
  Archive archive;
  archive.bytes_ = bytes;
  archive.name_ = name;
  int status = ARCHIVE_OK;
  const Handle handle = Begin(bytes, status);
  if (status != ARCHIVE_OK) return Damaged(handle, name);
  for (archive_entry* entry = nullptr;;) {
    const auto more = Next(handle, entry, archive.entries_.size(), name);
    if (!more) return Propagate(more);
    if (!*more) return archive;
    if (archive_entry_is_encrypted(entry) != 0)
      return Fail(Errc::kUnsupported, name, "the archive is encrypted; unpack it with its password");
    ArchiveEntry described = Describe(entry);
    if (described.path.size() > kLongestPath)
      return Fail(Errc::kLimit, name, "a name in the archive is too long");
    if (described.kind == ArchiveEntry::Kind::kFile) {
      auto head = HeadOf(handle, name);
      if (!head) return Propagate(head);
      described.head = std::move(*head);
    }
    archive.entries_.push_back(std::move(described));
  }
}

Result<std::vector<std::string>> Archive::Unpack(std::span<const size_t> wanted) const {
  std::vector<std::string> paths;
  uint64_t left = MostUnpacked(bytes_.size()), bytes = 0;
  for (const size_t number : wanted) bytes += entries_[number].size;
  Progress::Begin("unpacking", bytes);
  int status = ARCHIVE_OK;
  const Handle handle = Begin(bytes_, status);
  if (status != ARCHIVE_OK) return Damaged(handle, name_);
  archive_entry* entry = nullptr;
  for (size_t number = 0; paths.size() < wanted.size(); ++number) {
    const auto more = Next(handle, entry, number, name_);
    if (!more) return Propagate(more);
    if (!*more) return Fail(Errc::kMalformed, name_, "the archive has changed while it was read");
    if (number != wanted[paths.size()]) continue;
    auto spool = Spool::Open(name_);
    if (!spool) return Propagate(spool);
    RETURN_IF_ERROR(Copy(handle, left, *spool, name_));
    paths.push_back(spool->Keep());
  }
  return paths;
}

}  // namespace etcdmedic
