// SPDX-License-Identifier: Apache-2.0
#include "witness/refusals.h"

#include <gtest/gtest.h>

#include "support/opened_store.h"
#include "support/story.h"

namespace etcdmedic::witness {
namespace {

using support::OpenedStore;
using support::Story;

// Whether each write of the story may have been refused: "y" or "n", in order.
std::string May(Story& story, const std::string& db, bool from_start) {
  const std::string wal = story.log().bytes();
  LogSteps steps;
  const raft::Log log = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(wal)}}, 1, &steps);
  const OpenedStore opened(db);
  Refusals refusals(steps, log.surviving, *opened.store, from_start);
  std::string all;
  for (const LogStep& step : steps.of(0).steps) {
    if (step.kind == StepKind::kWrite) all += refusals.May(step) ? 'y' : 'n';
    refusals.Take(step);
  }
  return all;
}

TEST(Refusals, LastWhileAnAlarmIsActive) {
  Story story;
  story.Put("a", "1").Alarm(true).Put("a", "2").Alarm(false).Put("a", "3");
  EXPECT_EQ(May(story, story.Db().Build(), true), "nyn");
}

TEST(Refusals, LastWhileAuthenticationMayBeOn) {
  Story story;
  story.Put("a", "1").Auth(true).Put("a", "2").Auth(false).Put("a", "3");
  EXPECT_EQ(May(story, story.Db().Build(), true), "nyn");
  EXPECT_EQ(May(story, story.Db().Add("auth", "authEnabled", "\x01").Build(), true), "nyy")
      << "the backend says that it is still on";
}

TEST(Refusals, AreOpenFromTheBeginningWhereTheLogBeginsLater) {
  Story quiet;
  quiet.Put("a", "1");
  EXPECT_EQ(May(quiet, quiet.Db().Build(), false), "n");
  EXPECT_EQ(May(quiet, quiet.Db().Add("alarm", "x", "").Build(), false), "y");
  EXPECT_EQ(May(quiet, quiet.Db().Add("alarm", "x", "").Build(), true), "n")
      << "no entry of the log raised it yet";
  EXPECT_EQ(May(quiet, quiet.Db().Add("auth", "authEnabled", "\x01").Build(), false), "y");
  Story turned;
  turned.Put("a", "1").Auth(false).Put("a", "2");
  EXPECT_EQ(May(turned, turned.Db().Build(), false), "yn");
}

}  // namespace
}  // namespace etcdmedic::witness
