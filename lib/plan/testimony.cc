// SPDX-License-Identifier: Apache-2.0
#include "plan/testimony.h"

#include "bolt/check.h"
#include "diag/naming_sink.h"
#include "keyspace/key_checker.h"

namespace etcdmedic::plan {

std::optional<witness::Corrections> Testify(const member::MemberState& state, const mvcc::Store& store,
                                            uint64_t applied) {
  diag::NoSink ignored;  // what matters is found again when the plan is tried
  keyspace::RevisionTable table;
  keyspace::KeyChecker pass(store, &table);
  if (!bolt::Check(store.db(), store.file(), {std::nullopt, 0, &pass}, ignored).sound) return std::nullopt;
  pass.Finish({}, ignored);
  table.Seal();
  witness::Corrections corrections;
  witness::CompareWithLog({state.log, state.steps, store, table, applied}, corrections);
  return corrections;
}

}  // namespace etcdmedic::plan
