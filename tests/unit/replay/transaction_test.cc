// SPDX-License-Identifier: Apache-2.0
#include "replay/transaction.h"

#include <gtest/gtest.h>

namespace etcdmedic::replay {
namespace {

KeySpace WithA() {
  KeySpace keys;
  keys.Begin();
  keys.Put("a", "1", 0);
  keys.End();  // revision 2
  return keys;
}

Op PutOf(std::string_view key, std::string_view value) {
  Op op{.kind = Op::Kind::kPut, .range = {}, .put = {}, .remove = {}};
  op.put.key = key;
  op.put.value = value;
  return op;
}

Op DeleteOf(std::string_view key) {
  Op op{.kind = Op::Kind::kDelete, .range = {}, .put = {}, .remove = {}};
  op.remove.key = key;
  return op;
}

Op RangeAt(int64_t revision) {
  Op op{.kind = Op::Kind::kRange, .range = {}, .put = {}, .remove = {}};
  op.range.revision = revision;
  return op;
}

Op Nested(Txn txn) {
  Op op{.kind = Op::Kind::kTxn, .range = {}, .put = {}, .remove = {}};
  op.txn = std::make_unique<Txn>(std::move(txn));
  return op;
}

Compare CompareOf(std::string_view key, CompareTarget target, CompareResult result, int64_t number,
                  std::string_view value = "") {
  Compare compare;
  compare.key = key;
  compare.target = target;
  compare.result = result;
  compare.number = number;
  compare.value = value;
  return compare;
}

bool Holds(const Compare& compare, KeySpace keys) {
  Txn txn;
  txn.compares.push_back(compare);
  txn.success.push_back(PutOf("taken", ""));
  keys.Begin();
  EXPECT_TRUE(ApplyTxn(txn, true, keys));
  return keys.Find("taken") != nullptr;
}

TEST(Transaction, ComparesAsEtcdDoes) {
  using enum CompareResult;
  using enum CompareTarget;
  const KeySpace keys = WithA();
  EXPECT_TRUE(Holds(CompareOf("a", kVersion, kEqual, 1), keys));
  EXPECT_TRUE(Holds(CompareOf("a", kCreate, kLess, 3), keys));
  EXPECT_TRUE(Holds(CompareOf("a", kMod, kGreater, 1), keys));
  EXPECT_FALSE(Holds(CompareOf("a", kMod, kGreater, 2), keys));
  EXPECT_TRUE(Holds(CompareOf("a", kLease, kEqual, 0), keys));
  EXPECT_TRUE(Holds(CompareOf("a", kValue, kEqual, 0, "1"), keys));
  EXPECT_TRUE(Holds(CompareOf("a", kValue, kNotEqual, 0, "2"), keys));
  // A key that does not exist has zeros, and no value to compare.
  EXPECT_TRUE(Holds(CompareOf("b", kVersion, kEqual, 0), keys));
  EXPECT_TRUE(Holds(CompareOf("b", kMod, kLess, 1), keys));
  EXPECT_FALSE(Holds(CompareOf("b", kValue, kEqual, 0, ""), keys));
  EXPECT_FALSE(Holds(CompareOf("b", kValue, kNotEqual, 0, "x"), keys));
}

TEST(Transaction, NestedComparesSeeTheStateBeforeTheWhole) {
  KeySpace keys = WithA();
  Txn inner;
  inner.compares.push_back(CompareOf("b", CompareTarget::kVersion, CompareResult::kEqual, 0));
  inner.success.push_back(PutOf("inner", "yes"));
  inner.failure.push_back(PutOf("inner", "no"));
  Txn txn;
  txn.success.push_back(PutOf("b", "now it exists"));
  txn.success.push_back(Nested(std::move(inner)));
  keys.Begin();
  ASSERT_TRUE(ApplyTxn(txn, true, keys));
  EXPECT_EQ(keys.End(), 3);
  EXPECT_EQ(keys.Find("inner")->value, "yes");
  EXPECT_EQ(keys.records().back().revision, (mvcc::Revision{3, 1}));
}

TEST(Transaction, FailsAsAWhole) {
  KeySpace keys = WithA();
  Txn txn;
  txn.success.push_back(PutOf("b", "v"));
  txn.success.push_back(PutOf("c", "v"));
  txn.success.back().put.lease = 9;
  keys.Begin();
  EXPECT_FALSE(ApplyTxn(txn, true, keys)) << "the lease does not exist";
  EXPECT_EQ(keys.End(), 0);
  EXPECT_EQ(keys.Find("b"), nullptr);
}

TEST(Transaction, ChecksKeysThatMustExistBeforeAnythingIsDone) {
  KeySpace keys = WithA();
  Txn txn;
  txn.success.push_back(PutOf("b", "v"));
  txn.success.push_back(PutOf("b", ""));
  txn.success.back().put.ignore_value = true;
  keys.Begin();
  EXPECT_FALSE(ApplyTxn(txn, true, keys)) << "b did not exist before";
  txn.success[1].put.key = "a";
  ASSERT_TRUE(ApplyTxn(txn, true, keys));
  EXPECT_EQ(keys.Find("a")->value, "1");
  EXPECT_EQ(keys.Find("a")->version, 2);
}

TEST(Transaction, RangesOfTheOutermostAreCheckedByEtcd37Alone) {
  KeySpace keys = WithA();
  Txn txn;
  txn.success.push_back(RangeAt(99));
  txn.success.push_back(PutOf("b", "v"));
  keys.Begin();
  EXPECT_FALSE(ApplyTxn(txn, true, keys));
  EXPECT_TRUE(ApplyTxn(txn, false, keys));
  Txn inner;
  inner.success.push_back(RangeAt(99));
  Txn outer;
  outer.success.push_back(Nested(std::move(inner)));
  EXPECT_FALSE(ApplyTxn(outer, false, keys)) << "a nested range is checked by all";
}

TEST(Transaction, OfTheOtherBranchNothingIsDoneOrChecked) {
  KeySpace keys = WithA();
  Txn txn;
  txn.success.push_back(DeleteOf("a"));
  txn.failure.push_back(PutOf("c", "v"));
  txn.failure.back().put.lease = 9;
  keys.Begin();
  ASSERT_TRUE(ApplyTxn(txn, true, keys));
  keys.End();
  EXPECT_EQ(keys.Find("a"), nullptr);
}

TEST(Transaction, CostsWhatItsDearerBranchPuts) {
  Txn txn;
  txn.success.push_back(DeleteOf("a"));
  EXPECT_EQ(CostOf(txn), 0U);
  Txn inner;
  inner.success.push_back(PutOf("key", "value"));
  txn.failure.push_back(Nested(std::move(inner)));
  EXPECT_EQ(CostOf(txn), 256U + 3 + 5);
}

TEST(Put, NeedsTheLeaseAndTheKeyThatItNames) {
  KeySpace keys = WithA();
  keys.Begin();
  EXPECT_FALSE(ApplyPut({.key = "b", .value = "v", .lease = 5}, keys));
  EXPECT_FALSE(ApplyPut({.key = "b", .value = {}, .ignore_lease = true}, keys));
  keys.leases().Grant(5, 60);
  EXPECT_TRUE(ApplyPut({.key = "b", .value = "v", .lease = 5}, keys));
  EXPECT_TRUE(ApplyPut({.key = "b", .value = "w", .ignore_lease = true}, keys));
  EXPECT_EQ(keys.Find("b")->lease, 5);
  EXPECT_EQ(keys.Find("b")->value, "w");
}

}  // namespace
}  // namespace etcdmedic::replay
