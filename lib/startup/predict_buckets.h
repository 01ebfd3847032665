// SPDX-License-Identifier: Apache-2.0
// What etcd's own readers of the backend's buckets refuse at a start, by release. docs/format/startup.md.
#pragma once

#include <optional>
#include <string>

#include "startup/predict.h"

namespace etcdmedic::startup {

// Buckets cluster, members and members_removed, as 3.6 and newer read them.
std::optional<Prediction> RefuseMembers(const member::MemberState& state, EtcdVersion version);

// meta/consistent_index and meta/term.
std::optional<Prediction> RefuseIndex(const member::MemberState& state);

// meta/scheduledCompactRev and meta/finishedCompactRev: any release panics on short ones, 3.6 and newer on
// all that are not revisions.
std::optional<Prediction> RefuseCompaction(const member::MemberState& state, EtcdVersion version);

// Bucket lease.
std::optional<Prediction> RefuseLeases(const member::MemberState& state);

// Buckets authUsers and authRoles, which 3.5 and newer read at the start, and alarm.
std::optional<Prediction> RefuseAuthAndAlarms(const member::MemberState& state, EtcdVersion version);

// The panic of 3.6 and newer at the key of bucket `key` that `finding` (MVCC-REVISION-MALFORMED) is about;
// empty where its words are not known.
std::string RevisionError(const member::MemberState& state, const diag::Finding& finding);

// Whether what `finding` (MVCC-VALUE-MALFORMED) is about is a protobuf message of whatever fields: the parser
// of 3.7 takes a known field of another wire type for an unknown one.
bool IsAnyMessage(const member::MemberState& state, const diag::Finding& finding);

}  // namespace etcdmedic::startup
