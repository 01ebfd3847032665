// SPDX-License-Identifier: Apache-2.0
// What the log of a member says of a backend: which entry made which revision, and what records must be.
#pragma once

#include "member/member_state.h"
#include "mvcc/store.h"
#include "witness/corrections.h"

namespace etcdmedic::plan {

// `store`: a backend of the member, which is taken to have applied the entries up to `applied`. Nothing where
// its pages are not sound.
std::optional<witness::Corrections> Testify(const member::MemberState& state, const mvcc::Store& store,
                                            uint64_t applied);

}  // namespace etcdmedic::plan
