// SPDX-License-Identifier: Apache-2.0
#include "report/member_report.h"

#include "diag/naming_sink.h"

namespace etcdmedic::report {

MemberReport Gather(const member::MemberState& state, const std::vector<diag::Finding>& findings,
                    const KeySpaceOptions& options) {
  MemberReport report;
  report.segments = MapSegments(state.log);
  if (!state.db_map || !state.db) return report;
  const Bytes db = state.db_map->bytes();
  const std::string& file = state.layout.db.front().name;
  report.pages = MapPages(db, file, *state.db, findings);
  diag::NoSink reported;  // by the checks
  const auto store = mvcc::Store::Open(db, file, reported);
  if (!store) return report;
  if (auto measured = MeasureKeySpace(*store, options, reported)) report.key_space = std::move(*measured);
  return report;
}

}  // namespace etcdmedic::report
