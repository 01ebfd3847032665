// SPDX-License-Identifier: Apache-2.0
#include "raft/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>

#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::raft {
namespace {

using support::WalBuilder;
using testing::ElementsAre;

constexpr const char* kNames[] = {"0000000000000000-0000000000000000.wal",
                                  "0000000000000001-0000000000000004.wal",
                                  "0000000000000002-0000000000000007.wal"};

// Three segments of one chain: entries 1 to 3, 4 to 6, 7 to 9.
std::vector<std::string> Segments() {
  WalBuilder first;
  first.Snapshot(0, 0).Put(1, 1, "/a", "v").Put(1, 2, "/b", "v").Put(1, 3, "/c", "v").State(1, 1, 3);
  WalBuilder second(first.crc());
  second.State(1, 1, 3).Put(1, 4, "/d", "v").Entry(2, 5, "").Put(2, 6, "/f", "v");
  WalBuilder third(second.crc());
  third.State(2, 1, 6)
      .Put(2, 7, "/g", "v")
      .Put(2, 8, "/h", "v")
      .Put(2, 9, "/i", "v")
      .State(2, 1, 9)
      .Zeros(4096);
  return {first.bytes(), second.bytes(), third.bytes()};
}

Log Read(const std::vector<std::string>& segments, unsigned threads = 1, EntryVisitor* visitor = nullptr) {
  std::vector<SegmentInput> inputs;
  for (size_t i = 0; i < segments.size(); ++i) inputs.push_back({kNames[i], AsBytes(segments[i])});
  return ReadLog(inputs, threads, visitor);
}

TEST(Log, ReadsAChainOfSegments) {
  const auto segments = Segments();
  for (const unsigned threads : {1U, 3U}) {
    const Log log = Read(segments, threads);
    EXPECT_EQ(log.first_index(), 1U);
    EXPECT_EQ(log.last_index(), 9U);
    EXPECT_EQ(log.ContiguousFrom(1), 9U);
    EXPECT_EQ(log.TermAt(4), 1U);
    EXPECT_EQ(log.TermAt(5), 2U);
    EXPECT_EQ(log.TermAt(10), std::nullopt);
    EXPECT_EQ(log.state, (HardState{2, 1, 9}));
    ASSERT_TRUE(log.metadata);
    EXPECT_EQ(log.metadata->node_id, 1U);
    for (const Segment& segment : log.segments) {
      EXPECT_TRUE(segment.damages.empty()) << segment.file;
      EXPECT_TRUE(segment.anomalies.empty()) << segment.file;
    }
    EXPECT_EQ(ChainOrder(log), (std::vector<size_t>{0, 1, 2}));
  }
}

TEST(Log, FindsTheOrderOfSwappedSegments) {
  auto segments = Segments();
  std::swap(segments[1], segments[2]);
  EXPECT_EQ(ChainOrder(Read(segments)), (std::vector<size_t>{0, 2, 1}));
  segments.erase(segments.begin() + 1);
  segments.erase(segments.begin());
  EXPECT_TRUE(ChainOrder(Read(segments))) << "one segment is in order";
  auto gap = Segments();
  gap.erase(gap.begin() + 1);
  EXPECT_EQ(ChainOrder(Read(gap)), std::nullopt);
}

// Whichever place it has: neither its entries nor its state are those of this log.
TEST(Log, CountsNothingOfASegmentOfAnotherMember) {
  for (const size_t at : {0U, 1U, 2U}) {
    auto segments = Segments();
    segments[at] = WalBuilder(0, 5).Put(7, 1, "/z", "v").Put(7, 8, "/z", "v").State(7, 5, 8).bytes();
    const Log log = Read(segments);
    ASSERT_TRUE(log.metadata);
    EXPECT_EQ(log.metadata->node_id, 1U);
    EXPECT_NE(log.state->term, 7U);
    EXPECT_TRUE(log.overwritten.empty());
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(log.segments[i].foreign, i == at);
    EXPECT_EQ(log.segments[at].metadata->node_id, 5U);
    EXPECT_EQ(log.first_index(), at == 0 ? 4U : 1U);
    EXPECT_EQ(log.last_index(), at == 2 ? 6U : 9U);
  }
}

TEST(Log, KnowsItsHoles) {
  auto segments = Segments();
  segments[1].clear();
  const Log log = Read(segments);
  EXPECT_EQ(log.ContiguousFrom(1), 3U);
  EXPECT_EQ(log.ContiguousFrom(4), 3U) << "entry 4 itself is missing";
  EXPECT_EQ(log.ContiguousFrom(7), 9U);
  EXPECT_EQ(log.TermAt(5), std::nullopt);
}

TEST(Log, LetsALaterLeaderReplaceEntries) {
  const WalBuilder log = WalBuilder()
                             .Put(1, 1, "/a", "v")
                             .Put(1, 2, "/b", "v")
                             .Put(1, 3, "/c", "v")
                             .Entry(2, 2, "")
                             .Put(2, 3, "/d", "v");
  const Log read = Read({log.bytes()});
  EXPECT_EQ(read.TermAt(1), 1U);
  EXPECT_EQ(read.TermAt(2), 2U);
  EXPECT_EQ(read.last_index(), 3U);
  ASSERT_EQ(read.overwritten.size(), 1U);
  EXPECT_EQ(read.overwritten[0].first, 2U);
  EXPECT_EQ(read.overwritten[0].last, 3U);
  EXPECT_EQ(read.overwritten[0].by_term, 2U);
  EXPECT_EQ(read.overwritten[0].by_first, 2U);
}

// What ReadLog hands out, from several threads.
class Collector final : public EntryVisitor {
 public:
  void Begin(size_t segments) override { seen_.resize(segments); }
  void BeginSegment(uint32_t segment) override {
    const std::lock_guard lock(mutex_);
    seen_[segment].clear();
  }
  void OnEntry(uint32_t segment, uint64_t, const Entry& entry, const Request&) override {
    const std::lock_guard lock(mutex_);
    seen_[segment].push_back(entry.index);
  }
  const std::vector<std::vector<uint64_t>>& seen() const { return seen_; }

 private:
  std::mutex mutex_;
  std::vector<std::vector<uint64_t>> seen_;
};

TEST(Log, HandsOutEveryEntryOnce) {
  const auto segments = Segments();
  for (const unsigned threads : {1U, 3U}) {
    Collector collector;
    Read(segments, threads, &collector);
    EXPECT_THAT(collector.seen(),
                ElementsAre(ElementsAre(1U, 2U, 3U), ElementsAre(4U, 5U, 6U), ElementsAre(7U, 8U, 9U)));
  }
}

// Whatever is cut off, what is read is a beginning of what was there.
TEST(Log, IsABeginningOfItselfAtEveryCut) {
  const std::string whole = Segments()[0];
  uint64_t most = 0;
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    const Log log = ReadLog({{kNames[0], prefix}}, 1);
    EXPECT_LE(log.last_index(), 3U);
    EXPECT_GE(log.last_index(), most) << prefix.size();
    most = log.last_index();
    for (uint64_t i = 1; i <= most; ++i) EXPECT_EQ(log.TermAt(i), 1U);
  });
  EXPECT_EQ(most, 3U);
}

TEST(Log, NamesEntries) {
  EXPECT_EQ(NameEntries(5, 5), "entry 5");
  EXPECT_EQ(NameEntries(5, 7), "entries 5 to 7");
}

}  // namespace
}  // namespace etcdmedic::raft
