// SPDX-License-Identifier: Apache-2.0
#include "proto/wire.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace etcdmedic::proto {
namespace {

// The last field that was seen; it outlives what it was read from.
struct Last {
  uint64_t number = 0;
  uint64_t value = 0;
  std::string bytes;
};

// The steps that a reader takes over `bytes`.
std::vector<WireStep> Steps(const std::string& bytes, Last& last) {
  std::vector<WireStep> steps;
  WireReader reader(AsBytes(bytes));
  WireField field;
  do {
    steps.push_back(reader.Next(field));
  } while (steps.back() == WireStep::kField);
  last = {field.number, field.value, std::string(AsText(field.bytes))};
  return steps;
}

TEST(Wire, ReadsEveryType) {
  Last field;
  using enum WireStep;
  EXPECT_EQ(Steps("", field), std::vector{kEnd});
  EXPECT_EQ(Steps({"\x08\x96\x01"}, field), (std::vector{kField, kEnd}));
  EXPECT_EQ(field.value, 150U);
  EXPECT_EQ(Steps({"\x12\x03xyz"}, field), (std::vector{kField, kEnd}));
  EXPECT_EQ(field.bytes, "xyz");
  EXPECT_EQ(Steps(std::string("\x19\1\0\0\0\0\0\0\x80", 9), field), (std::vector{kField, kEnd}));
  EXPECT_EQ(field.value, 0x8000000000000001U);
  EXPECT_EQ(Steps(std::string("\x1d\1\0\0\0", 5), field), (std::vector{kField, kEnd}));
  EXPECT_EQ(Steps({"\x1b\x08\x01\x23\x24\x1c"}, field), (std::vector{kField, kEnd})) << "a group in a group";
  EXPECT_EQ(field.bytes, "\x08\x01\x23\x24");
}

TEST(Wire, DistinguishesCutFromBroken) {
  Last field;
  using enum WireStep;
  EXPECT_EQ(Steps({"\x12\x05xyz"}, field), std::vector{kCut});
  EXPECT_EQ(field.bytes, "xyz") << "what is left of the payload";
  EXPECT_EQ(field.number, 2U);
  EXPECT_EQ(Steps({"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7fxy"}, field), std::vector{kCut});
  EXPECT_EQ(Steps({"\x0f"}, field), std::vector{kBroken}) << "wire type 7";
  EXPECT_EQ(Steps({"\x02"}, field), std::vector{kBroken}) << "number 0";
  EXPECT_EQ(Steps({"\x80"}, field), std::vector{kBroken});
  EXPECT_EQ(Steps({"\x08"}, field), std::vector{kBroken});
  EXPECT_EQ(Steps({"\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"}, field), std::vector{kBroken});
  EXPECT_EQ(Steps({"\x09\x01\x02"}, field), std::vector{kBroken});
  EXPECT_EQ(Steps({"\x1b\x08\x01"}, field), std::vector{kBroken}) << "a group without an end";
  EXPECT_EQ(Steps(std::string(100000, '\x1b'), field), std::vector{kBroken}) << "groups do not recurse";
}

// tests/e2e/verdicts.py compares the same with etcd's own parsers.
TEST(Wire, IsAsStrictAsEtcd) {
  Last field;
  using enum WireStep;
  const std::string ones(9, '\xff');
  EXPECT_EQ(Steps("\x08" + ones + "\x7f", field), (std::vector{kField, kEnd})) << "bits beyond 64";
  EXPECT_EQ(field.value, UINT64_MAX);
  EXPECT_EQ(Steps("\x08" + ones + "\x81\x01", field), std::vector{kBroken}) << "eleven bytes";
  EXPECT_EQ(Steps({"\xf8\xff\xff\xff\x3f\x05"}, field), (std::vector{kField, kEnd})) << "the largest number";
  EXPECT_EQ(field.number, 0x7fffffffU);
  EXPECT_EQ(Steps({"\xf8\xff\xff\xff\x7f\x05"}, field), std::vector{kBroken}) << "a negative number";
  EXPECT_EQ(Steps({"\x88\x80\x80\x80\x80\x01\x05"}, field), (std::vector{kField, kEnd}))
      << "a tag beyond 32 bits";
  EXPECT_EQ(field.number, 1U);
  EXPECT_EQ(Steps(std::string("\x0b\x00\x01\x14", 4), field), (std::vector{kField, kEnd}))
      << "numbers in a group";
  EXPECT_EQ(Steps({"\x0b\x12\x05xy\x0c"}, field), std::vector{kBroken})
      << "a length beyond the end in a group";
  EXPECT_EQ(Steps({"\x0c"}, field), std::vector{kBroken}) << "the end of no group";
  EXPECT_EQ(Steps({"\x0e\x01"}, field), std::vector{kBroken}) << "wire type 6";
  EXPECT_EQ(Steps({"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}, field), std::vector{kCut})
      << "a negative length";
}

TEST(Wire, FieldsGiveTheirValueToItsOwnTypeOnly) {
  int32_t number = 0;
  std::string text;
  Bytes bytes;
  const WireField varint{nullptr, 1, kVarint, (uint64_t{1} << 32) + 7, {}};
  EXPECT_TRUE(varint.Number(number));
  EXPECT_EQ(number, 7) << "cut to its width";
  EXPECT_FALSE(varint.Payload(text) || varint.Payload(bytes));
  const WireField delimited{nullptr, 1, kDelimited, 2, AsBytes("xy")};
  EXPECT_TRUE(delimited.Payload(text) && delimited.Payload(bytes));
  EXPECT_EQ(text, "xy");
  EXPECT_FALSE(delimited.Number(number));
  EXPECT_EQ(number, 7);
}

TEST(Wire, ForEachFieldStopsWhereItIsTold) {
  const auto numbers = [](const std::string& message, uint32_t last) {
    std::vector<uint32_t> seen;
    const bool whole = ForEachField(AsBytes(message), [&](const WireField& field) {
      seen.push_back(field.number);
      return field.number != last;
    });
    return std::pair(seen, whole);
  };
  EXPECT_EQ(numbers({"\x08\x01\x10\x02\x18\x03"}, 9), std::pair(std::vector<uint32_t>({1, 2, 3}), true));
  EXPECT_EQ(numbers({"\x08\x01\x10\x02\x18\x03"}, 2), std::pair(std::vector<uint32_t>({1, 2}), false));
  EXPECT_EQ(numbers({"\x08\x01\x12\x09"}, 9), std::pair(std::vector<uint32_t>({1}), false)) << "cut";
}

TEST(Wire, ReadsWhatItWrites) {
  for (const uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{1} << 35, UINT64_MAX}) {
    for (const uint32_t number : {1U, 15U, 16U, 9900U, 0x1fffffffU}) {
      std::string message;
      AppendNumber(number, value, message);
      AppendDelimited(number, std::string(value % 300, 'x'), message);
      Last field;
      EXPECT_EQ(Steps(message, field), (std::vector{WireStep::kField, WireStep::kField, WireStep::kEnd}));
      EXPECT_EQ(field.number, number);
      EXPECT_EQ(field.bytes, std::string(value % 300, 'x'));
    }
  }
  std::string message;
  AppendNumber(2, 300, message);
  EXPECT_EQ(message, "\x10\xac\x02");
}

TEST(Wire, TakesTheFieldThatIsNamedOrNothing) {
  const std::string message("\x08\x96\x01\x12\x02xy\x1A\x05z", 10);
  WireReader reader(AsBytes(message));
  uint32_t number = 7;
  Bytes bytes;
  EXPECT_FALSE(reader.TakeNumber(2, number)) << "another number";
  EXPECT_FALSE(reader.TakePayload(1, bytes)) << "another type";
  EXPECT_EQ(number, 7U);
  EXPECT_TRUE(reader.TakeNumber(1, number));
  EXPECT_EQ(number, 150U);
  EXPECT_TRUE(reader.TakePayload(2, bytes));
  EXPECT_EQ(AsText(bytes), "xy");
  const char* const at = reader.at();
  EXPECT_FALSE(reader.TakePayload(3, bytes)) << "cut";
  EXPECT_EQ(reader.at(), at);
  EXPECT_EQ(AsText(bytes), "xy");
  WireField field;
  EXPECT_EQ(reader.Next(field), WireStep::kCut) << "as Next sees it";
  WireReader number_cut(AsBytes("\x08"));
  EXPECT_FALSE(number_cut.TakeNumber(1, number));
  EXPECT_EQ(number_cut.Next(field), WireStep::kBroken);
}

// Short tags are read in line and longer ones out of line; both are one reader.
TEST(Wire, ReadsAFieldTheSameHoweverLongItsTagIsSpelled) {
  const auto spelled = [](uint32_t tag, size_t bytes) {
    std::string out;
    for (; out.size() + 1 < bytes || tag >= 0x80; tag >>= 7) out += static_cast<char>(tag | 0x80);
    return out + static_cast<char>(tag);
  };
  for (uint32_t number = 0; number < 3000; number += number < 40 ? 1 : 37) {
    for (uint32_t type = 0; type < 8; ++type) {
      const uint32_t tag = number << 3 | type;
      const std::string rest(
          "\x05"
          "abcdefghi",
          10);
      Last wanted, found;
      const std::vector<WireStep> steps = Steps(spelled(tag, 5) + rest, wanted);
      for (size_t bytes = 1; bytes < 5; ++bytes) {
        EXPECT_EQ(Steps(spelled(tag, bytes) + rest, found), steps) << number << " " << type << " " << bytes;
        EXPECT_EQ(found.number, wanted.number);
        EXPECT_EQ(found.value, wanted.value);
        EXPECT_EQ(found.bytes, wanted.bytes);
      }
    }
  }
}

}  // namespace
}  // namespace etcdmedic::proto
