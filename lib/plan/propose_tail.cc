// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/path.h"
#include "plan/draft.h"
#include "plan/edit.h"
#include "startup/etcd_decoder.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

// Whether etcd's own repair would cut this segment at `offset`. Its other damages are healed before it gets
// there.
bool EtcdCutsAt(const Draft& draft, const raft::Segment& last, uint64_t offset) {
  startup::DecoderRules rules;
  rules.limit_by_file_size = draft.report.version >= startup::EtcdVersion{3, 5};
  std::string healed(AsText(last.bytes));
  for (const wal::Damage& damage : last.damages) {
    for (const wal::Healing& healing : damage.healings)
      healed.replace(healing.offset, healing.bytes.size(), healing.bytes);
  }
  startup::EtcdDecoder decoder({AsBytes(healed)}, rules);
  startup::Decoded next = decoder.Next();
  while (next.end == startup::DecodeEnd::kRecord) next = decoder.Next();
  return next.Repairable(rules) && next.offset == offset;
}

}  // namespace

// A torn or damaged end of the last segment: cut after the last sound record.
void PlanTailCut(Draft& draft) {
  if (draft.state.log.segments.empty()) return;
  const size_t at = draft.state.log.segments.size() - 1;
  const raft::Segment& last = draft.state.log.segments[at];
  for (const wal::Damage& damage : last.damages) {
    if (!damage.healings.empty() || damage.followed) continue;
    const bool zeros = damage.fault == wal::Fault::kZeroed;
    const bool as_etcd = EtcdCutsAt(draft, last, damage.offset);
    const auto lost = check::LostEntries(draft.state.log, at, damage);
    const bool applied = lost && draft.Applied() >= lost->first;
    const bool safe = as_etcd || applied;
    Step step{.safety = safe ? Safety::kSafe : Safety::kLossy, .heals = {check::CodeOf(damage)}};
    step.title = fmt::format("cut {} at {}, after its last sound record", BaseName(last.file), damage.offset);
    step.why = as_etcd ? "a write that never finished; etcd itself cuts there when it starts"
               : zeros ? "etcd stops at these zeros, as if the log ended there, and writes over what follows"
                       : "nothing proves what was there, and etcd refuses to start on it";
    if (applied || !lost) {
      step.loss = applied ? "nothing: the backend has applied what was there" : "nothing";
    } else {
      step.loss = fmt::format("what would have been entry {}{}", lost->first,
                              as_etcd ? "; it was not acknowledged to a client, unless the disk lied"
                                      : ", and whatever followed it");
      step.lost_first = lost->first;
    }
    step.edits.push_back(TruncateEdit(last.file, last.bytes, damage.offset));
    draft.Add(std::move(step));
  }
}

}  // namespace etcdmedic::plan
