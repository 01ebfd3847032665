// SPDX-License-Identifier: Apache-2.0
// The retained revisions of bucket `key` as the witness compares them with the log: 32 bytes each, in order.
// docs/format/mvcc.md, "Revision keys" and "KeyValue".
#pragma once

#include <span>
#include <vector>

#include "mvcc/key_value.h"
#include "mvcc/revision.h"

namespace etcdmedic::keyspace {

struct RevisionRow {
  int64_t main = 0;
  uint64_t place : 48 = 0;  // in the file, of the revision key; the value follows it
  uint64_t tombstone : 1 = 0;
  uint64_t malformed : 1 = 0;  // its value does not parse; the sums say nothing
  uint64_t foreign : 1 = 0;    // its key is empty, as only a restore that bumps revisions writes it
  uint32_t sub = 0;            // the greatest where it does not fit
  uint32_t sum = 0;            // SumOfPut, SumOfTombstone
  uint32_t history = 0;        // SumOfHistory
  uint32_t value_size = 0;     // of the stored value
};

class RevisionTable {
 public:
  // Rows come in `parts` parts, in the order of keys within each; several parts at once, each from one
  // thread.
  void Begin(size_t parts) { parts_.assign(parts, {}); }
  // `kv` is null where the value does not parse.
  void Add(size_t part, uint64_t place, const mvcc::RevisionKey& id, Bytes value, const mvcc::KeyValue* kv);

  // Joins the parts; then the rest can be asked.
  void Seal();

  using Rows = std::span<const RevisionRow>;
  Rows rows() const { return rows_; }
  // The rows of one main revision. Quick where revisions are asked for in ascending order.
  Rows At(int64_t main) const;

 private:
  std::vector<std::vector<RevisionRow>> parts_;
  std::vector<RevisionRow> rows_;
  mutable size_t hint_ = 0;
};

}  // namespace etcdmedic::keyspace
