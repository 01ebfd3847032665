// SPDX-License-Identifier: Apache-2.0
// The backend as part of a member: read and checked page by page, and what bbolt does as it opens it.
// docs/format/bolt.md, docs/format/startup.md.
#pragma once

#include "check/boot.h"

namespace etcdmedic::check {

// Reads and checks the db of `state.layout`. Reports DB-* into `sink`. Where a running member commits while
// its db is read, it is read again; where that does not help, what was found in the tree is left out and
// DB-GROUND-MOVED says so. A db that cannot be opened goes to `state.unopened`.
void LoadBackend(MemberState& state, const LoadOptions& options, diag::FindingSink& sink);

// How etcd ends as it opens the backend; nothing where it opens it.
std::optional<Prediction> FailToOpen(const MemberState& state, EtcdVersion version);
// The same of the first `size` bytes of the file: `snapshot restore` cuts the SHA-256 off before it opens it.
std::optional<Prediction> FailToOpen(const MemberState& state, EtcdVersion version, uint64_t size);

// Reports DB-INDEX-BEHIND where the backend holds more revisions than the entries that it says to have
// applied can have made.
void CheckIndex(const MemberState& state, diag::FindingSink& sink);

// Whether the backend opens and yet its pages would give wrong answers, or be overwritten; in words for
// people.
std::optional<std::string> WrongAnswers(const MemberState& state, EtcdVersion version);

}  // namespace etcdmedic::check
