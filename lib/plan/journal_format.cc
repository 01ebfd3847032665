// SPDX-License-Identifier: Apache-2.0
#include "plan/journal_format.h"

#include <algorithm>
#include <filesystem>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "base/sha256.h"

namespace etcdmedic::plan {
namespace {

constexpr std::string_view kMagic = "etcdmedic undo 2\n";
constexpr std::string_view kOldMagic = "etcdmedic undo 1\n";
static_assert(kMagic.size() == kOldMagic.size());
constexpr size_t kHashSize = 32;
constexpr uint64_t kLargestFile = uint64_t{1} << 44;  // 16 TiB: more than any file system holds in one file
constexpr uint64_t kLargestRemoved = uint64_t{16} << 30;  // is held in memory to be written back

using Reader = protozero::pbf_reader;
using Writer = protozero::pbf_writer;

std::string Little64(uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i, value >>= 8) bytes.push_back(static_cast<char>(value & 0xFF));
  return bytes;
}

void EncodeExtents(Writer& writer, protozero::pbf_tag_type tag, const std::vector<Extent>& extents) {
  for (const Extent& extent : extents) {
    Writer nested(writer, tag);
    nested.add_uint64(1, extent.offset);
    nested.add_bytes(2, extent.bytes);
  }
}

std::string EncodeEdit(const JournalEdit& edit) {
  std::string out;
  Writer writer(out);
  writer.add_uint32(1, static_cast<uint32_t>(edit.kind));
  writer.add_string(2, edit.file);
  writer.add_string(3, edit.target);
  writer.add_uint64(4, edit.old_size);
  EncodeExtents(writer, 5, edit.old);
  writer.add_uint64(6, edit.new_size);
  writer.add_uint64(7, edit.offset);
  EncodeExtents(writer, 8, edit.written);
  writer.add_uint64(9, edit.length);
  writer.add_bytes(10, edit.sha256);
  return out;
}

std::string EncodeState(const FileState& state) {
  std::string out;
  Writer writer(out);
  writer.add_string(1, state.file);
  writer.add_uint64(2, state.size);
  writer.add_uint32(3, state.attributes.owner.mode);
  writer.add_int64(4, state.attributes.mtime_s);
  writer.add_int64(5, state.attributes.mtime_ns);
  writer.add_bytes(6, state.sha256);
  writer.add_uint32(7, state.attributes.owner.uid);
  writer.add_uint32(8, state.attributes.owner.gid);
  writer.add_bool(9, !state.exists);
  return out;
}

Extent DecodeExtent(Reader reader) {
  Extent extent;
  while (reader.next()) {
    if (reader.tag() == 1)
      extent.offset = reader.get_uint64();
    else if (reader.tag() == 2)
      extent.bytes = reader.get_bytes();
    else
      reader.skip();
  }
  return extent;
}

void DecodeEditField(Reader& reader, JournalEdit& edit) {
  switch (reader.tag()) {
    case 1:
      return void(edit.kind = static_cast<EditKind>(std::min(reader.get_uint32(), 255U)));
    case 2:
      return void(edit.file = reader.get_string());
    case 3:
      return void(edit.target = reader.get_string());
    case 4:
      return void(edit.old_size = reader.get_uint64());
    case 5:
      return edit.old.push_back(DecodeExtent(reader.get_message()));
    case 6:
      return void(edit.new_size = reader.get_uint64());
    case 7:
      return void(edit.offset = reader.get_uint64());
    case 8:
      return edit.written.push_back(DecodeExtent(reader.get_message()));
    case 9:
      return void(edit.length = reader.get_uint64());
    case 10:
      return void(edit.sha256 = reader.get_bytes());
    default:
      reader.skip();
  }
}

FileState DecodeState(Reader reader) {
  FileState state;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        state.file = reader.get_string();
        break;
      case 2:
        state.size = reader.get_uint64();
        break;
      case 3:
        state.attributes.owner.mode = reader.get_uint32();
        break;
      case 4:
        state.attributes.mtime_s = reader.get_int64();
        break;
      case 5:
        state.attributes.mtime_ns = reader.get_int64();
        break;
      case 6:
        state.sha256 = reader.get_bytes();
        break;
      case 7:
        state.attributes.owner.uid = reader.get_uint32();
        break;
      case 8:
        state.attributes.owner.gid = reader.get_uint32();
        break;
      case 9:
        state.exists = !reader.get_bool();
        break;
      default:
        reader.skip();
    }
  }
  return state;
}

// Whether undoing the edit stays within sizes that its repair can have met.
bool Plausible(const JournalEdit& edit) {
  const auto within = [](const Extent& extent, uint64_t end) {
    return extent.offset <= end && extent.bytes.size() <= end - extent.offset;
  };
  const uint64_t largest = edit.kind == EditKind::kRemove ? kLargestRemoved : kLargestFile;
  return edit.kind <= EditKind::kCreate && edit.old_size <= largest && edit.new_size <= kLargestFile &&
         edit.offset <= kLargestFile && edit.length <= edit.new_size &&
         std::ranges::all_of(edit.old, [&](const Extent& each) { return within(each, edit.old_size); }) &&
         std::ranges::all_of(edit.written, [&](const Extent& each) { return within(each, edit.new_size); });
}

