// SPDX-License-Identifier: Apache-2.0
#include "proto/walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/page_end.h"

namespace etcdmedic::proto {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;

constexpr FieldInfo Plain(uint32_t number, std::string_view name, FieldType type, bool repeated = false) {
  return {number, name, type, FieldRole::kPlain, repeated, nullptr, {}};
}
extern const MessageInfo kNode;
constexpr FieldInfo kFields[] = {Plain(1, "number", FieldType::kInt64),
                                 Plain(2, "text", FieldType::kString),
                                 Plain(3, "many", FieldType::kUint64, true),
                                 {5, "node", FieldType::kMessage, FieldRole::kPlain, true, &kNode, {}}};
constexpr MessageInfo kNode{"Node", kFields};

// What a visitor sees, as lines.
class Lines final : public MessageVisitor {
 public:
  void OnNumber(const FieldInfo& field, uint64_t value) override {
    lines.push_back(std::string(field.name) + "=" + std::to_string(value));
  }
  void OnBytes(const FieldInfo& field, Bytes value) override {
    lines.push_back(std::string(field.name) + "='" + std::string(AsText(value)) + "'");
  }
  void OnBegin(const FieldInfo& field) override { lines.push_back(std::string(field.name) + "{"); }
  void OnEnd(const FieldInfo&) override { lines.emplace_back("}"); }
  void OnUnknown(uint32_t number, bool is_bytes, uint64_t value, Bytes bytes) override {
    lines.push_back("?" + std::to_string(number) +
                    (is_bytes ? ":" + std::string(AsText(bytes)) : "=" + std::to_string(value)));
  }
  std::vector<std::string> lines;
};

TEST(Walk, VisitsFieldsInWireOrder) {
  Lines seen;
  const std::string message =
      "\x12\x02hi\x08\x07\x1A\x03\x01\x96\x01\x18\x05\x21\1\0\0\0\0\0\0\0\x2A\x04\x2A\x02\x08\x09\x48\x03\x52"
      "\x01z"
      "\x59\2\0\0\0\0\0\0\0\x65\3\0\0\0"s;
  EXPECT_TRUE(WalkMessage(kNode, AsBytes(message), seen));
  EXPECT_THAT(seen.lines,
              ElementsAre("text='hi'", "number=7", "many=1", "many=150", "many=5", "?4=1", "node{", "node{",
                          "number=9", "}", "}", "?9=3", "?10:z", "?11=2", "?12=3"));
  EXPECT_TRUE(IsWellFormed(kNode, AsBytes(message)));
}

TEST(Walk, RefusesWhatAStrictParserRefuses) {
  for (const std::string& bytes :
       {"\x0A\x01x"s, "\x10\x01"s, "\x28\x01"s, "\x12\x03hi"s, "\x08"s, "\x1A\x01\x80"s, "\x2A\x02\x08\x80"s,
        "\x2A\x02\x2A\x05"s, "\x4F"s, "\x00\x00"s}) {
    support::PageEnd memory(bytes.size());
    EXPECT_FALSE(IsWellFormed(kNode, memory.Place(bytes))) << testing::PrintToString(bytes);
  }
}

TEST(Walk, LetsTheLastNumberOfAListEndBeyondIt) {
  Lines seen;
  EXPECT_TRUE(WalkMessage(kNode, AsBytes("\x1A\x02\x05\x96\x01\x08\x07"s), seen)) << "as etcd does";
  EXPECT_THAT(seen.lines, ElementsAre("many=5", "many=150", "number=7"));
}

TEST(Walk, HasABottom) {
  const auto nested = [](int depth) {
    std::string bytes;
    for (int i = 0; i < depth; ++i) {
      std::string size;
      for (size_t left = bytes.size();; left >>= 7) {
        size += static_cast<char>((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
        if (left <= 0x7F) break;
      }
      bytes = "\x2A" + size + bytes;
    }
    return bytes;
  };
  EXPECT_TRUE(IsWellFormed(kNode, AsBytes(nested(kDeepestMessage))));
  EXPECT_FALSE(IsWellFormed(kNode, AsBytes(nested(kDeepestMessage + 1))));
  EXPECT_FALSE(IsWellFormed(kNode, AsBytes(nested(20000))));
}

TEST(Walk, SeesABeginningAtEveryCut) {
  const std::string whole =
      "\x12\x02hi\x08\x96\x01\x1A\x03\x01\x96\x01\x21\1\2\3\4\5\6\7\x08\x2A\x06\x2A\x02\x08\x09\x08\x01"s;
  Lines all;
  ASSERT_TRUE(WalkMessage(kNode, AsBytes(whole), all));
  size_t sound = 0;
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    Lines seen;
    sound += WalkMessage(kNode, prefix, seen);
    ASSERT_LE(seen.lines.size(), all.lines.size());
    for (size_t i = 0; i < seen.lines.size(); ++i) EXPECT_EQ(seen.lines[i], all.lines[i]) << prefix.size();
  });
  EXPECT_EQ(sound, 6U) << "between the outer fields only";
}

TEST(FindField, KnowsTheFieldsOfTheTable) {
  EXPECT_EQ(FindField(kNode, 2)->name, "text");
  EXPECT_EQ(FindField(kNode, 0), nullptr);
  EXPECT_EQ(FindField(kNode, 99), nullptr);
}

}  // namespace
}  // namespace etcdmedic::proto
