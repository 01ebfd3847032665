// SPDX-License-Identifier: Apache-2.0
// Reads what k8s/special.h prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace etcdmedic::k8s {

struct Instant {
  int64_t seconds = 0;
  int32_t nanos = 0;
};

// RFC 3339, any offset, up to nine decimals.
std::optional<Instant> ParseInstant(std::string_view text);
// A Go duration: "1h30m", "-1.5s", "100ms". Nanoseconds.
std::optional<int64_t> ParseDuration(std::string_view text);

}  // namespace etcdmedic::k8s
