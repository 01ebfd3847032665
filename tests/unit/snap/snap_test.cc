// SPDX-License-Identifier: Apache-2.0
#include "snap/snap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::snap {
namespace {

using diag::Code;
using support::SlowCrc32c;
using support::Varint;
using testing::ElementsAre;
using testing::HasSubstr;

std::string Bytes2(int field, const std::string& bytes) {
  return Varint(static_cast<uint64_t>(field << 3 | 2)) + Varint(bytes.size()) + bytes;
}
std::string Number(int field, uint64_t value) {
  return Varint(static_cast<uint64_t>(field << 3)) + Varint(value);
}

constexpr const char* kStore = R"({"Root":{"Path":"/","Children":{}}})";

// A file as etcd writes it, made by hand: index 300, term 7, voters 1 and 2, learner 3.
std::string Inner() {
  const std::string conf_state = Number(1, 1) + Number(1, 2) + Number(2, 3) + std::string("\x28\x00", 2);
  return Bytes2(1, kStore) + Bytes2(2, Bytes2(1, conf_state) + Number(2, 300) + Number(3, 7));
}
std::string Outer(const std::string& inner) { return Number(1, SlowCrc32c(inner, 0)) + Bytes2(2, inner); }

struct Seen {
  std::optional<Snapshot> snapshot;
  std::vector<diag::Finding> findings;
};
Seen Read(Bytes bytes) {
  diag::FindingList found;
  Seen seen;
  seen.snapshot = ReadSnapshot(bytes, "x.snap", found);
  seen.findings = found.items;
  return seen;
}
Seen Read(const std::string& bytes) { return Read(AsBytes(bytes)); }

TEST(Snapshot, IsReadAsEtcdWritesIt) {
  const std::string bytes = Outer(Inner());
  const Seen seen = Read(bytes);
  ASSERT_TRUE(seen.snapshot);
  EXPECT_TRUE(seen.findings.empty());
  EXPECT_EQ(seen.snapshot->index, 300U);
  EXPECT_EQ(seen.snapshot->term, 7U);
  EXPECT_THAT(seen.snapshot->conf_state.voters, ElementsAre(1U, 2U));
  EXPECT_THAT(seen.snapshot->conf_state.learners, ElementsAre(3U));
  EXPECT_EQ(seen.snapshot->store, kStore);
  EXPECT_EQ(seen.snapshot->crc, SlowCrc32c(Inner(), 0));
}

TEST(Snapshot, IsReadAsWeWriteIt) {
  Snapshot snapshot;
  snapshot.index = UINT64_MAX;
  snapshot.term = 5;
  snapshot.conf_state = {{1, UINT64_MAX}, {2}, {3}, {4}, true};
  snapshot.store = kStore;
  const std::string bytes = EncodeSnapshot(snapshot);
  const Seen seen = Read(bytes);
  ASSERT_TRUE(seen.snapshot);
  EXPECT_EQ(seen.snapshot->index, UINT64_MAX);
  EXPECT_EQ(seen.snapshot->conf_state, snapshot.conf_state);
  EXPECT_EQ(seen.snapshot->store, kStore);
}

TEST(Snapshot, IsRefusedAtEveryCut) {
  const std::string whole = Outer(Inner());
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    const Seen seen = Read(prefix);
    EXPECT_EQ(seen.snapshot.has_value(), prefix.size() == whole.size()) << prefix.size();
    if (prefix.size() == whole.size()) return;
    ASSERT_EQ(seen.findings.size(), 1U) << prefix.size();
    EXPECT_EQ(seen.findings[0].code, prefix.empty() ? Code::kSnapEmpty : Code::kSnapMalformed);
  });
}

// The raft snapshot inside cut at every length, under a CRC that fits.
TEST(Snapshot, IsNeverReadPastTheEndOfItsInside) {
  const std::string inner = Inner();
  for (size_t length = 1; length <= inner.size(); ++length) {
    const std::string bytes = Outer(inner.substr(0, length));
    support::PageEnd memory(bytes.size());
    const Seen seen = Read(memory.Place(bytes));
    if (length == inner.size()) {
      EXPECT_TRUE(seen.snapshot);
    } else if (seen.snapshot) {
      EXPECT_EQ(length, 2 + std::string_view(kStore).size()) << "between two fields";
      EXPECT_EQ(seen.snapshot->index, 0U);
    } else {
      EXPECT_EQ(seen.findings.at(0).code, Code::kSnapMalformed);
    }
  }
}

