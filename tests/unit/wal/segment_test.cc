// SPDX-License-Identifier: Apache-2.0
#include "wal/segment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>

#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::wal {
namespace {

using support::WalBuilder;

// Collects everything and counts the bytes that are owned.
class Collector final : public SegmentVisitor {
 public:
  void OnRecord(const Record& record) override {
    Own(record.offset, record.size);
    datas.emplace_back(AsText(record.data));
    proven.push_back(record.proven);
  }
  void OnSlack(Slack kind, uint64_t offset, uint64_t length) override {
    Own(offset, length);
    slack.push_back(kind);
  }
  void OnDamage(const Damage& damage) override {
    Own(damage.offset, damage.length);
    damages.push_back(damage);
    if (damage.healings.empty()) return;
    datas.emplace_back(AsText(damage.record->data));
    proven.push_back(true);
  }
  void Own(uint64_t offset, uint64_t length) {
    EXPECT_EQ(offset, owned) << "bytes are handed out in order, each once";
    owned = offset + length;
  }
  std::vector<std::string> datas;
  std::vector<bool> proven;
  std::vector<Slack> slack;
  std::vector<Damage> damages;
  uint64_t owned = 0;
};

Collector Read(Bytes bytes, bool last = true) {
  Collector collector;
  ReadSegment(bytes, {std::nullopt, last}, collector);
  EXPECT_EQ(collector.owned, bytes.size()) << "every byte has an owner";
  return collector;
}

WalBuilder Log(size_t entries, size_t size, std::mt19937_64& random) {
  WalBuilder log;
  for (size_t i = 1; i <= entries; ++i) {
    std::string data(size == 0 ? random() % 700 : size, '\0');
    for (char& c : data) c = static_cast<char>(random());
    log.Entry(2, i, data).State(2, 7, i);
  }
  return log;
}

struct Case {
  const char* name;
  Fault fault;
  bool healed;
  std::function<void(std::string&, const WalBuilder&)> damage;
};

class SegmentDamage : public testing::TestWithParam<Case> {};

TEST_P(SegmentDamage, IsFoundAndTheRestIsRead) {
  std::mt19937_64 random(5);
  WalBuilder log = Log(20, 301, random);
  log.Zeros(4096);
  std::string bad = log.bytes();
  GetParam().damage(bad, log);
  ASSERT_TRUE(bad != log.bytes()) << "damage must damage";
  const Collector found = Read(AsBytes(bad));
  ASSERT_EQ(found.damages.size(), 1U);
  EXPECT_EQ(found.damages[0].fault, GetParam().fault) << NameOf(found.damages[0].fault);
  EXPECT_EQ(!found.damages[0].healings.empty(), GetParam().healed);
  const Collector good = Read(AsBytes(log.bytes()));
  if (GetParam().healed) {
    EXPECT_EQ(found.datas, good.datas);
  } else {
    for (const std::string& data : found.datas) {
      EXPECT_NE(std::ranges::find(good.datas, data), good.datas.end())
          << "what is reported sound is equal to the original";
    }
  }
}

const Case kCases[] = {
    {"BitInData", Fault::kCrc, true,
     [](std::string& b, const WalBuilder& w) { b[w.placed()[8].data_offset + 50] ^= 4; }},
    {"BitInCrcField", Fault::kCrc, true,
     [](std::string& b, const WalBuilder& w) { b[w.placed()[8].offset + 12] ^= 1; }},
    {"HugeLength", Fault::kLength, true,
     [](std::string& b, const WalBuilder& w) {
       b.replace(w.placed()[8].offset, 8, std::string(7, '\xFF') + "\x7F");
     }},
    {"ZeroLength", Fault::kLength, true,
     [](std::string& b, const WalBuilder& w) { b.replace(w.placed()[8].offset, 8, std::string(8, '\0')); }},
    {"BitInLength", Fault::kLength, true,
     [](std::string& b, const WalBuilder& w) { b[w.placed()[8].offset] ^= 2; }},
    {"BitInPaddingCount", Fault::kLength, true,
     [](std::string& b, const WalBuilder& w) { b[w.placed()[8].offset + 7] ^= 2; }},
    {"PaddingFlagLost", Fault::kLength, true,
     [](std::string& b, const WalBuilder& w) {
       b[w.placed()[8].offset + 7] = static_cast<char>(b[w.placed()[8].offset + 7] & 0x7F);
     }},
    {"ZeroedSector", Fault::kZeroed, false,
     [](std::string& b, const WalBuilder&) { b.replace(2048, 512, std::string(512, '\0')); }},
    {"Garbage", Fault::kGarbage, false,
     [](std::string& b, const WalBuilder& w) {
       for (size_t i = 0; i < 600; ++i) b[w.placed()[8].offset + i] = static_cast<char>(i * 37 + 11);
     }},
    {"TornTail", Fault::kTornTail, false,
     [](std::string& b, const WalBuilder& w) {
       // The last entry that reaches over the border of a sector, and everything after it.
       for (size_t i = w.placed().size(); i-- > 0;) {
         const size_t border = (w.placed()[i].data_offset / 512 + 1) * 512;
         if (border + 8 >= w.placed()[i].end) continue;
         for (size_t at = border; at < b.size(); ++at) b[at] = 0;
         return;
       }
     }},
    {"TruncatedInData", Fault::kTruncated, false,
     [](std::string& b, const WalBuilder& w) {
       b.resize(w.placed()[w.placed().size() - 2].data_offset + 9);
     }},
    {"TruncatedInLength", Fault::kTruncated, false,
     [](std::string& b, const WalBuilder& w) { b.resize(w.placed()[w.placed().size() - 2].offset + 3); }},
};

INSTANTIATE_TEST_SUITE_P(Kinds, SegmentDamage, testing::ValuesIn(kCases),
                         [](const auto& each) { return each.param.name; });

TEST(Segment, OwnsEveryByteWhereverItIsCut) {
  std::mt19937_64 random(6);
  const std::string bytes = Log(6, 60, random).bytes();
  support::PageEnd memory(bytes.size());
  for (size_t size = 0; size <= bytes.size(); ++size) Read(memory.Place(bytes.substr(0, size)));
}

TEST(Segment, HealsNearlyAllSingleBitFlipsInData) {
  std::mt19937_64 random(7);
  size_t tried = 0, healed = 0;
  for (const size_t size : {40U, 300U, 1000U, 9000U, 65000U}) {
    const WalBuilder log = Log(12, size, random);
    for (int i = 0; i < 1000; ++i) {
      const auto& place =
          log.placed()[2 + random() % 20];  // the last records have nothing after them to prove anything
      std::string bad = log.bytes();
      bad[place.data_offset + random() % place.data_size] ^= static_cast<char>(1 << (random() % 8));
      ASSERT_TRUE(bad != log.bytes());
      Collector found;
      ReadSegment(AsBytes(bad), {}, found);
      ++tried;
      if (found.damages.size() != 1 || found.damages[0].healings.size() != 1) continue;
      const Healing& healing = found.damages[0].healings[0];
      bad.replace(healing.offset, healing.bytes.size(), healing.bytes);
      ASSERT_TRUE(bad == log.bytes()) << "a healing is right or not offered";
      ++healed;
    }
  }
  EXPECT_GE(healed * 100, tried * 99) << healed << " of " << tried;
}

TEST(Segment, OffersNoHealingWhereNothingFollows) {
  std::mt19937_64 random(8);
  WalBuilder log = Log(3, 50, random);
  std::string bad = log.bytes();
  bad[log.placed().back().data_offset] ^= 1;
  const Collector found = Read(AsBytes(bad));
  ASSERT_EQ(found.damages.size(), 1U);
  EXPECT_TRUE(found.damages[0].healings.empty());
}

// Overwrites one to four stretches with zeros, random bytes, or one flipped bit.
std::string DamageAtRandom(std::string bytes, std::mt19937_64& random) {
  for (uint64_t hits = 1 + random() % 4; hits > 0; --hits) {
    const size_t at = random() % bytes.size();
    const size_t length = std::min<size_t>(1 + random() % 900, bytes.size() - at);
    switch (random() % 4) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
        break;
      case 1:
        bytes.replace(at, length, std::string(length, '\0'));
        break;
      case 2:
        for (size_t i = 0; i < length; ++i) bytes[at + i] = static_cast<char>(random());
        break;
      default:
        bytes.resize(at + length);
    }
  }
  return bytes;
}