Result<JournalEdit> DecodeEdit(Reader reader, const std::string& path) {
  JournalEdit edit;
  while (reader.next()) DecodeEditField(reader, edit);
  if (!Plausible(edit)) return Fail(Errc::kMalformed, path, "is an undo journal with impossible sizes");
  return edit;
}

Result<Journal> DecodePayload(Reader reader, const std::string& path) {
  Journal journal;
  while (reader.next()) {
    if (reader.tag() == 1)
      journal.root = reader.get_string();
    else if (reader.tag() == 5)
      journal.wal_dir = reader.get_string();
    else if (reader.tag() == 3)
      journal.before.push_back(DecodeState(reader.get_message()));
    else if (reader.tag() == 6)
      journal.log.push_back(DecodeState(reader.get_message()));
    else if (reader.tag() == 4)
      journal.after.push_back(DecodeState(reader.get_message()));
    else if (reader.tag() != 2)
      reader.skip();
    else if (auto edit = DecodeEdit(reader.get_message(), path); edit)
      journal.edits.push_back(std::move(*edit));
    else
      return tl::make_unexpected(edit.error());
  }
  return journal;
}
}  // namespace

std::vector<Extent> NonZero(Bytes bytes, uint64_t from, uint64_t to) {
  constexpr uint64_t kBlock = 4096;
  std::vector<Extent> extents;
  for (uint64_t at = from; at < to;) {
    const uint64_t next = std::min(to, (at / kBlock + 1) * kBlock);
    const Bytes block = bytes.subspan(at, next - at);
    if (!AllZero(block)) {
      const bool joins = !extents.empty() && extents.back().offset + extents.back().bytes.size() == at;
      if (!joins) extents.push_back({at, {}});
      extents.back().bytes += AsText(block);
    }
    at = next;
  }
  return extents;
}

std::string Expand(const std::vector<Extent>& extents, uint64_t from, uint64_t size) {
  std::string bytes(size, '\0');
  for (const Extent& extent : extents) {
    const uint64_t begin = std::max(from, extent.offset);
    const uint64_t end = std::min(from + size, extent.offset + extent.bytes.size());
    if (begin < end)
      bytes.replace(begin - from, end - begin, extent.bytes, begin - extent.offset, end - begin);
  }
  return bytes;
}

bool StaysWithin(const std::string& name, const std::string& wal_dir) {
  const std::filesystem::path path(name);
  if (name.empty() || std::ranges::find(path, "..") != path.end()) return false;
  return path.is_relative() || (!wal_dir.empty() && path.parent_path() == std::filesystem::path(wal_dir));
}

uint64_t ProgressOffset(size_t edit) { return kMagic.size() + 8 + edit; }

std::string EncodeJournal(const Journal& journal) {
  std::string payload;
  Writer writer(payload);
  writer.add_string(1, journal.root);
  writer.add_string(5, journal.wal_dir);
  for (const JournalEdit& edit : journal.edits) writer.add_message(2, EncodeEdit(edit));
  for (const FileState& state : journal.before) writer.add_message(3, EncodeState(state));
  for (const FileState& state : journal.after) writer.add_message(4, EncodeState(state));
  for (const FileState& state : journal.log) writer.add_message(6, EncodeState(state));
  std::string out(kMagic);
  out += Little64(journal.edits.size());
  for (const Progress progress : journal.progress) out.push_back(static_cast<char>(progress));
  return out + payload + Sha256(AsBytes(payload));
}

Result<Journal> DecodeJournal(const std::string& bytes, const std::string& path) try {
  const auto damaged = [&] {
    return Fail(Errc::kMalformed, path, "is not a complete undo journal; nothing was applied under it");
  };
  const bool old_form = bytes.starts_with(kOldMagic);
  if (!old_form && !bytes.starts_with(kMagic)) return damaged();
  if (bytes.size() < kMagic.size() + 8 + kHashSize) return damaged();
  const uint64_t count = *ByteReader(AsBytes(bytes), kMagic.size()).Little<uint64_t>();
  const uint64_t room = bytes.size() - kMagic.size() - 8 - kHashSize;
  if (count > room) return damaged();
  const std::string_view payload = std::string_view(bytes).substr(ProgressOffset(count), room - count);
  if (Sha256(AsBytes(payload)) != bytes.substr(bytes.size() - kHashSize)) return damaged();
  auto journal = DecodePayload(Reader(payload.data(), payload.size()), path);
  if (!journal) return journal;
  if (journal->edits.size() != count) return damaged();
  journal->old_form = old_form;
  for (size_t i = 0; i < count; ++i)
    journal->progress.push_back(static_cast<Progress>(bytes[ProgressOffset(i)]));
  return journal;
} catch (const protozero::exception&) {
  return Fail(Errc::kMalformed, path, "is not an undo journal");
}

}  // namespace etcdmedic::plan
