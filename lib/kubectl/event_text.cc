// SPDX-License-Identifier: Apache-2.0
#include "kubectl/event_text.h"

#include <fmt/format.h>

#include "kubectl/age.h"
#include "text/ascii.h"

namespace etcdmedic::kubectl {

text::Instant TimeOfEvent(text::ObjectView event) {
  static constexpr int64_t kYearOne = -62135596800;
  const text::ObjectView series = event["series"];
  std::string_view time = event["lastTimestamp"].TextOr("");
  if (series.is_map())
    time = series["lastObservedTime"].TextOr("");
  else if (time.empty())
    time = event["eventTime"].TextOr("");
  return text::ParseTime(time).value_or(text::Instant{kYearOne, 0});
}

std::string EventInterval(text::ObjectView event, int64_t now) {
  const std::string_view time = event["eventTime"].TextOr("");
  const std::string first = AgeOf(time.empty() ? event["firstTimestamp"].TextOr("") : time, now);
  if (const text::ObjectView series = event["series"]; series.is_map()) {
    return fmt::format("{} (x{} over {})", AgeOf(series["lastObservedTime"].TextOr(""), now),
                       series["count"].Integer(), first);
  }
  const int64_t count = event["count"].Integer();
  if (count <= 1) return first;
  return fmt::format("{} (x{} over {})", AgeOf(event["lastTimestamp"].TextOr(""), now), count, first);
}

std::string_view EventMessage(text::ObjectView event) { return text::Trim(event["message"].TextOr("")); }

}  // namespace etcdmedic::kubectl
