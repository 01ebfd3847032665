// SPDX-License-Identifier: Apache-2.0
#include "replay/request_tree.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::replay {
namespace {

using test::Delimited;
using test::Number;

const std::string kPut = Delimited(1, "k") + Delimited(2, "v") + Number(3, 9) + Number(4, 1) + Number(5, 1);
const std::string kTxn = Delimited(1, Number(1, 1) + Number(2, 2) + Delimited(3, "k") + Number(6, 40)) +
                         Delimited(2, Delimited(2, kPut)) +
                         Delimited(2, Delimited(4, Delimited(3, Delimited(3, Delimited(1, "gone"))))) +
                         Delimited(3, Delimited(1, Delimited(1, "k") + Number(4, 7))) + Delimited(3, "");

TEST(RequestTree, ReadsAPut) {
  const auto put = ParsePut(AsBytes(kPut));
  ASSERT_TRUE(put);
  EXPECT_EQ(put->key, "k");
  EXPECT_EQ(put->value, "v");
  EXPECT_EQ(put->lease, 9);
  EXPECT_TRUE(put->prev_kv);
  EXPECT_TRUE(put->ignore_value);
  EXPECT_FALSE(put->ignore_lease);
}

TEST(RequestTree, ReadsNestedTransactions) {
  const auto txn = ParseTxn(AsBytes(kTxn));
  ASSERT_TRUE(txn);
  ASSERT_EQ(txn->compares.size(), 1U);
  EXPECT_EQ(txn->compares[0].result, CompareResult::kGreater);
  EXPECT_EQ(txn->compares[0].number, 40);
  ASSERT_EQ(txn->success.size(), 2U);
  EXPECT_EQ(txn->success[0].put.key, "k");
  EXPECT_EQ(txn->success[1].txn->failure[0].remove.key, "gone");
  ASSERT_EQ(txn->failure.size(), 2U);
  EXPECT_EQ(txn->failure[0].range.revision, 7);
  EXPECT_EQ(txn->failure[1].kind, Op::Kind::kEmpty);
}

TEST(RequestTree, AnotherMemberOfTheUnionCountsAsAbsent) {
  const std::string compare = Number(2, 3) + Delimited(3, "k") + Number(6, 40);  // VALUE, with a mod_revision
  const auto txn = ParseTxn(AsBytes(Delimited(1, compare)));
  ASSERT_TRUE(txn);
  EXPECT_EQ(txn->compares[0].number, 0);
  EXPECT_EQ(txn->compares[0].value, "");
}

TEST(RequestTree, RefusesTransactionsThatNestWithoutEnd) {
  std::string txn = kTxn;
  for (int i = 0; i < 99; ++i) txn = Delimited(2, Delimited(4, txn));
  EXPECT_TRUE(ParseTxn(AsBytes(txn)));
  for (int i = 0; i < 2; ++i) txn = Delimited(2, Delimited(4, txn));
  EXPECT_FALSE(ParseTxn(AsBytes(txn)));
}

TEST(RequestTree, SurvivesACutAtEveryLength) {
  support::PageEnd end(4096);
  size_t refused = 0;
  for (size_t length = 0; length < kTxn.size(); ++length)
    refused += !ParseTxn(end.Place(std::string_view(kTxn).substr(0, length)));
  EXPECT_GT(refused, kTxn.size() / 2);
  for (size_t length = 0; length < kPut.size(); ++length) {
    const auto put = ParsePut(end.Place(std::string_view(kPut).substr(0, length)));
    EXPECT_TRUE(!put || put->key.empty() || put->key == "k");
  }
}

}  // namespace
}  // namespace etcdmedic::replay