TEST(Segment, ReportsNothingSoundThatWasNotThereBeforeAnyDamage) {
  std::mt19937_64 random(9);
  size_t damaged = 0;
  for (int round = 0; round < 3000; ++round) {
    WalBuilder log = Log(10, 0, random);
    log.Zeros(random() % 2000);
    const Collector good = Read(AsBytes(log.bytes()));
    const std::set<std::string> originals(good.datas.begin(), good.datas.end());
    const std::string bad = DamageAtRandom(log.bytes(), random);
    if (bad == log.bytes()) continue;
    ++damaged;
    const Collector found = Read(AsBytes(bad));
    for (size_t i = 0; i < found.datas.size(); ++i) {
      if (!found.proven[i]) continue;  // said to be in doubt
      ASSERT_TRUE(originals.contains(found.datas[i])) << "round " << round << ", record " << i;
    }
  }
  EXPECT_GT(damaged, 2900U);
}

TEST(Segment, TakesZerosBeforeALoneRecordForLostRecords) {
  std::mt19937_64 random(11);
  const WalBuilder log = Log(12, 100, random);
  std::string bad = log.bytes();
  const auto& from = log.placed()[log.placed().size() - 6];
  const auto& last = log.placed().back();
  bad.replace(from.offset, last.offset - from.offset, std::string(last.offset - from.offset, '\0'));
  const Collector found = Read(AsBytes(bad));
  ASSERT_EQ(found.damages.size(), 1U);
  EXPECT_EQ(found.damages[0].fault, Fault::kZeroed);
  EXPECT_FALSE(found.damages[0].followed);
  EXPECT_EQ(found.damages[0].offset, from.offset);
}

TEST(Segment, ReadsTheUnpaddedFramesOfEtcd2) {
  std::mt19937_64 random(12);
  WalBuilder log(0, 1, false);
  for (uint64_t i = 1; i < 40; ++i) log.Put(2, i, "key", std::string(random() % 50, 'v')).State(2, 1, i);
  Collector found;
  const SegmentChain chain = ReadSegment(AsBytes(log.bytes()), {}, found);
  EXPECT_TRUE(found.damages.empty());
  EXPECT_TRUE(chain.plain_frames);
  EXPECT_EQ(found.datas.size(), log.placed().size());
  // Resynchronising does not rely on alignment there.
  std::string bad = log.bytes();
  const auto& hit = log.placed()[20];
  for (size_t i = 0; i < 30; ++i) bad[hit.offset + i] = static_cast<char>(random());
  const Collector past = Read(AsBytes(bad));
  ASSERT_EQ(past.damages.size(), 1U);
  EXPECT_TRUE(past.damages[0].followed);
  EXPECT_GE(past.datas.size() + 4, found.datas.size());
}

}  // namespace
}  // namespace etcdmedic::wal
