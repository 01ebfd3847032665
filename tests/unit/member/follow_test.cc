// SPDX-License-Identifier: Apache-2.0
#include "member/follow.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/wal_builder.h"

namespace etcdmedic::member {
namespace {

using support::WalBuilder;

class Counting final : public wal::SegmentVisitor {
 public:
  void OnRecord(const wal::Record&) override { ++records; }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage&) override {}
  size_t records = 0;
};

class FollowTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/etcdmedic-follow-XXXXXX";
    folder_ = mkdtemp(pattern);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes << std::string(4096, '\0');
  }
  LogFollower::Seen Poll(LogFollower& follower) {
    auto seen = follower.Poll(found_, [&](const std::string& file) { entered_.push_back(file); });
    EXPECT_TRUE(seen);
    return *seen;
  }
  std::string folder_;
  Counting found_;
  std::vector<std::string> entered_;
};

const std::string kFirst = wal::FormatSegmentName({0, 0});
const std::string kSecond = wal::FormatSegmentName({1, 3});

TEST_F(FollowTest, HandsOutEachRecordOnceAndWaitsForHalfOnes) {
  WalBuilder log;
  log.Put(1, 1, "a", "b");
  Write(kFirst, log.bytes());
  LogFollower follower(folder_, kFirst);
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kRecords);
  EXPECT_EQ(found_.records, 3U);
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kNothing);
  log.Put(1, 2, "c", std::string(300, 'd'));
  Write(kFirst, log.bytes().substr(0, log.bytes().size() - 100));
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kHalf);
  EXPECT_EQ(found_.records, 3U);
  Write(kFirst, log.bytes());
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kRecords);
  EXPECT_EQ(found_.records, 4U);
  EXPECT_EQ(entered_, std::vector{kFirst});
}

TEST_F(FollowTest, GoesOnIntoTheNextSegment) {
  WalBuilder log;
  Write(kFirst, log.Put(1, 1, "a", "b").Put(1, 2, "a", "c").bytes());
  LogFollower follower(folder_, kFirst);
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kRecords);
  WalBuilder next(log.crc());
  Write(kSecond, next.Put(1, 3, "a", "d").bytes());
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kRecords);
  EXPECT_EQ(found_.records, 7U);
  EXPECT_EQ(entered_, (std::vector{kFirst, kSecond}));
}

TEST_F(FollowTest, DoesNotEnterASegmentThatContinuesAnotherChain) {
  WalBuilder log, other(4711);
  Write(kFirst, log.Put(1, 1, "a", "b").bytes());
  Write(kSecond, other.Put(1, 3, "a", "d").bytes());
  LogFollower follower(folder_, kFirst);
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kRecords);
  EXPECT_EQ(Poll(follower), LogFollower::Seen::kHalf);
  EXPECT_EQ(found_.records, 3U);
}

}  // namespace
}  // namespace etcdmedic::member
