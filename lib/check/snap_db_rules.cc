// SPDX-License-Identifier: Apache-2.0
#include "check/snap_db_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "startup/predict_snap_db.h"

namespace etcdmedic::check {

using diag::Code;

void CheckSnapDbs(const member::MemberState& state, diag::FindingSink& sink) {
  const uint64_t applied = state.backend ? state.backend->consistent_index.value_or(0) : 0;
  for (const member::SnapDb& each : state.snap_dbs) {
    const diag::Finding left{
        Code::kSnapDbLeft, {each.file, 0}, each.size, "etcd does not use it; it purges old ones by itself"};
    const bool wanted = each.index && applied < *each.index &&
                        std::ranges::any_of(state.snapshots, [&](const member::SnapFile& file) {
                          return file.content && file.content->index == *each.index;
                        });
    if (!wanted) {
      sink.Add(left);
    } else if (const std::string fault = startup::FaultOf(each, startup::GuessVersion(state));
               !fault.empty()) {
      sink.Add({Code::kSnapDbMismatch, {each.file, 0}, each.size, "bbolt does not open it: " + fault});
    } else if (each.consistent_index.value_or(0) < *each.index) {
      sink.Add({Code::kSnapDbMismatch,
                {each.file, 0},
                each.size,
                fmt::format("its consistent_index is {}, its name says {}: it is a copy of another db",
                            each.consistent_index.value_or(0), *each.index)});
    } else {
      sink.Add(
          {Code::kSnapDbLeft,
           {each.file, 0},
           each.size,
           fmt::format("etcd puts it in the place of db, which is older: consistent_index {} instead of {}",
                       *each.consistent_index, applied)});
    }
  }
}

}  // namespace etcdmedic::check
