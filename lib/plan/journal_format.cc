// SPDX-License-Identifier: Apache-2.0
#include "plan/journal_format.h"

#include <algorithm>
#include <filesystem>

#include "base/sha256.h"
#include "base/try.h"
#include "proto/wire.h"

namespace etcdmedic::plan {
namespace {

constexpr std::string_view kMagic = "etcdmedic undo 2\n";
constexpr std::string_view kOldMagic = "etcdmedic undo 1\n";
static_assert(kMagic.size() == kOldMagic.size());
constexpr size_t kHashSize = 32;
constexpr uint64_t kLargestFile = uint64_t{1} << 44;  // 16 TiB: more than any file system holds in one file
constexpr uint64_t kLargestRemoved = uint64_t{16} << 30;  // is held in memory to be written back

using proto::AppendDelimited;
using proto::AppendNumber;
using proto::WireField;

// The payload's messages: docs/design/repair-safety.md.
enum JournalField : uint32_t { kRoot = 1, kEdit = 2, kBefore = 3, kAfter = 4, kWalDir = 5, kLog = 6 };
enum EditField : uint32_t {
  kKind = 1,
  kFile = 2,
  kTarget = 3,
  kOldSize = 4,
  kOld = 5,
  kNewSize = 6,
  kOffset = 7,
  kWritten = 8,
  kLength = 9,
  kSha256 = 10,
  kNewMode = 11,
  kNewUid = 12,
  kNewGid = 13
};
enum StateField : uint32_t {
  kStateFile = 1,
  kSize = 2,
  kMode = 3,
  kSeconds = 4,
  kNanos = 5,
  kStateSha256 = 6,
  kUid = 7,
  kGid = 8,
  kAbsent = 9,
  kFolder = 10
};
enum ExtentField : uint32_t { kExtentOffset = 1, kExtentBytes = 2 };

std::string Little64(uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i, value >>= 8) bytes.push_back(static_cast<char>(value & 0xFF));
  return bytes;
}

// Without a copy of the bytes, which may be many.
void EncodeExtents(uint32_t number, const std::vector<Extent>& extents, std::string& out) {
  for (const Extent& extent : extents) {
    std::string head;
    AppendNumber(kExtentOffset, extent.offset, head);
    proto::AppendTag(kExtentBytes, proto::kDelimited, head);
    proto::AppendVarint(extent.bytes.size(), head);
    proto::AppendTag(number, proto::kDelimited, out);
    proto::AppendVarint(head.size() + extent.bytes.size(), out);
    (out += head) += extent.bytes;
  }
}

std::string EncodeEdit(const JournalEdit& edit) {
  std::string out;
  AppendNumber(kKind, static_cast<uint64_t>(edit.kind), out);
  AppendDelimited(kFile, edit.file, out);
  AppendDelimited(kTarget, edit.target, out);
  AppendNumber(kOldSize, edit.old_size, out);
  EncodeExtents(kOld, edit.old, out);
  AppendNumber(kNewSize, edit.new_size, out);
  AppendNumber(kOffset, edit.offset, out);
  EncodeExtents(kWritten, edit.written, out);
  AppendNumber(kLength, edit.length, out);
  AppendDelimited(kSha256, edit.sha256, out);
  if (edit.kind < EditKind::kMakeFolder) return out;
  AppendNumber(kNewMode, edit.owner.mode, out);
  AppendNumber(kNewUid, edit.owner.uid, out);
  AppendNumber(kNewGid, edit.owner.gid, out);
  return out;
}

std::string EncodeState(const FileState& state) {
  std::string out;
  AppendDelimited(kStateFile, state.file, out);
  AppendNumber(kSize, state.size, out);
  AppendNumber(kMode, state.attributes.owner.mode, out);
  AppendNumber(kSeconds, static_cast<uint64_t>(state.attributes.mtime_s), out);
  AppendNumber(kNanos, static_cast<uint64_t>(state.attributes.mtime_ns), out);
  AppendDelimited(kStateSha256, state.sha256, out);
  AppendNumber(kUid, state.attributes.owner.uid, out);
  AppendNumber(kGid, state.attributes.owner.gid, out);
  AppendNumber(kAbsent, state.exists ? 0 : 1, out);
  if (state.folder) AppendNumber(kFolder, 1, out);
  return out;
}

bool DecodeExtent(const WireField& message, Extent& extent) {
  return message.wire_type == proto::kDelimited &&
         proto::ForEachField(message.bytes, [&extent](const WireField& field) {
           switch (field.number) {
             case kExtentOffset:
               return field.Number(extent.offset);
             case kExtentBytes:
               return field.Payload(extent.bytes);
             default:
               return true;
           }
         });
}

bool DecodeKind(const WireField& field, EditKind& kind) {
  uint32_t number = 0;
  const bool fits = field.Number(number);
  kind = static_cast<EditKind>(std::min(number, 255U));
  return fits;
}

bool DecodeEditField(const WireField& field, JournalEdit& edit) {
  switch (field.number) {
    case kKind:
      return DecodeKind(field, edit.kind);
    case kFile:
      return field.Payload(edit.file);
    case kTarget:
      return field.Payload(edit.target);
    case kOldSize:
      return field.Number(edit.old_size);
    case kOld:
      return DecodeExtent(field, edit.old.emplace_back());
    case kNewSize:
      return field.Number(edit.new_size);
    case kOffset:
      return field.Number(edit.offset);
    case kWritten:
      return DecodeExtent(field, edit.written.emplace_back());
    case kLength:
      return field.Number(edit.length);
    case kSha256:
      return field.Payload(edit.sha256);
    case kNewMode:
      return field.Number(edit.owner.mode);
    case kNewUid:
      return field.Number(edit.owner.uid);
    case kNewGid:
      return field.Number(edit.owner.gid);
    default:
      return true;
  }
}

bool DecodeAbsent(const WireField& field, bool& exists) {
  bool absent = false;
  const bool fits = field.Number(absent);
  exists = !absent;
  return fits;
}

bool DecodeStateField(const WireField& field, FileState& state) {
  switch (field.number) {
    case kStateFile:
      return field.Payload(state.file);
    case kSize:
      return field.Number(state.size);
    case kMode:
      return field.Number(state.attributes.owner.mode);
    case kSeconds:
      return field.Number(state.attributes.mtime_s);
    case kNanos:
      return field.Number(state.attributes.mtime_ns);
    case kStateSha256:
      return field.Payload(state.sha256);
    case kUid:
      return field.Number(state.attributes.owner.uid);
    case kGid:
      return field.Number(state.attributes.owner.gid);
    case kAbsent:
      return DecodeAbsent(field, state.exists);
    case kFolder:
      return field.Number(state.folder);
    default:
      return true;
  }
}

bool DecodeState(const WireField& message, FileState& state) {
  return message.wire_type == proto::kDelimited &&
         proto::ForEachField(message.bytes,
                             [&state](const WireField& field) { return DecodeStateField(field, state); });
}

bool DecodeEdit(const WireField& message, JournalEdit& edit) {
  return message.wire_type == proto::kDelimited &&
         proto::ForEachField(message.bytes,
                             [&edit](const WireField& field) { return DecodeEditField(field, edit); });
}

// Whether undoing the edit stays within sizes that its repair can have met.
bool Plausible(const JournalEdit& edit) {
  const auto within = [](const Extent& extent, uint64_t end) {
    return extent.offset <= end && extent.bytes.size() <= end - extent.offset;
  };
  const uint64_t largest = edit.kind == EditKind::kRemove ? kLargestRemoved : kLargestFile;
  return edit.kind <= EditKind::kSetOwner && edit.old_size <= largest && edit.new_size <= kLargestFile &&
         edit.offset <= kLargestFile && edit.length <= edit.new_size &&
         std::ranges::all_of(edit.old, [&](const Extent& each) { return within(each, edit.old_size); }) &&
         std::ranges::all_of(edit.written, [&](const Extent& each) { return within(each, edit.new_size); });
}

bool DecodePayload(Bytes payload, Journal& journal) {
  return proto::ForEachField(payload, [&journal](const WireField& field) {
    switch (field.number) {
      case kRoot:
        return field.Payload(journal.root);
      case kEdit:
        return DecodeEdit(field, journal.edits.emplace_back());
      case kBefore:
        return DecodeState(field, journal.before.emplace_back());
      case kAfter:
        return DecodeState(field, journal.after.emplace_back());
      case kWalDir:
        return field.Payload(journal.wal_dir);
      case kLog:
        return DecodeState(field, journal.log.emplace_back());
      default:
        return true;
    }
  });
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
  AppendDelimited(kRoot, journal.root, payload);
  AppendDelimited(kWalDir, journal.wal_dir, payload);
  for (const JournalEdit& edit : journal.edits) AppendDelimited(kEdit, EncodeEdit(edit), payload);
  for (const FileState& state : journal.before) AppendDelimited(kBefore, EncodeState(state), payload);
  for (const FileState& state : journal.after) AppendDelimited(kAfter, EncodeState(state), payload);
  for (const FileState& state : journal.log) AppendDelimited(kLog, EncodeState(state), payload);
  std::string out(kMagic);
  out += Little64(journal.edits.size());
  for (const Progress progress : journal.progress) out.push_back(static_cast<char>(progress));
  return out + payload + Sha256(AsBytes(payload));
}

Result<Journal> DecodeJournal(const std::string& bytes, const std::string& path) {
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
  Journal journal;
  if (!DecodePayload(AsBytes(payload), journal))
    return Fail(Errc::kMalformed, path, "is not an undo journal");
  if (!std::ranges::all_of(journal.edits, Plausible))
    return Fail(Errc::kMalformed, path, "is an undo journal with impossible sizes");
  if (journal.edits.size() != count) return damaged();
  journal.old_form = old_form;
  for (size_t i = 0; i < count; ++i)
    journal.progress.push_back(static_cast<Progress>(bytes[ProgressOffset(i)]));
  return journal;
}

}  // namespace etcdmedic::plan
