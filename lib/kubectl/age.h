// SPDX-License-Identifier: Apache-2.0
// Ages as kubectl prints them. docs/kubernetes.md, "Ages".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace etcdmedic::kubectl {

// "45s", "3m20s", "8h", "4d23h", "2y40d": kubectl's rounding. "<invalid>" for what lies ahead by two seconds
// or more.
std::string HumanDuration(int64_t seconds);

// The age of what `time` says, seen at `now`; "<unknown>" where there is no time.
std::string AgeOf(std::string_view time, int64_t now);

// "Fri, 20 Nov 2026 10:00:00 +0000"; the year 1, as Go has it, where `time` is none.
std::string LongTime(std::string_view time);

}  // namespace etcdmedic::kubectl
