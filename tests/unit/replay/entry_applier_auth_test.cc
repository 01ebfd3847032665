// SPDX-License-Identifier: Apache-2.0
// Requests that concern users and roles.
#include <gmock/gmock.h>

#include "replay/entry_applier.h"
#include "support/asked_machine.h"

namespace etcdmedic::replay {
namespace {

using test::Delimited;
using test::Number;
using testing::ElementsAre;

using EntryApplierAuthTest = support::AskedMachine;

TEST_F(EntryApplierAuthTest, AuthenticationRefusesWhoMayNot) {
  Ask(1100, Delimited(1, "root") + Delimited(4, "aGFzaA=="));
  EXPECT_EQ(machine_.auth().users().at("root").password, "hash");
  Ask(1200, Delimited(1, "root"));
  Ask(1104, Delimited(1, "root") + Delimited(2, "root"));
  Ask(1100, Delimited(1, "user") + Delimited(4, "aGFzaA=="));
  Ask(1200, Delimited(1, "r"));
  Ask(1104, Delimited(1, "user") + Delimited(2, "r"));
  Ask(1203, Delimited(1, "r") + Delimited(2, Number(1, 2) + Delimited(2, "mine")));
  EXPECT_EQ(Ask(1000, ""), Effect::kDone);
  const uint64_t revision = machine_.auth().revision();
  EXPECT_EQ(Put("mine"), Effect::kRefused) << "nobody";
  EXPECT_EQ(Put("mine", "user", revision), Effect::kDone);
  EXPECT_EQ(Put("yours", "user", revision), Effect::kRefused);
  EXPECT_EQ(Put("yours", "root", revision), Effect::kDone);
  EXPECT_EQ(Ask(1200, Delimited(1, "more"), "user", revision), Effect::kRefused);
  // Every operation of both branches counts.
  const std::string mine = Delimited(2, Delimited(1, "mine")), yours = Delimited(2, Delimited(1, "yours"));
  EXPECT_EQ(Ask(6, Delimited(2, mine), "user", revision), Effect::kDone);
  EXPECT_EQ(Ask(6, Delimited(2, mine) + Delimited(3, yours), "user", revision), Effect::kRefused);
  EXPECT_EQ(Ask(1011, "", "root", revision), Effect::kDone);
  EXPECT_EQ(Put("yours"), Effect::kDone);
}

TEST_F(EntryApplierAuthTest, APasswordInClearIsNamed) {
  Ask(1100, Delimited(1, "old") + Delimited(2, "secret"));
  EXPECT_THAT(machine_.lost_passwords(), ElementsAre("old"));
  EXPECT_EQ(machine_.auth().users().at("old").password, "");
}

TEST_F(EntryApplierAuthTest, UsersAndRolesComeAndGo) {
  EXPECT_EQ(Ask(1100, Delimited(1, "u") + Delimited(4, "aGFzaA==")), Effect::kDone);
  EXPECT_EQ(Ask(1100, Delimited(1, "u")), Effect::kRefused) << "it exists";
  EXPECT_EQ(Ask(1100, Delimited(1, "cert") + Delimited(3, Number(1, 1)) + Delimited(4, "aGFzaA==")),
            Effect::kDone);
  EXPECT_EQ(machine_.auth().users().at("cert").password, "") << "it has none";
  EXPECT_EQ(Ask(1103, Delimited(1, "u") + Delimited(3, "bmV3")), Effect::kDone);
  EXPECT_EQ(machine_.auth().users().at("u").password, "new");
  EXPECT_EQ(Ask(1104, Delimited(1, "u") + Delimited(2, "r")), Effect::kRefused) << "there is no such role";
  EXPECT_EQ(Ask(1200, Delimited(1, "r")), Effect::kDone);
  EXPECT_EQ(Ask(1104, Delimited(1, "u") + Delimited(2, "r")), Effect::kDone);
  EXPECT_EQ(Ask(1105, Delimited(1, "u") + Delimited(2, "r")), Effect::kDone);
  EXPECT_EQ(Ask(1105, Delimited(1, "u") + Delimited(2, "r")), Effect::kRefused);
  EXPECT_EQ(Ask(1203, Delimited(1, "r") + Delimited(2, Delimited(2, "k") + Delimited(3, "l"))),
            Effect::kDone);
  EXPECT_EQ(machine_.auth().roles().at("r").permissions.at(0).range_end, "l");
  EXPECT_EQ(Ask(1204, Delimited(1, "r") + Delimited(2, "k")), Effect::kRefused) << "another range";
  EXPECT_EQ(Ask(1204, Delimited(1, "r") + Delimited(2, "k") + Delimited(3, "l")), Effect::kDone);
  EXPECT_EQ(Ask(1201, Delimited(1, "r")), Effect::kDone);
  EXPECT_EQ(Ask(1101, Delimited(1, "u")), Effect::kDone);
  EXPECT_EQ(Ask(1101, Delimited(1, "u")), Effect::kRefused);
  EXPECT_EQ(machine_.auth().users().size(), 1U);
}

}  // namespace
}  // namespace etcdmedic::replay
