// SPDX-License-Identifier: Apache-2.0
#include "base/tar.h"

#include <fmt/format.h>

#include <optional>

namespace etcdmedic {
namespace {

constexpr uint64_t kBlock = 512;
constexpr uint64_t kLongestName = 1 << 16;
constexpr char kLongName = 'L', kPax = 'x', kPaxGlobal = 'g', kSparse = 'S';

struct Field {
  uint64_t offset, size;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kSum{148, 8}, kMagic{257, 6}, kPrefix{345, 155};
constexpr uint64_t kType = 156;

std::string_view TextOf(Bytes header, Field field) {
  const std::string_view raw = AsText(header.subspan(field.offset, field.size));
  return raw.substr(0, std::min(raw.find('\0'), raw.size()));
}

// Octal digits, or GNU's big-endian bytes after one with its first bit set.
std::optional<uint64_t> NumberOf(Bytes header, Field field) {
  const Bytes raw = header.subspan(field.offset, field.size);
  uint64_t number = 0;
  if (std::to_integer<uint8_t>(raw[0]) == 0x80) {
    for (const std::byte byte : raw.subspan(1)) {
      if (number >> 55 != 0) return std::nullopt;
      number = number << 8 | std::to_integer<uint64_t>(byte);
    }
    return number;
  }
  for (const char c : TextOf(header, field)) {
    if (c == ' ') continue;
    if (c < '0' || c > '7') return std::nullopt;
    number = number << 3 | static_cast<uint64_t>(c - '0');
  }
  return number;
}

// The header's sum of its own bytes, those of the sum counted as spaces.
bool SumIsRight(Bytes header) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < kBlock; ++i)
    sum += i - kSum.offset < kSum.size ? uint64_t{' '} : std::to_integer<uint64_t>(header[i]);
  return NumberOf(header, kSum) == sum;
}

// What a pax header says of the file after it: "LENGTH KEY=VALUE\n" again and again.
struct Pax {
  std::optional<std::string> path;
  std::optional<uint64_t> size;
  bool sparse = false;
};

bool ReadPax(std::string_view text, Pax& pax) {
  while (!text.empty()) {
    uint64_t length = 0;
    size_t at = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && at < 10; ++at)
      length = length * 10 + static_cast<uint64_t>(text[at] - '0');
    if (at == 0 || at >= text.size() || text[at] != ' ' || length <= at + 1 || length > text.size())
      return false;
    const std::string_view record = text.substr(at + 1, length - at - 2);
    const size_t equal = record.find('=');
    if (equal == std::string_view::npos) return false;
    const std::string_view key = record.substr(0, equal), value = record.substr(equal + 1);
    if (key == "path") pax.path = value;
    if (key.starts_with("GNU.sparse.")) pax.sparse = true;
    if (key == "size") {
      uint64_t size = 0;
      for (const char c : value) {
        if (c < '0' || c > '9' || size > UINT64_MAX / 20) return false;
        size = size * 10 + static_cast<uint64_t>(c - '0');
      }
      pax.size = size;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::string NameOf(Bytes header) {
  const std::string_view prefix = TextOf(header, kPrefix);
  const bool has_prefix =
      AsText(header.subspan(kMagic.offset, kMagic.size)) == std::string_view("ustar\0", 6);
  return (has_prefix && !prefix.empty() ? std::string(prefix) + "/" : std::string()) +
         std::string(TextOf(header, kName));
}

}  // namespace

bool IsTar(Bytes bytes) {
  return bytes.size() >= kBlock && bytes[0] != std::byte{0} && SumIsRight(bytes.first(kBlock));
}

Result<void> ForEachInTar(Bytes archive, const std::string& name,
                          const std::function<bool(const TarFile&)>& each) {
  std::optional<std::string> long_name;
  Pax pax;
  for (uint64_t at = 0; at < archive.size();) {
    if (archive.size() - at < kBlock) return Fail(Errc::kMalformed, name, "the tar archive is cut short", at);
    const Bytes header = archive.subspan(at, kBlock);
    if (header[0] == std::byte{0} && NumberOf(header, kSum) == 0U) return {};  // zeros end it
    const auto told = SumIsRight(header) ? NumberOf(header, kSize) : std::nullopt;
    if (!told) return Fail(Errc::kMalformed, name, "a header of the tar archive is damaged", at);
    const char type = AsText(header)[kType];
    const bool extension = type == kLongName || type == kPax || type == kPaxGlobal;
    const uint64_t size = extension ? *told : pax.size.value_or(*told);
    at += kBlock;
    if (size > archive.size() - at)
      return Fail(Errc::kMalformed, name, fmt::format("the tar archive ends inside {}", NameOf(header)), at);
    const Bytes content = archive.subspan(at, size);
    at += std::min((size + kBlock - 1) / kBlock * kBlock, archive.size() - at);
    if (extension) {
      const bool fits = size <= kLongestName;
      if (!fits || (type == kPax && !ReadPax(AsText(content), pax)))
        return Fail(Errc::kMalformed, name, "a header of the tar archive is damaged", at);
      if (type == kLongName) long_name = std::string(AsText(content).substr(0, AsText(content).find('\0')));
      continue;
    }
    TarFile file{pax.path.value_or(long_name.value_or(NameOf(header))), content};
    if (type == kSparse || pax.sparse)
      return Fail(Errc::kUnsupported, name,
                  fmt::format("{} was packed with `tar --sparse`; unpack it", file.name));
    pax = {};
    long_name.reset();
    if ((type == '0' || type == '\0' || type == '7') && !each(file)) return {};
  }
  return {};
}

}  // namespace etcdmedic
