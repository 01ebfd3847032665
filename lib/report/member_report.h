// SPDX-License-Identifier: Apache-2.0
// What a report shows of one member beside what was checked: maps of its files, and what fills its key space.
// The front header of this room.
#pragma once

#include <optional>
#include <vector>

#include "member/member_state.h"
#include "report/key_space.h"
#include "report/page_map.h"
#include "report/segment_map.h"

namespace etcdmedic::report {

// Views last as long as the state that it was made of.
struct MemberReport {
  std::vector<SegmentMap> segments;
  std::optional<PageMap> pages;       // only of a backend with a valid meta page
  std::optional<KeySpace> key_space;  // nothing where the backend cannot be opened
};

// `findings`: what the checks of `state` found. Reads bucket `key` once more; finds nothing that they did
// not.
MemberReport Gather(const member::MemberState& state, const std::vector<diag::Finding>& findings,
                    const KeySpaceOptions& options = {});

}  // namespace etcdmedic::report
