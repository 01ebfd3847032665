// SPDX-License-Identifier: Apache-2.0
// Times of revisions, for people and documents.
#pragma once

#include <string>

#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "objects/time_table.h"

namespace etcdmedic::tool {

// "2026-11-24T05:04:02Z".
std::string TimeText(int64_t seconds);

// "between 2026-11-24T05:04:02Z and 2026-11-24T05:04:09Z", "after …", "at an unknown time".
std::string IntervalText(const objects::TimeSpan& when);

// The same for a column: "2026-11-24T05:04:02Z +7s", which is seven seconds long; "after …", "before …", "-".
std::string IntervalCell(const objects::TimeSpan& when);

// "earliest_time" and "latest_time", as far as they are known.
void WriteTimes(render::Document& document, const objects::TimeSpan& when);

// A revision as it is typed. Errors: kUsage.
Result<int64_t> ParseRevision(const std::string& typed);

}  // namespace etcdmedic::tool
