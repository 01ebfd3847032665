// SPDX-License-Identifier: Apache-2.0
// Texts of the values that Kubernetes prints in a way of their own. docs/format/k8s.md, "Special messages".
#pragma once

#include <cstdint>
#include <string>

namespace etcdmedic::k8s {

// "2006-01-02T15:04:05Z", UTC. Years before 0 and beyond 9999 print as Go prints them.
void AppendTime(int64_t seconds, std::string& out);
// "2006-01-02T15:04:05.000006Z": always six decimals. `nanos` may be anything.
void AppendMicroTime(int64_t seconds, int32_t nanos, std::string& out);
// "1h0m0s", "1.5s", "100ms": as Go prints a duration.
std::string DurationText(int64_t nanoseconds);

// The seconds of Go's zero time, which prints null.
inline constexpr int64_t kZeroTimeSeconds = -62135596800;

}  // namespace etcdmedic::k8s
