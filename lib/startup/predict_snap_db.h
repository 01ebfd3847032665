// SPDX-License-Identifier: Apache-2.0
// What etcd makes of an INDEX.snap.db that it needs. docs/format/startup.md, "The backend of a snapshot".
#pragma once

#include <optional>
#include <string>

#include "startup/predict.h"

namespace etcdmedic::startup {

// What bbolt of `version` ends with as it opens the file; empty where it opens.
std::string FaultOf(const member::SnapDb& snap_db, EtcdVersion version);

// How etcd ends when it needs the backend of the snapshot at `index`; nothing where it continues, with the
// .snap.db as its backend where `applied` has become its consistent_index. `applied`: the db's, 0 for none.
std::optional<Prediction> TakeSnapDb(const member::MemberState& state, EtcdVersion version, uint64_t index,
                                     uint64_t& applied);

}  // namespace etcdmedic::startup
