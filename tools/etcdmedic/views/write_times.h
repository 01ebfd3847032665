// SPDX-License-Identifier: Apache-2.0
// Times of revisions, for people and documents.
#pragma once

#include <string>

#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "objects/write_clock.h"

namespace etcdmedic::tool {

// "2026-11-24T05:04:02Z".
std::string TimeText(int64_t seconds);

// "between 2026-11-24T05:04:02Z and 2026-11-24T05:04:09Z", "after …", "at an unknown time".
std::string IntervalText(const objects::TimeInterval& when);

// A revision as it is typed. Errors: kUsage.
Result<int64_t> ParseRevision(const std::string& typed);

}  // namespace etcdmedic::tool
