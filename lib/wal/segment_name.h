// SPDX-License-Identifier: Apache-2.0
// Names of WAL segments: docs/format/directory.md. (A .snap name has term and index, the other way round.)
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace etcdmedic::wal {

struct SegmentName {
  uint64_t sequence = 0;
  uint64_t index = 0;  // of the first entry that will be written into it
  friend auto operator<=>(const SegmentName&, const SegmentName&) = default;
};

// Reads "%016x-%016x.wal", also with ".zst" or ".gz" after it; nothing where it is not such a name. As etcd,
// it takes any name that ends in ".wal" and scans as two hexadecimal numbers.
std::optional<SegmentName> ParseSegmentName(std::string_view name);

std::string FormatSegmentName(SegmentName name);

}  // namespace etcdmedic::wal
