// SPDX-License-Identifier: Apache-2.0
#include "witness/anchors.h"

#include <algorithm>

namespace etcdmedic::witness {

void Anchors::Build() {
  built_ = true;
  for (const raft::Run& run : runs_) {
    const SegmentSteps& of = steps_.of(run.segment);
    const auto [begin, end] = steps_.Of(run);
    for (size_t i = begin; i < end; ++i) {
      for (uint32_t at = of.steps[i].op; at < of.steps[i].op_end; ++at) {
        if (of.ops[at].kind == OpKind::kPut) written_.push_back(of.ops[at].sum);
      }
    }
  }
  const auto rows = table_.rows();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].tombstone && !rows[i].malformed) held_.emplace_back(rows[i].sum, static_cast<uint32_t>(i));
  }
  std::ranges::sort(written_);
  std::ranges::sort(held_);
}

std::optional<int64_t> Anchors::RevisionOf(const LogOp& op) {
  if (op.kind != OpKind::kPut || op.ignore_value || op.ignore_lease) return std::nullopt;
  if (!built_) Build();
  if (std::ranges::equal_range(written_, op.sum).size() != 1) return std::nullopt;
  const auto held = std::ranges::equal_range(held_, op.sum, {}, &std::pair<uint32_t, uint32_t>::first);
  if (held.size() != 1) return std::nullopt;
  const keyspace::RevisionRow& row = table_.rows()[held.front().second];
  const auto kv = match_.Read(row);
  if (!kv || kv->key != AsText(op.key) || kv->value != AsText(op.value)) return std::nullopt;
  return row.main;
}

bool Anchors::Holds(uint32_t sum) {
  if (!built_) Build();
  return !std::ranges::equal_range(held_, sum, {}, &std::pair<uint32_t, uint32_t>::first).empty();
}

}  // namespace etcdmedic::witness
