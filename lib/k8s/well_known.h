// SPDX-License-Identifier: Apache-2.0
// Texts of the values that Kubernetes prints in a way of their own, but for times (text/time.h).
// docs/format/k8s.md, "Special messages".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace etcdmedic::k8s {

// "1h0m0s", "1.5s", "100ms": as Go prints a duration.
std::string DurationText(int64_t nanoseconds);
// Its nanoseconds: "1h30m", "-1.5s", "100ms". Nothing where it is not a duration.
std::optional<int64_t> ParseDuration(std::string_view text);
// A quantity as the Go types print it. What is stored is canonical but for one case: a number that was
// computed in binary units and divides by none of them has no suffix, and is read back as a decimal
// one: "128974848000" prints as "128974848k". Absent is "0".
std::string QuantityText(std::string_view stored);

// The seconds of Go's zero time, which prints null.
inline constexpr int64_t kZeroTimeSeconds = -62135596800;

}  // namespace etcdmedic::k8s
