// SPDX-License-Identifier: Apache-2.0
// What each request does to a machine.
#include "replay/entry_applier.h"

#include <gtest/gtest.h>

#include "support/asked_machine.h"

namespace etcdmedic::replay {
namespace {

using test::Delimited;
using test::Number;

constexpr uint64_t kAlarm = 1;  // NOSPACE

class EntryApplierTest : public support::AskedMachine {
 protected:
  void RaiseAlarm(uint64_t type) { Ask(10, Number(1, 1) + Number(2, 1) + Number(3, type)); }
  void ClearAlarm(uint64_t type) { Ask(10, Number(1, 2) + Number(2, 1) + Number(3, type)); }
  Effect ChangeMember(uint64_t type, uint64_t id, const std::string& context) {
    return Apply(raft::RequestForm::kConfChange,
                 Number(1, 1) + Number(2, type) + Number(3, id) + Delimited(4, context));
  }
};

TEST_F(EntryApplierTest, WithoutSpaceOnlyWhatPutsIsRefused) {
  Put("a");
  RaiseAlarm(kAlarm);
  EXPECT_EQ(Put("b"), Effect::kRefused);
  EXPECT_EQ(Ask(8, Number(1, 60) + Number(2, 5)), Effect::kRefused) << "a lease";
  const std::string put = Delimited(2, Delimited(1, "b"));
  EXPECT_EQ(Ask(6, Delimited(2, put)), Effect::kRefused);
  EXPECT_EQ(Ask(6, Delimited(3, put)), Effect::kRefused) << "in the branch that is not taken";
  EXPECT_EQ(Ask(5, Delimited(1, "a")), Effect::kDone);
  ClearAlarm(kAlarm);
  EXPECT_EQ(Put("b"), Effect::kDone);
}

TEST_F(EntryApplierTest, WithACorruptMemberNoKeyChanges) {
  Put("a");
  RaiseAlarm(2);
  EXPECT_EQ(Ask(5, Delimited(1, "a")), Effect::kRefused);
  EXPECT_EQ(Ask(7, Number(1, 2)), Effect::kRefused);
  EXPECT_NE(machine_.keys().Find("a"), nullptr);
}

TEST_F(EntryApplierTest, LeasesAreGrantedWithinEtcdsBounds) {
  EXPECT_EQ(Ask(8, Number(1, 1) + Number(2, 5)), Effect::kDone);
  EXPECT_EQ(machine_.keys().leases().Find(5)->ttl, 2) << "the shortest that etcd grants";
  EXPECT_EQ(Ask(8, Number(1, 60) + Number(2, 5)), Effect::kRefused) << "it exists";
  EXPECT_EQ(Ask(8, Number(1, 9'000'000'001) + Number(2, 6)), Effect::kRefused);
  EXPECT_EQ(Ask(8, Number(1, 60)), Effect::kRefused) << "without an id";
  EXPECT_EQ(Ask(9, Number(1, 6)), Effect::kRefused) << "no such lease to revoke";
  EXPECT_EQ(Ask(11, Delimited(1, Number(1, 5) + Number(2, 1))), Effect::kDone);
  EXPECT_EQ(machine_.keys().leases().Find(5)->remaining_ttl, 1);
}

TEST_F(EntryApplierTest, ARevokedLeaseTakesItsKeysInOneRevision) {
  Ask(8, Number(1, 60) + Number(2, 5));
  Ask(4, Delimited(1, "b") + Number(3, 5));
  Ask(4, Delimited(1, "a") + Number(3, 5));
  const int64_t before = machine_.keys().revision();
  EXPECT_EQ(Ask(9, Number(1, 5)), Effect::kDone);
  EXPECT_EQ(machine_.keys().revision(), before + 1);
  EXPECT_TRUE(machine_.keys().live().empty());
  EXPECT_EQ(machine_.keys().records().back().kv.key, "b") << "in the order of keys";
}

TEST_F(EntryApplierTest, MembersComeGoAndChange) {
  EXPECT_EQ(ChangeMember(0, 1, R"({"id":1,"peerURLs":["http://a"],"name":"m1"})"), Effect::kDone);
  EXPECT_EQ(ChangeMember(0, 1, R"({"id":1,"peerURLs":["http://b"]})"), Effect::kRefused) << "it exists";
  EXPECT_EQ(ChangeMember(0, 2, R"({"id":2,"peerURLs":["http://a"]})"), Effect::kRefused) << "the URL is used";
  EXPECT_EQ(ChangeMember(3, 2, R"({"id":2,"peerURLs":["http://b"],"isLearner":true})"), Effect::kDone);
  EXPECT_EQ(ChangeMember(3, 3, R"({"id":3,"peerURLs":["http://c"],"isLearner":true})"), Effect::kRefused);
  EXPECT_EQ(machine_.cluster().ConfStateDocument(), R"({"voters":[1],"learners":[2],"auto_leave":false})");
  EXPECT_EQ(ChangeMember(0, 2, R"({"id":2,"peerURLs":[],"isPromote":true})"), Effect::kDone);
  EXPECT_EQ(ChangeMember(2, 2, R"({"id":2,"peerURLs":["http://d"]})"), Effect::kDone);
  EXPECT_EQ(ChangeMember(1, 1, ""), Effect::kDone);
  EXPECT_EQ(ChangeMember(0, 1, R"({"id":1,"peerURLs":["http://z"]})"), Effect::kRefused) << "it was removed";
  EXPECT_EQ(ClusterState::Document(machine_.cluster().members().at(2)),
            R"({"id":2,"peerURLs":["http://d"]})");
}

TEST_F(EntryApplierTest, AttributesComeInBothForms) {
  ChangeMember(0, 0x1a, R"({"id":26,"peerURLs":["http://a"]})");
  EXPECT_EQ(Apply(raft::RequestForm::kV2, Delimited(2, "PUT") + Delimited(3, "/0/members/1a/attributes") +
                                              Delimited(4, R"({"name":"n","clientURLs":["http://c?a&b"]})")),
            Effect::kDone);
  EXPECT_EQ(ClusterState::Document(machine_.cluster().members().at(0x1a)),
            R"({"id":26,"peerURLs":["http://a"],"name":"n","clientURLs":["http://c?a\u0026b"]})");
  EXPECT_EQ(Ask(1301, Number(1, 0x1a) + Delimited(2, Delimited(1, "other"))), Effect::kDone);
  EXPECT_EQ(machine_.cluster().members().at(0x1a).name, "other");
  EXPECT_EQ(Ask(1301, Number(1, 9) + Delimited(2, Delimited(1, "x"))), Effect::kRefused);
}

TEST_F(EntryApplierTest, VersionsAndDowngrades) {
  Ask(1300, Delimited(1, "3.6.0"));
  EXPECT_EQ(machine_.cluster().version(), "3.6.0");
  Apply(raft::RequestForm::kV2, Delimited(2, "PUT") + Delimited(3, "/0/version") + Delimited(4, "3.5.0"));
  EXPECT_EQ(machine_.cluster().version(), "3.5.0");
  Ask(1302, Number(1, 1) + Delimited(2, "3.5.0"));
  EXPECT_EQ(machine_.cluster().DowngradeDocument(), R"({"target-version":"3.5.0","enabled":true})");
  Ask(1302, "");
  EXPECT_EQ(machine_.cluster().DowngradeDocument(), R"({"target-version":"","enabled":false})");
}

TEST_F(EntryApplierTest, WhatIsNotKnownIsSaid) {
  EXPECT_EQ(Ask(777, "x"), Effect::kUnknown);
  EXPECT_EQ(Apply(raft::RequestForm::kUndecodable, "x"), Effect::kUnknown);
  EXPECT_EQ(Apply(raft::RequestForm::kEmpty, ""), Effect::kNone);
  EXPECT_EQ(Ask(3, Delimited(1, "a")), Effect::kNone) << "a read";
}

}  // namespace
}  // namespace etcdmedic::replay
