// SPDX-License-Identifier: Apache-2.0
#include "plan/journal_format.h"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "base/sha256.h"

namespace etcdmedic::plan {
namespace {

constexpr std::string_view kMagic = "etcdmedic undo 1\n";
constexpr size_t kHashSize = 32;

std::string Little64(uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i, value >>= 8) bytes.push_back(static_cast<char>(value & 0xFF));
  return bytes;
}

std::string EncodeEdit(const JournalEdit& edit) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_uint32(1, static_cast<uint32_t>(edit.kind));
  writer.add_string(2, edit.file);
  writer.add_string(3, edit.target);
  writer.add_uint64(4, edit.old_size);
  for (const Extent& extent : edit.old) {
    protozero::pbf_writer nested(writer, 5);
    nested.add_uint64(1, extent.offset);
    nested.add_bytes(2, extent.bytes);
  }
  return out;
}

std::string EncodeOriginal(const Original& original) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_string(1, original.file);
  writer.add_uint64(2, original.size);
  writer.add_uint32(3, original.mode);
  writer.add_int64(4, original.mtime_s);
  writer.add_int64(5, original.mtime_ns);
  writer.add_bytes(6, original.sha256);
  return out;
}

JournalEdit DecodeEdit(protozero::pbf_reader reader) {
  JournalEdit edit;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        edit.kind = static_cast<EditKind>(reader.get_uint32());
        break;
      case 2:
        edit.file = reader.get_string();
        break;
      case 3:
        edit.target = reader.get_string();
        break;
      case 4:
        edit.old_size = reader.get_uint64();
        break;
      case 5: {
        Extent extent;
        protozero::pbf_reader nested = reader.get_message();
        while (nested.next()) {
          if (nested.tag() == 1)
            extent.offset = nested.get_uint64();
          else if (nested.tag() == 2)
            extent.bytes = nested.get_bytes();
          else
            nested.skip();
        }
        edit.old.push_back(std::move(extent));
        break;
      }
      default:
        reader.skip();
    }
  }
  return edit;
}

Original DecodeOriginal(protozero::pbf_reader reader) {
  Original original;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        original.file = reader.get_string();
        break;
      case 2:
        original.size = reader.get_uint64();
        break;
      case 3:
        original.mode = reader.get_uint32();
        break;
      case 4:
        original.mtime_s = reader.get_int64();
        break;
      case 5:
        original.mtime_ns = reader.get_int64();
        break;
      case 6:
        original.sha256 = reader.get_bytes();
        break;
      default:
        reader.skip();
    }
  }
  return original;
}

}  // namespace

uint64_t ProgressOffset(size_t edit) { return kMagic.size() + 8 + edit; }

std::string EncodeJournal(const Journal& journal) {
  std::string payload;
  protozero::pbf_writer writer(payload);
  writer.add_string(1, journal.root);
  for (const JournalEdit& edit : journal.edits) writer.add_message(2, EncodeEdit(edit));
  for (const Original& original : journal.originals) writer.add_message(3, EncodeOriginal(original));
  std::string out(kMagic);
  out += Little64(journal.edits.size());
  for (const Progress progress : journal.progress) out.push_back(static_cast<char>(progress));
  return out + payload + Sha256(AsBytes(payload));
}

Result<Journal> DecodeJournal(const std::string& bytes, const std::string& path) try {
  const auto damaged = [&] {
    return Fail(Errc::kMalformed, path, "is no whole undo journal; nothing was applied under it");
  };
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 8 + kHashSize) return damaged();
  const uint64_t count = *ByteReader(AsBytes(bytes), kMagic.size()).Little<uint64_t>();
  const uint64_t room = bytes.size() - kMagic.size() - 8 - kHashSize;
  if (count > room) return damaged();
  const std::string_view payload = std::string_view(bytes).substr(ProgressOffset(count), room - count);
  if (Sha256(AsBytes(payload)) != bytes.substr(bytes.size() - kHashSize)) return damaged();
  Journal journal;
  protozero::pbf_reader reader(payload.data(), payload.size());
  while (reader.next()) {
    if (reader.tag() == 1)
      journal.root = reader.get_string();
    else if (reader.tag() == 2)
      journal.edits.push_back(DecodeEdit(reader.get_message()));
    else if (reader.tag() == 3)
      journal.originals.push_back(DecodeOriginal(reader.get_message()));
    else
      reader.skip();
  }
  if (journal.edits.size() != count) return damaged();
  for (size_t i = 0; i < count; ++i)
    journal.progress.push_back(static_cast<Progress>(bytes[ProgressOffset(i)]));
  return journal;
} catch (const protozero::exception&) {
  return Fail(Errc::kMalformed, path, "is no undo journal");
}

}  // namespace etcdmedic::plan
