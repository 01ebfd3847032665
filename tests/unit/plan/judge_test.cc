// SPDX-License-Identifier: Apache-2.0
#include "plan/judge.h"

#include <gtest/gtest.h>

#include "support/startup_member.h"

namespace etcdmedic::plan {
namespace {

using diag::Code;
using support::StartupMember;

// The member as it is, and what is found in it.
Moment MomentOf(StartupMember& member) {
  member.Load();
  Moment moment{{std::shared_ptr<void>(), &member.state},
                check::Verify(member.state, startup::EtcdVersion{3, 6})};
  return moment;
}

std::string Reason(StartupMember& before, StartupMember& after, const Step& step) {
  return ReasonAgainst({step}, MomentOf(before), MomentOf(after));
}

std::string& Last(StartupMember& member) { return member.segments[StartupMember::kLast]; }
void CutLastEntry(StartupMember& member) { Last(member).resize(member.LastFrame().data_offset + 20); }

TEST(Judge, TakesAStepThatAnswersAndLosesNothing) {
  StartupMember garbage, mended;
  Last(garbage).replace(garbage.LastFrame().end, 300, 300, '\x5A');
  EXPECT_EQ(Reason(garbage, mended, {.heals = {Code::kWalBytesGarbage}}), "");
}

TEST(Judge, RefusesWhatAnswersNothing) {
  StartupMember before, after;
  EXPECT_EQ(Reason(before, after, {.heals = {Code::kWalCrcMismatch}}),
            "what it should answer would be there as before");
}

TEST(Judge, RefusesWhatKeepsEtcdFromStarting) {
  StartupMember sound, broken;
  broken.segments.erase(StartupMember::kMiddle);
  EXPECT_EQ(Reason(sound, broken, {}), "etcd starts now, and would not afterwards");
}

TEST(Judge, RefusesToChangeASoundRecord) {
  StartupMember garbage, changed;
  Last(garbage).replace(garbage.LastFrame().end, 300, 300, '\x5A');
  support::WalBuilder other;
  other.Snapshot(0, 0)
      .Entry(1, 1, StartupMember::AddNode(1), 1)
      .Entry(2, 2, "")
      .Put(2, 3, "/a", "other")
      .State(2, 1, 3);
  changed.segments[StartupMember::kFirst] = other.bytes();
  const std::string reason = Reason(garbage, changed, {.heals = {Code::kWalBytesGarbage}});
  EXPECT_NE(reason, "");
}

// A log that is written again may leave out what the backend has, and nothing else.
TEST(Judge, NamesTheEntryThatANewLogWouldLose) {
  StartupMember torn, shorter;
  torn.space.Meta("consistent_index", support::BigEndian64(6));
  shorter.space.Meta("consistent_index", support::BigEndian64(6));
  CutLastEntry(torn);
  Last(shorter).resize(shorter.Frame(StartupMember::kLast, 4).offset);  // entries 8 and 9 are gone
  Last(shorter).append(4096, '\0');
  Step step{.heals = {Code::kWalTailTorn, Code::kWalFileTruncated}};
  step.edits.push_back({EditKind::kCreate, StartupMember::kLast, {}, 0, 0, "bytes"});
  EXPECT_EQ(Reason(torn, shorter, step), "entry 8 would be lost silently");
  step.lost_first = step.lost_last = 8;
  EXPECT_EQ(Reason(torn, shorter, step), "") << "it says so";
}

}  // namespace
}  // namespace etcdmedic::plan
