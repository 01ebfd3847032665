// SPDX-License-Identifier: Apache-2.0
#include "startup/sound_log.h"

#include <gtest/gtest.h>

#include <random>

#include "startup/etcd_decoder.h"
#include "support/startup_member.h"

namespace etcdmedic::startup {
namespace {

using support::StartupMember;
using support::WalBuilder;

std::vector<const raft::Segment*> SegmentsOf(const StartupMember& member) {
  std::vector<const raft::Segment*> segments;
  for (const raft::Segment& segment : member.state.log.segments) segments.push_back(&segment);
  return segments;
}

TEST(SoundLog, ReadsToItsEndWhereNothingIsWrong) {
  StartupMember member;
  member.Load();
  EXPECT_TRUE(ReadsToCleanEnd(SegmentsOf(member)));
  EXPECT_FALSE(ReadsToCleanEnd({}));
}

TEST(SoundLog, IsNotOneWhereAnyByteOfARecordDiffers) {
  StartupMember member;
  const std::string sound = member.segments[StartupMember::kMiddle];
  const size_t end = member.placed[StartupMember::kMiddle].back().end;
  for (size_t at = 0; at < end; at += 3) {
    member.segments[StartupMember::kMiddle] = sound;
    member.segments[StartupMember::kMiddle][at] = static_cast<char>(sound[at] ^ 1);
    member.Load();
    EXPECT_FALSE(ReadsToCleanEnd(SegmentsOf(member))) << at;
  }
}

TEST(SoundLog, IsNotOneWhereTheChainBreaks) {
  StartupMember member;
  member.segments.erase(StartupMember::kMiddle);
  member.Load();
  EXPECT_FALSE(ReadsToCleanEnd(SegmentsOf(member)));
}

struct File {
  std::string name;
  std::string bytes;
};

// What etcd's reader is left with, by the rule itself: an entry drops everything from its own index on.
struct Replayed {
  DecodeEnd end;
  uint64_t last = 0;
  bool gap = false;
};

Replayed Replay(const std::vector<File>& files, uint64_t index) {
  std::vector<Bytes> bytes;
  for (const File& file : files) bytes.push_back(AsBytes(file.bytes));
  EtcdDecoder decoder(bytes, {});
  Replayed replayed{DecodeEnd::kRecord};
  for (;;) {
    const Decoded next = decoder.Next();
    replayed.end = next.end;
    if (next.end != DecodeEnd::kRecord) return replayed;
    raft::Entry entry;
    if (next.record.type != wal::RecordType::kEntry || !raft::ParseEntry(next.record.data, entry)) continue;
    if (entry.index <= index) continue;
    if (entry.index > std::max(replayed.last, index) + 1) replayed.gap = true;
    replayed.last = entry.index;
  }
}

TEST(SoundLog, IsWhatEtcdsReaderIsLeftWith) {
  std::mt19937_64 random(3);
  size_t sound = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<File> files;
    uint32_t seed = 0;
    uint64_t index = 0, term = 1;
    for (uint64_t segment = 0; segment < 1 + random() % 3; ++segment) {
      WalBuilder log(seed);
      for (int i = 0; i < 8; ++i) {
        if (random() % 5 == 0)
          index -= std::min<uint64_t>(index, random() % 3), ++term;  // a new leader replaces
        if (random() % 40 == 0) ++index;                             // a hole
        log.Put(term, ++index, "k", "v");
      }
      seed = log.crc();
      files.push_back(
          {wal::FormatSegmentName({segment, segment == 0 ? 0 : index}), log.Zeros(random() % 3 * 8).bytes()});
    }
    if (random() % 4 == 0) files[0].bytes[200] = static_cast<char>(files[0].bytes[200] ^ 16);
    std::vector<raft::SegmentInput> inputs;
    for (const File& file : files) inputs.push_back({file.name, AsBytes(file.bytes)});
    const raft::Log log = raft::ReadLog(inputs, 1);
    std::vector<const raft::Segment*> segments;
    for (const raft::Segment& segment : log.segments) segments.push_back(&segment);
    if (!ReadsToCleanEnd(segments)) continue;
    ++sound;
    for (const uint64_t from : {uint64_t{0}, uint64_t{4}, index - 1}) {
      const EntriesAfter told = FindEntriesAfter(segments, from);
      const Replayed replayed = Replay(files, from);
      ASSERT_EQ(replayed.end, DecodeEnd::kEof) << "round " << round;
      ASSERT_EQ(told.gap, replayed.gap) << "round " << round;
      if (told.gap) continue;
      ASSERT_EQ(told.last, replayed.last) << "round " << round;
    }
  }
  EXPECT_GT(sound, 100U);
}

}  // namespace
}  // namespace etcdmedic::startup
