// SPDX-License-Identifier: Apache-2.0
#include "views/write_times.h"

#include <charconv>

#include "kubectl/age.h"
#include "text/time.h"

namespace etcdmedic::tool {

std::string TimeText(int64_t seconds) {
  std::string text;
  text::AppendTime(seconds, text);
  return text;
}

std::string IntervalText(const objects::TimeSpan& when) {
  if (when.earliest && when.latest)
    return fmt::format("between {} and {}", TimeText(*when.earliest), TimeText(*when.latest));
  if (when.earliest) return fmt::format("after {}", TimeText(*when.earliest));
  if (when.latest) return fmt::format("before {}", TimeText(*when.latest));
  return "at an unknown time: no object around it tells one";
}

std::string IntervalCell(const objects::TimeSpan& when) {
  if (when.earliest && when.latest) {
    const int64_t length = std::max<int64_t>(*when.latest - *when.earliest, 0);
    return fmt::format("{} +{}", TimeText(*when.earliest), kubectl::HumanDuration(length));
  }
  if (when.earliest) return fmt::format("after {}", TimeText(*when.earliest));
  return when.latest ? fmt::format("before {}", TimeText(*when.latest)) : "-";
}

void WriteTimes(render::Document& document, const objects::TimeSpan& when) {
  if (when.earliest) document.Field("earliest_time", TimeText(*when.earliest));
  if (when.latest) document.Field("latest_time", TimeText(*when.latest));
}

Result<int64_t> ParseRevision(const std::string& typed) {
  int64_t revision = 0;
  const char* const end = typed.data() + typed.size();
  const auto [rest, error] = std::from_chars(typed.data(), end, revision);
  if (error != std::errc() || rest != end)
    return Fail(Errc::kUsage, "", fmt::format("a revision is a number, not {}", typed));
  return revision;
}

}  // namespace etcdmedic::tool
