// SPDX-License-Identifier: Apache-2.0
#include "wal/frame.h"

#include <gtest/gtest.h>

#include <random>

#include "proto/wire.h"
#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::wal {
namespace {

std::string LittleEndian(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  return out;
}

std::string Framed(const std::string& payload) {
  const std::string field = LittleEndian(LengthField(payload.size()), 8);
  return field + payload + std::string(PaddingFor(payload.size()), '\0');
}

TEST(LengthField, CountsPaddingAsEtcdDoes) {
  EXPECT_EQ(LengthField(8), 8U);
  EXPECT_EQ(LengthField(1), 0x8700000000000001U);
  EXPECT_EQ(LengthField(15), 0x810000000000000FU);
  for (uint64_t length = 1; length < 40; ++length) EXPECT_EQ((length + PaddingFor(length)) % 8, 0U);
}

TEST(Frame, ReadsWhatTheBuilderWrites) {
  const support::WalBuilder log = support::WalBuilder().Entry(1, 1, "data").State(1, 1, 1);
  for (const auto& placed : log.placed()) {
    Frame frame;
    ASSERT_EQ(ReadFrame(AsBytes(log.bytes()), placed.offset, frame), FrameFault::kNone);
    EXPECT_EQ(frame.end(), placed.end);
    Record record;
    ASSERT_TRUE(ParseRecord(frame, record));
    EXPECT_EQ(record.end(), placed.end);
    EXPECT_EQ(record.data.size(), placed.data_size);
    if (placed.data_size > 0) {
      EXPECT_EQ(record.data_offset, placed.data_offset);
    }
    EXPECT_FALSE(record.padding_dirty);
  }
}

TEST(Frame, SaysWhyThereIsNone) {
  struct Row {
    std::string bytes;
    FrameFault fault;
  };
  const Row rows[] = {
      {"", FrameFault::kEnd},
      {std::string(7, '\1'), FrameFault::kShortField},
      {std::string(8, '\0'), FrameFault::kZero},
      {LittleEndian(1, 8), FrameFault::kPastEnd},
      {LittleEndian(3, 8) + "ab", FrameFault::kPastEnd},
      {LittleEndian(3, 8) + "abc", FrameFault::kNone},
      {LittleEndian(0x8500000000000003, 8) + "abc" + std::string(4, '\0'), FrameFault::kPastEnd},
      {LittleEndian(0x8500000000000003, 8) + "abc" + std::string(5, '\0'), FrameFault::kNone},
      {LittleEndian(0x00FFFFFFFFFFFFFF, 8) + "abc", FrameFault::kPastEnd},
      {LittleEndian(0x7FFFFFFFFFFFFFFF, 8) + "abc", FrameFault::kPastEnd},
      {LittleEndian(UINT64_MAX, 8) + "abc", FrameFault::kPastEnd},
  };
  for (const Row& row : rows) {
    support::PageEnd memory(row.bytes.size());
    Frame frame;
    EXPECT_EQ(ReadFrame(memory.Place(row.bytes), 0, frame), row.fault) << testing::PrintToString(row.bytes);
  }
}

TEST(Frame, IsWholeOrNotAtEveryCut) {
  const std::string whole = Framed(
      "\x08\x02\x10\x07\x1A\x03"
      "abc");
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    Frame frame;
    const FrameFault fault = ReadFrame(prefix, 0, frame);
    EXPECT_EQ(fault == FrameFault::kNone, prefix.size() == whole.size()) << prefix.size();
    if (prefix.size() < 8) {
      EXPECT_EQ(fault, prefix.empty() ? FrameFault::kEnd : FrameFault::kShortField);
    }
  });
}

// The payload alone, at the end of what may be read.
bool Parse(Bytes payload, Record& record) {
  Frame frame;
  frame.payload = payload;
  return ParseRecord(frame, record);
}

TEST(Record, TakesWhatAProtobufParserTakes) {
  struct Row {
    std::string payload;
    bool taken;
  };
  using namespace std::string_literals;
  const Row rows[] = {
      {"\x08\x02\x10\x07\x1A\x03"
       "abc",
       true},
      {"\x1A\x03"
       "abc\x10\x07\x08\x02",
       true},  // another order
      {"\x08\x02\x10\x07\x1A\x03"
       "xxx\x1A\x03"
       "abc",
       true},  // the last one counts
      {"\x08\x02\x20\x05\x10\x07\x1A\x03"
       "abc",
       true},  // an unknown field
      {"\x08\x02\x10\x07\x1A\x04"
       "abc",
       false},                              // data past the end
      {"\x0A\x01\x02\x10\x07", false},      // type as bytes
      {"\x08\x02\x12\x01\x07", false},      // crc as bytes
      {"\x08\x02\x10\x07\x18\x03", false},  // data as a number
      {"\x08\x02\x10\x07\x1A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"
       "abc",
       false},
      {"\x08", false},
      {"\x80", false},
  };
  for (const Row& row : rows) {
    support::PageEnd memory(row.payload.size());
    Record record;
    EXPECT_EQ(Parse(memory.Place(row.payload), record), row.taken) << testing::PrintToString(row.payload);
    if (!row.taken) continue;
    EXPECT_EQ(record.type, RecordType::kEntry);
    EXPECT_EQ(record.crc, 7U);
    EXPECT_EQ(AsText(record.data), "abc");
  }
}

