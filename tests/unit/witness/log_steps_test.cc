// SPDX-License-Identifier: Apache-2.0
#include "witness/log_steps.h"

#include <gtest/gtest.h>

#include "keyspace/record_sum.h"
#include "support/page_end.h"
#include "support/story.h"

namespace etcdmedic::witness {
namespace {

using support::KeySpace;
using support::Story;

struct Read {
  explicit Read(const std::string& bytes) : wal(bytes) {
    log = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(wal)}}, 1, &steps);
  }
  explicit Read(Story& story) : Read(story.log().bytes()) {}
  const SegmentSteps& of() const { return steps.of(0); }
  std::string wal;
  LogSteps steps;
  raft::Log log;
};

TEST(LogSteps, KeepWhatAPutStores) {
  Story story;
  const Read read(story.Grant(7).Put("a", "1", 7).Empty());
  ASSERT_EQ(read.of().steps.size(), 2U) << "an empty entry changes nothing";
  EXPECT_EQ(read.of().steps[0].kind, StepKind::kLeaseGrant);
  EXPECT_EQ(read.of().steps[0].number, 7);
  const LogStep& put = read.of().steps[1];
  EXPECT_EQ(put.kind, StepKind::kWrite);
  EXPECT_EQ(put.index, 2U);
  ASSERT_EQ(put.op_end - put.op, 1U);
  const LogOp& op = read.of().ops[put.op];
  EXPECT_EQ(op.kind, OpKind::kPut);
  EXPECT_EQ(AsText(op.key), "a");
  EXPECT_EQ(AsText(op.value), "1");
  EXPECT_EQ(op.lease, 7);
  EXPECT_EQ(op.sum, keyspace::SumOfPut(AsBytes("a"), AsBytes("1"), 7));
  EXPECT_EQ(op.hash, mvcc::HashOfKey("a"));
}

TEST(LogSteps, TellADeletionFromThatOfARange) {
  Story story;
  const Read read(story.Delete("a", "", {}).Delete("a", "c", {}));
  ASSERT_EQ(read.of().ops.size(), 2U);
  EXPECT_EQ(read.of().ops[0].kind, OpKind::kDelete);
  EXPECT_EQ(read.of().ops[0].sum, keyspace::SumOfTombstone(AsBytes("a")));
  EXPECT_EQ(read.of().ops[1].kind, OpKind::kDeleteRange);
  EXPECT_EQ(AsText(read.of().ops[1].value), "c");
}

TEST(LogSteps, LayOutATransactionByBranches) {
  Story story;
  const Read read(story.Update("d", 5, "v", true));
  ASSERT_EQ(read.of().steps.size(), 1U);
  ASSERT_EQ(read.of().txns.size(), 1U);
  const LogTxn& txn = read.of().txns[0];
  EXPECT_EQ(txn.compares_end - txn.compares, 1U);
  EXPECT_EQ(read.of().compares[0].number, 5);
  EXPECT_EQ(AsText(read.of().compares[0].key), "d");
  EXPECT_EQ(txn.success_end, 2U) << "the transaction itself, and a put";
  EXPECT_EQ(txn.failure_end, 2U) << "the range in the other branch changes nothing";
}

TEST(LogSteps, KeepAlarmsAndAuthentication) {
  Story story;
  const Read read(story.Alarm(true).Alarm(false).Auth(true).Auth(false));
  std::vector<StepKind> kinds;
  for (const LogStep& step : read.of().steps) kinds.push_back(step.kind);
  EXPECT_EQ(kinds, (std::vector{StepKind::kAlarmOn, StepKind::kAlarmOff, StepKind::kAuth, StepKind::kAuth}));
  EXPECT_EQ(read.of().steps[0].number, read.of().steps[1].number) << "the same alarm";
}

TEST(LogSteps, MarkWhatNobodyCanRead) {
  support::WalBuilder log;
  log.Entry(2, 1, "\xFF\xFF\xFF");
  const Read read(log.bytes());
  ASSERT_EQ(read.of().steps.size(), 1U);
  EXPECT_EQ(read.of().steps[0].kind, StepKind::kUnknown);
}

TEST(LogSteps, KnowAReadOfAnOldRevisionMayFail) {
  const auto range = [](int64_t revision) {
    const std::string body = KeySpace::Text(1, "a") + KeySpace::Number(4, revision);
    const std::string op = KeySpace::Text(1, body);
    const std::string txn =
        KeySpace::Text(2, op) + KeySpace::Text(2, KeySpace::Text(2, KeySpace::Text(1, "b")));
    support::WalBuilder log;
    log.Entry(2, 1, KeySpace::Text(6, txn));
    return Read(log.bytes()).of().steps.at(0).may_fail;
  };
  EXPECT_FALSE(range(0));
  EXPECT_TRUE(range(5));
}

TEST(LogSteps, GiveThoseOfOneRunAlone) {
  Story story;
  story.Put("a", "1").Put("b", "2").Put("c", "3");
  const Read read(story);
  ASSERT_EQ(read.log.surviving.size(), 1U);
  raft::Run run = read.log.surviving[0];
  EXPECT_EQ(read.steps.Of(run), (std::pair<size_t, size_t>(0, 3)));
  run.last = 2;
  EXPECT_EQ(read.steps.Of(run), (std::pair<size_t, size_t>(0, 2)));
  run.first_offset = read.of().steps[1].offset;
  EXPECT_EQ(read.steps.Of(run), (std::pair<size_t, size_t>(1, 2)));
}

// The requests of an entry at every cut: read to its end and no further.
TEST(LogSteps, EndAtEveryCutOfARequest) {
  const std::string put = KeySpace::Text(1, "key") + KeySpace::Text(2, "value") + KeySpace::Number(3, 300);
  const std::string compare = KeySpace::Number(2, 2) + KeySpace::Text(3, "key") + KeySpace::Number(6, 500);
  const std::string txn = KeySpace::Text(1, compare) + KeySpace::Text(2, KeySpace::Text(2, put)) +
                          KeySpace::Text(3, KeySpace::Text(3, KeySpace::Text(1, "key")));
  support::ForEachPrefix(txn, [](Bytes prefix) {
    LogSteps steps;
    steps.Begin(1);
    raft::Entry entry;
    entry.index = 1;
    raft::Request request;
    const std::string message = KeySpace::Text(6, std::string(AsText(prefix)));
    request.form = raft::RequestForm::kInternal;
    request.body = AsBytes(message);
    steps.OnEntry(0, 0, entry, request);
    for (const LogOp& op : steps.of(0).ops) EXPECT_LE(op.key.size(), 3U);
  });
}

}  // namespace
}  // namespace etcdmedic::witness
