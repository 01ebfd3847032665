// SPDX-License-Identifier: Apache-2.0
// Fields of documents that say what a member is: of its log, its backend, its elections.
#pragma once

#include "raft/elections.h"
#include "views/shared.h"

namespace etcdmedic::tool {

uint64_t SizeOf(const std::vector<member::File>& files);
// Of a bucket; 0 where there is none of that name.
uint64_t EntriesOf(const bolt::FileReport& report, std::string_view bucket);
uint64_t FreePagesOf(const bolt::FileReport& report);

// Ids, entries, term, newest .snap.
void WriteLogFields(render::Document& document, const member::MemberState& state);
// Of a state that has a backend. `keys`: how many keys exist, where that was counted.
void WriteBackendFields(render::Document& document, const member::MemberState& state,
                        std::optional<uint64_t> keys);
// "terms" and "membership_changes".
void WriteElectionFields(render::Document& document, const raft::Elections& elections);

}  // namespace etcdmedic::tool