TEST(Record, NeverReadsPastAnyCut) {
  size_t taken = 0;
  support::ForEachPrefix(
      "\x08\x02\x10\x87\x01\x1A\x0A"
      "0123456789\x20\x01",
      [&](Bytes prefix) {
        Record record;
        if (!Parse(prefix, record)) return;
        ++taken;
        EXPECT_TRUE(record.data.empty() || AsText(record.data) == "0123456789") << "all of the data or none";
      });
  EXPECT_EQ(taken, 5U) << "cuts between fields are messages too";
}

TEST(Record, SeesDirtyPadding) {
  std::string bytes = Framed("\x08\x04\x10\x07\x20\x01");
  Frame frame;
  Record record;
  ASSERT_EQ(ReadFrame(AsBytes(bytes), 0, frame), FrameFault::kNone);
  ASSERT_TRUE(ParseRecord(frame, record));
  EXPECT_FALSE(record.padding_dirty);
  bytes.back() = '\1';
  ASSERT_TRUE(ParseRecord(frame, record));
  EXPECT_TRUE(record.padding_dirty);
}

TEST(LooksTorn, WantsAWholeSectorOfZeros) {
  std::string bytes = Framed(std::string(1200, 'x'));
  Frame frame;
  ASSERT_EQ(ReadFrame(AsBytes(bytes), 0, frame), FrameFault::kNone);
  EXPECT_FALSE(LooksTorn(AsBytes(bytes), frame));
  std::string half = bytes;
  half.replace(600, 500, std::string(500, '\0'));
  EXPECT_FALSE(LooksTorn(AsBytes(half), frame)) << "no sector is all zeros";
  std::string sector = bytes;
  sector.replace(512, 512, std::string(512, '\0'));
  EXPECT_TRUE(LooksTorn(AsBytes(sector), frame));
  std::string tail = bytes;
  tail.replace(1024, tail.size() - 1024, std::string(tail.size() - 1024, '\0'));
  EXPECT_TRUE(LooksTorn(AsBytes(tail), frame)) << "the last piece is shorter than a sector";
}

TEST(RecordType, HasANameForEachAndOneForTheRest) {
  EXPECT_EQ(NameOf(RecordType::kMetadata), "metadata");
  EXPECT_EQ(NameOf(RecordType::kSnapshot), "snapshot");
  EXPECT_EQ(NameOf(static_cast<RecordType>(0)), "unknown");
  EXPECT_EQ(NameOf(static_cast<RecordType>(-1)), "unknown");
  EXPECT_EQ(NameOf(static_cast<RecordType>(6)), "unknown");
}

// The same field by field, in whatever order they come: what the message means.
struct Plain {
  bool whole = false;
  RecordType type = {};
  uint32_t crc = 0;
  std::string data;
};
Plain ReadPlainly(Bytes payload) {
  Plain plain;
  plain.whole = proto::ForEachField(payload, [&](const proto::WireField& field) {
    if (field.number == 1) return field.Number(plain.type);
    if (field.number == 2) return field.Number(plain.crc);
    return field.number != 3 || field.Payload(plain.data);
  });
  return plain;
}

// What is taken for the usual order gives what reading field by field gives, whatever the bytes are.
TEST(Record, IsReadTheSameWhateverTheOrderOfItsFields) {
  const std::string pieces[] = {"\x08\x02",
                                "\x08\x80\x01",
                                "\x10\x07",
                                "\x10\xFF\xFF\xFF\xFF\x1F",
                                "\x1A\x03"
                                "abc",
                                std::string("\x1A\x00", 2),
                                "\x20\x05",
                                "\x0A\x01x",
                                "\x18\x03",
                                "\x12\x01y",
                                "\x08",
                                "\x1A\x7F"
                                "cut",
                                "\x88\x00\x09",
                                "\x80",
                                "\x1B\x1C"};
  std::mt19937_64 random(5);
  size_t whole = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string payload;
    for (uint64_t i = random() % 6; i > 0; --i) payload += pieces[random() % std::size(pieces)];
    if (random() % 4 == 0 && !payload.empty())
      payload[random() % payload.size()] ^= static_cast<char>(1 << random() % 8);
    support::PageEnd memory(payload.size());
    const Bytes placed = memory.Place(payload);
    Record record;
    const Plain plain = ReadPlainly(placed);
    ASSERT_EQ(Parse(placed, record), plain.whole) << testing::PrintToString(payload);
    if (!plain.whole) continue;
    ++whole;
    ASSERT_EQ(record.type, plain.type) << testing::PrintToString(payload);
    ASSERT_EQ(record.crc, plain.crc) << testing::PrintToString(payload);
    ASSERT_EQ(AsText(record.data), plain.data) << testing::PrintToString(payload);
  }
  EXPECT_GT(whole, 1000U);
}

}  // namespace
}  // namespace etcdmedic::wal
