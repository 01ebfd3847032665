// SPDX-License-Identifier: Apache-2.0
#include "bolt/reporter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.h"

namespace etcdmedic::bolt {
namespace {

constexpr size_t kLongestShown = 64;
constexpr size_t kRevisionSize = 17;   // main, '_', sub
constexpr size_t kTombstoneSize = 18;  // and 't'

bool IsRevision(Bytes key) {
  return (key.size() == kRevisionSize || key.size() == kTombstoneSize) && AsText(key)[8] == '_';
}

}  // namespace

diag::Code CodeOf(NodeFault fault) {
  using diag::Code;
  constexpr Code kCodes[] = {Code::kDbTreeDamaged,   Code::kDbPageOutOfRange, Code::kDbPageOutOfRange,
                             Code::kDbFileTruncated, Code::kDbPageZeroed,     Code::kDbPageId,
                             Code::kDbPageType,      Code::kDbPageOverflow,   Code::kDbPageCount};
  return kCodes[static_cast<size_t>(fault)];
}

std::string FormatKey(Bytes key) {
  if (IsRevision(key)) {
    ByteReader reader(key);
    const auto main = *reader.Big<uint64_t>();
    reader.Take(1);
    return fmt::format("revision {}.{}", main, *reader.Big<uint64_t>());
  }
  const std::string_view text = AsText(key.first(std::min(key.size(), kLongestShown)));
  const std::string_view more = key.size() > kLongestShown ? "…" : "";
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (plain) return fmt::format("'{}{}'", text, more);
  return fmt::format("0x{}{}", HexOf(AsBytes(text)), more);
}

std::string BucketText(const std::string& name) {
  if (name.size() > kLongestShown) return "bucket " + FormatKey(AsBytes(name));
  return name.empty() ? "the directory of buckets" : fmt::format("bucket '{}'", name);
}

std::string FormatRange(Bytes low, Bytes high) {
  if (low.empty() && high.empty()) return "all keys";
  if (low.empty()) return fmt::format("all keys before {}", FormatKey(high));
  if (high.empty()) return fmt::format("all keys from {} on", FormatKey(low));
  return fmt::format("keys from {} up to {}", FormatKey(low), FormatKey(high));
}

}  // namespace etcdmedic::bolt