TEST(Snapshot, NamesTheBitThatExplainsAWrongCrc) {
  const std::string sound = Outer(Inner());
  const size_t at = sound.size() - 4;
  std::string damaged = sound;
  damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
  ASSERT_NE(damaged, sound);
  const Seen seen = Read(damaged);
  EXPECT_FALSE(seen.snapshot);
  ASSERT_EQ(seen.findings.size(), 1U);
  EXPECT_EQ(seen.findings[0].code, Code::kSnapCrcMismatch);
  EXPECT_THAT(seen.findings[0].message, HasSubstr("bit 5 at offset " + std::to_string(at)));
  const auto healing = HealSnapshot(AsBytes(damaged));
  ASSERT_TRUE(healing);
  EXPECT_EQ(healing->offset, at);
  damaged[healing->offset] = static_cast<char>(healing->byte);
  EXPECT_EQ(damaged, sound);
}

TEST(Snapshot, HealsEverySingleBitOfItsInside) {
  const std::string sound = Outer(Inner());
  const size_t begin = sound.size() - Inner().size();
  for (size_t bit = 8 * begin; bit < 8 * sound.size(); bit += 5) {
    std::string damaged = sound;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Read(damaged).snapshot);
    const auto healing = HealSnapshot(AsBytes(damaged));
    ASSERT_TRUE(healing) << bit;
    damaged[healing->offset] = static_cast<char>(healing->byte);
    EXPECT_EQ(damaged, sound) << bit;
  }
}

TEST(Snapshot, IsNotHealedWhereMoreIsWrong) {
  std::string damaged = Outer(Inner());
  damaged[damaged.size() - 4] = static_cast<char>(damaged[damaged.size() - 4] ^ 0x21);
  EXPECT_FALSE(Read(damaged).snapshot);
  EXPECT_FALSE(HealSnapshot(AsBytes(damaged)));
  EXPECT_FALSE(HealSnapshot({}));
}

TEST(Snapshot, NeedsACrcAndData) {
  for (const std::string& bytes : {Bytes2(2, Inner()), Number(1, 5), Number(1, 0) + Bytes2(2, Inner()),
                                   Bytes2(1, "x") + Bytes2(2, Inner()), Number(2, 5)}) {
    const Seen seen = Read(bytes);
    EXPECT_FALSE(seen.snapshot);
    ASSERT_EQ(seen.findings.size(), 1U);
    EXPECT_EQ(seen.findings[0].code, Code::kSnapMalformed);
    EXPECT_EQ(seen.findings[0].severity, InfoOf(Code::kSnapMalformed).severity);
  }
}

TEST(Snapshot, PassesOverFieldsOfLaterReleases) {
  const std::string inner = Inner() + Bytes2(9, "later");
  const std::string bytes = Outer(inner) + Number(12, 1);
  EXPECT_TRUE(Read(bytes).snapshot);
}

TEST(ConfState, ReadsPackedLists) {
  const auto packed = ParseConfState(AsBytes(Bytes2(1, Varint(7) + Varint(300)) + Number(1, 9)));
  ASSERT_TRUE(packed);
  EXPECT_THAT(packed->voters, ElementsAre(7U, 300U, 9U));
}

TEST(ConfState, IsWhatWasEncodedAtNoCutButTheLast) {
  const cluster::ConfState state{{1, 2, 300}, {4}, {5}, {6}, true};
  const std::string whole = EncodeConfState(state);
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    const auto parsed = ParseConfState(prefix);
    if (!parsed) return;
    EXPECT_EQ(*parsed == state, prefix.size() == whole.size()) << prefix.size();
    EXPECT_LE(parsed->voters.size(), 3U);
  });
}

TEST(SnapshotName, ReadsWhatItWritesAndNothingElse) {
  const std::string name = SnapshotName(7, 300);
  EXPECT_EQ(name, "0000000000000007-000000000000012c.snap");
  EXPECT_EQ(ParseSnapshotName(name), (TermIndex{7, 300}));
  EXPECT_EQ(ParseSnapshotName(name + ".zst"), (TermIndex{7, 300}));
  EXPECT_EQ(ParseSnapshotName(name + ".gz"), (TermIndex{7, 300}));
  for (const char* other :
       {"", ".snap", "7-12c.snap", "0000000000000007_000000000000012c.snap",
        "000000000000000x-000000000000012c.snap", "0000000000000007-000000000000012c.snap.db",
        "0000000000000007-000000000000012c.snap.broken", "0000000000000007-+00000000000012c.snap"})
    EXPECT_EQ(ParseSnapshotName(other), std::nullopt) << other;
}

}  // namespace
}  // namespace etcdmedic::snap
