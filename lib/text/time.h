// SPDX-License-Identifier: Apache-2.0
// RFC 3339, as Go prints and reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace etcdmedic::text {

struct Instant {
  int64_t seconds = 0;  // since 1970
  int32_t nanos = 0;
};

// "2006-01-02T15:04:05Z", with any offset, and any number of decimals of which nine count. Nothing where it
// is not a time.
std::optional<Instant> ParseTime(std::string_view text);

// "2006-01-02T15:04:05Z", UTC. Years before 0 and beyond 9999 print as Go prints them.
void AppendTime(int64_t seconds, std::string& out);
// "2006-01-02T15:04:05.000006Z": always six decimals. `nanos` may be anything.
void AppendMicroTime(int64_t seconds, int32_t nanos, std::string& out);
// "2006-01-02T15:04:05.5Z": as many decimals as there are. `nanos` is 0 to 999,999,999.
void AppendNanoTime(int64_t seconds, int32_t nanos, std::string& out);

}  // namespace etcdmedic::text
