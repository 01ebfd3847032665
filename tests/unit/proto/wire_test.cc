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

TEST(Wire, TellsCutFromBroken) {
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

}  // namespace
}  // namespace etcdmedic::proto
