// SPDX-License-Identifier: Apache-2.0
// What bbolt and etcd make of the backend as they open it. docs/format/bolt.md, docs/format/startup.md.
#pragma once

#include "startup/predict.h"

namespace etcdmedic::startup {

// How etcd ends as it opens `file`, which bolt::Check made `db` of; nothing where it opens it.
std::optional<Prediction> FailToOpen(const bolt::FileReport& db, Bytes file, EtcdVersion version);

// Reports DB-INDEX-BEHIND where the backend holds more revisions than the entries that it says to have
// applied can have made.
void CheckIndex(const member::MemberState& state, diag::FindingSink& sink);

// Whether the backend opens and yet its pages would give wrong answers, or be overwritten; in words for
// people.
std::optional<std::string> WrongAnswers(const member::MemberState& state, EtcdVersion version);

}  // namespace etcdmedic::startup
