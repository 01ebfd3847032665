// SPDX-License-Identifier: Apache-2.0
#include "witness/key_states.h"

#include <gtest/gtest.h>

namespace etcdmedic::witness {
namespace {

KeyState& Put(KeyStates& states, std::string_view key, int64_t lease = 0) {
  KeyState& state = states.Change(mvcc::HashOfKey(key), AsBytes(key));
  state.live = Tri::kYes;
  state.lease = lease;
  state.lease_known = true;
  return state;
}

Tri Live(const KeyStates& states, std::string_view key) { return states.Live(mvcc::HashOfKey(key)); }

std::string Names(const std::vector<const KeyState*>& states) {
  std::string all;
  for (const KeyState* state : states) (all += all.empty() ? "" : " ") += AsText(state->key);
  return all;
}

TEST(KeyStates, SayWhetherAKeyExists) {
  KeyStates from_start(true), later(false);
  EXPECT_EQ(Live(from_start, "a"), Tri::kNo);
  EXPECT_EQ(Live(later, "a"), Tri::kMaybe);
  Put(later, "a");
  EXPECT_EQ(Live(later, "a"), Tri::kYes);
  EXPECT_EQ(Live(later, "b"), Tri::kMaybe);
  EXPECT_EQ(later.Find(mvcc::HashOfKey("b")), nullptr);
}

TEST(KeyStates, TakeChangesBackToTheLastCommit) {
  KeyStates states(true);
  Put(states, "a").version = 1;
  states.Commit();
  Put(states, "a").version = 2;
  Put(states, "a").version = 3;
  Put(states, "b");
  states.Rollback();
  EXPECT_EQ(states.Find(mvcc::HashOfKey("a"))->version, 1);
  EXPECT_EQ(Live(states, "b"), Tri::kNo);
  states.Rollback();
  EXPECT_EQ(Live(states, "a"), Tri::kYes) << "nothing more to take back";
}

TEST(KeyStates, KeepManyKeysApart) {
  KeyStates states(true);
  std::vector<std::string> keys;
  for (int i = 0; i < 20000; ++i) keys.push_back("key" + std::to_string(i));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i == 10000) states.Reserve(30000);
    Put(states, keys[i]).version = static_cast<int64_t>(i);
  }
  for (size_t i = 0; i < keys.size(); ++i)
    ASSERT_EQ(states.Find(mvcc::HashOfKey(keys[i]))->version, static_cast<int64_t>(i));
  EXPECT_EQ(states.all().size(), keys.size());
}

TEST(KeyStates, ForgetEverything) {
  KeyStates states(true);
  states.Attach(7, Put(states, "a", 7));
  states.Forget();
  EXPECT_FALSE(states.all_known());
  EXPECT_EQ(Live(states, "a"), Tri::kMaybe);
  EXPECT_TRUE(states.Attached(7).empty());
}

TEST(KeyStates, NameWhatIsAttachedToALeaseInTheOrderOfKeys) {
  KeyStates states(true);
  for (const char* key : {"c", "a", "b"}) {
    KeyState& state = Put(states, key, 7);
    states.Attach(7, state);
  }
  states.Attach(7, Put(states, "a", 7));
  EXPECT_EQ(Names(states.Attached(7)), "a b c") << "each once";
  Put(states, "b", 8);
  Put(states, "c", 7).live = Tri::kNo;
  EXPECT_EQ(Names(states.Attached(7)), "a") << "moved to another lease, deleted";
  EXPECT_TRUE(states.Attached(99).empty());
}

TEST(KeyStates, NameWhatIsInARange) {
  KeyStates states(true);
  for (const char* key : {"d", "a", "c", "b"}) Put(states, key);
  Put(states, "bb").live = Tri::kNo;
  const Bytes open = AsBytes(std::string_view("\0", 1));
  EXPECT_EQ(Names(*states.InRange(AsBytes("b"), AsBytes("d"))), "b c");
  EXPECT_EQ(Names(*states.InRange(AsBytes("b"), open)), "b c d");
  EXPECT_EQ(Names(*states.InRange(AsBytes("x"), open)), "");
}

// A log of ranges over many keys must not cost a square.
TEST(KeyStates, StopAnsweringWhereRangesCostTooMuch) {
  KeyStates states(true);
  std::vector<std::string> keys;
  for (int i = 0; i < 100000; ++i) keys.push_back(std::to_string(i));
  for (const std::string& key : keys) Put(states, key);
  int answers = 0;
  while (answers < 1000 && states.InRange(AsBytes("x"), AsBytes("y"))) ++answers;
  EXPECT_EQ(answers, 500);
}

}  // namespace
}  // namespace etcdmedic::witness
