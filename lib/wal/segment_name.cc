// SPDX-License-Identifier: Apache-2.0
#include "wal/segment_name.h"

#include <fmt/format.h>

#include "base/hex.h"

namespace etcdmedic::wal {
namespace {

std::string_view WithoutSuffix(std::string_view name, std::string_view suffix) {
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

}  // namespace

std::optional<SegmentName> ParseSegmentName(std::string_view name) {
  for (const std::string_view packing : {".zst", ".gz", ".xz"}) name = WithoutSuffix(name, packing);
  if (!name.ends_with(".wal")) return std::nullopt;
  name.remove_suffix(4);
  const size_t dash = name.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto sequence = ParseHex(name.substr(0, dash));
  const auto index = ParseHex(name.substr(dash + 1));
  if (!sequence || !index) return std::nullopt;
  return SegmentName{*sequence, *index};
}

std::string FormatSegmentName(SegmentName name) {
  return fmt::format("{:016x}-{:016x}.wal", name.sequence, name.index);
}

}  // namespace etcdmedic::wal
