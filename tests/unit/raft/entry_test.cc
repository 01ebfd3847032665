// SPDX-License-Identifier: Apache-2.0
#include "raft/entry.h"

#include <gtest/gtest.h>

#include <random>

#include "proto/wire.h"
#include "support/page_end.h"

namespace etcdmedic::raft {
namespace {

using support::ForEachPrefix;

TEST(Entry, ReadsWhatItWrites) {
  for (const EntryType type : {EntryType::kNormal, EntryType::kConfChange, EntryType::kConfChangeV2}) {
    for (const std::string& data : {std::string(), std::string("data"), std::string(300, 'd')}) {
      const std::string message = EncodeEntry({type, UINT64_MAX, 300, AsBytes(data)});
      Entry entry;
      ASSERT_TRUE(ParseEntry(AsBytes(message), entry));
      EXPECT_EQ(entry.type, type);
      EXPECT_EQ(entry.term, UINT64_MAX);
      EXPECT_EQ(entry.index, 300U);
      EXPECT_EQ(AsText(entry.data), data);
    }
  }
}

TEST(Entry, IsCutNowhereWithinAField) {
  const std::string whole = EncodeEntry({EntryType::kConfChange, 300, 70000, AsBytes("some data")});
  size_t taken = 0;
  ForEachPrefix(whole, [&](Bytes prefix) {
    Entry entry;
    if (!ParseEntry(prefix, entry)) return;
    ++taken;
    EXPECT_TRUE(entry.term == 300 || entry.term == 0);
    EXPECT_TRUE(entry.index == 70000 || entry.index == 0);
    EXPECT_TRUE(entry.data.empty() || AsText(entry.data) == "some data");
  });
  EXPECT_EQ(taken, 5U) << "the empty message, and after each of four fields";
}

TEST(Entry, TakesFieldsInAnyOrderAndUnknownOnes) {
  Entry entry;
  ASSERT_TRUE(ParseEntry(AsBytes("\x22\x02"
                                 "ab\x18\x05\x10\x07\x28\x01"),
                         entry));
  EXPECT_EQ(entry.index, 5U);
  EXPECT_EQ(entry.term, 7U);
  EXPECT_EQ(AsText(entry.data), "ab");
}

TEST(Entry, RefusesOtherWireTypes) {
  Entry entry;
  HardState state;
  WalSnapshot snapshot;
  Metadata metadata;
  EXPECT_FALSE(ParseEntry(AsBytes("\x12\x01x"), entry)) << "term as bytes";
  EXPECT_FALSE(ParseEntry(AsBytes("\x20\x01"), entry)) << "data as a number";
  EXPECT_FALSE(ParseHardState(AsBytes("\x0A\x01x"), state));
  EXPECT_FALSE(ParseWalSnapshot(AsBytes("\x18\x01"), snapshot)) << "conf_state as a number";
  EXPECT_FALSE(ParseMetadata(AsBytes("\x0A\x01x"), metadata));
}

TEST(HardState, ReadsWhatItWritesAndNothingOfACutNumber) {
  const HardState state{300, 0x8e9e05c52164694d, UINT64_MAX};
  const std::string whole = EncodeHardState(state);
  size_t taken = 0;
  ForEachPrefix(whole, [&](Bytes prefix) {
    HardState read;
    if (!ParseHardState(prefix, read)) return;
    ++taken;
    EXPECT_EQ(read == state, prefix.size() == whole.size());
    EXPECT_TRUE(read.vote == state.vote || read.vote == 0);
  });
  EXPECT_EQ(taken, 4U);
}

TEST(WalSnapshot, ReadsWhatItWritesWithOrWithoutConfState) {
  WalSnapshot read;
  const std::string old = EncodeWalSnapshot({300, 7, std::nullopt});
  ASSERT_TRUE(ParseWalSnapshot(AsBytes(old), read));
  EXPECT_EQ(read.index, 300U);
  EXPECT_EQ(read.term, 7U);
  EXPECT_FALSE(read.conf_state);
  const std::string whole = EncodeWalSnapshot({300, 7, AsBytes("conf")});
  ForEachPrefix(whole, [&](Bytes prefix) {
    WalSnapshot snapshot;
    if (!ParseWalSnapshot(prefix, snapshot)) return;
    EXPECT_EQ(snapshot.conf_state.has_value(), prefix.size() == whole.size());
    if (snapshot.conf_state) {
      EXPECT_EQ(AsText(*snapshot.conf_state), "conf");
    }
  });
}

TEST(Metadata, ReadsWhatItWrites) {
  const Metadata metadata{0x8e9e05c52164694d, 0xcdf818194e3a8c32};
  const std::string whole = EncodeMetadata(metadata);
  ForEachPrefix(whole, [&](Bytes prefix) {
    Metadata read;
    if (ParseMetadata(prefix, read)) {
      EXPECT_EQ(read == metadata, prefix.size() == whole.size());
    }
  });
}

// What is taken for the usual order gives what reading field by field gives, whatever the bytes are.
TEST(Entry, IsReadTheSameWhateverTheOrderOfItsFields) {
  const std::string pieces[] = {std::string("\x08\x00", 2),
                                "\x08\x02",
                                "\x10\x07",
                                "\x10\xAC\x02",
                                "\x18\x05",
                                "\x22\x02"
                                "ab",
                                std::string("\x22\x00", 2),
                                "\x28\x01",
                                "\x12\x01x",
                                "\x20\x01",
                                "\x18",
                                "\x22\x7F"
                                "cut",
                                "\x98\x00\x09"};
  std::mt19937_64 random(6);
  size_t whole = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string message;
    for (uint64_t i = random() % 6; i > 0; --i) message += pieces[random() % std::size(pieces)];
    if (random() % 4 == 0 && !message.empty())
      message[random() % message.size()] ^= static_cast<char>(1 << random() % 8);
    Entry entry, plain;
    const bool read = proto::ForEachField(AsBytes(message), [&](const proto::WireField& field) {
      if (field.number == 1) return field.Number(plain.type);
      if (field.number == 2) return field.Number(plain.term);
      if (field.number == 3) return field.Number(plain.index);
      return field.number != 4 || field.Payload(plain.data);
    });
    ASSERT_EQ(ParseEntry(AsBytes(message), entry), read) << testing::PrintToString(message);
    if (!read) continue;
    ++whole;
    ASSERT_EQ(entry.type, plain.type) << testing::PrintToString(message);
    ASSERT_EQ(entry.term, plain.term) << testing::PrintToString(message);
    ASSERT_EQ(entry.index, plain.index) << testing::PrintToString(message);
    ASSERT_EQ(AsText(entry.data), AsText(plain.data)) << testing::PrintToString(message);
  }
  EXPECT_GT(whole, 1000U);
}

}  // namespace
}  // namespace etcdmedic::raft
