// SPDX-License-Identifier: Apache-2.0
#include "k8s/schema.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace etcdmedic::k8s {

std::span<const Kind> Kinds() { return {tables::kKinds, tables::kKindCount}; }

const Kind* FindKind(std::string_view api_version, std::string_view kind) {
  const auto all = Kinds();
  const auto key = [](const Kind& row) { return std::tuple(ApiVersionOf(row), NameOf(row)); };
  const auto found = std::ranges::lower_bound(all, std::tuple(api_version, kind), {}, key);
  return found != all.end() && key(*found) == std::tuple(api_version, kind) ? &*found : nullptr;
}

std::optional<uint8_t> ParseRelease(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!text.starts_with("1.") && !text.starts_with("0.")) return std::nullopt;
  unsigned minor = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 2, end, minor);
  if (error != std::errc() || (stop != end && *stop != '.')) return std::nullopt;
  return static_cast<uint8_t>(std::min<unsigned>(minor, tables::kNewestRelease));
}

Shape ShapeIn(const Field& field, uint8_t release) {
  Shape shape{JsonName(field), field.flags, field.message};
  for (const OlderShape& older : std::span(tables::kOlder + field.older, field.older_count)) {
    if (release > older.until) break;
    shape = {{tables::kNames + older.json_at, older.json_size}, older.flags, older.message};
  }
  return shape;
}

bool PrintsAbsent(const Field& field, uint8_t release) {
  const Shape shape = ShapeIn(field, release);
  if (release < field.since || release > field.until || (shape.flags & kHidden) != 0) return false;
  const bool is_struct = field.type == Type::kMessage && field.label == Label::kSingle &&
                         (shape.flags & kPointer) == 0 &&
                         MessageAt(shape.message).well_known != WellKnownType::kWrap;
  return is_struct ? (shape.flags & kOmitZero) == 0 : (shape.flags & kOmitEmpty) == 0;
}

}  // namespace etcdmedic::k8s
