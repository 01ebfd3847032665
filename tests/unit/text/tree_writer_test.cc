// SPDX-License-Identifier: Apache-2.0
#include "text/tree_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "text/json_text.h"
#include "text/json_writer.h"

namespace etcdmedic::text {
namespace {

// One document, by whichever writer.
template <class Writer>
void WriteSample(Writer& writer, std::string_view text) {
  writer.BeginMap();
  writer.Key("list");
  writer.BeginList();
  writer.Int(-7);
  writer.Uint(std::numeric_limits<uint64_t>::max());
  writer.Double(1e21);
  writer.Double(std::numeric_limits<double>::quiet_NaN());
  writer.Number("1.50");
  writer.Number("12345678901234567890");
  writer.WrittenNumber("1.50");
  writer.Digits("-18446744073709551616");
  writer.EndList();
  writer.Key("empty");
  writer.BeginMap();
  writer.EndMap();
  writer.Key("text\xFF");
  writer.String(text);
  writer.Key("yes");
  writer.Bool(true);
  writer.Key("no");
  writer.Bool(false);
  writer.Key("null");
  writer.Null();
  writer.EndMap();
}

TEST(TreeWriter, TheTreeHoldsWhatJsonTextHolds) {
  for (const std::string_view text :
       {"", "plain", "\xED\xA0\x80 surrogate", "cut \xE2\x82", "\xC0\x80 <&>"}) {
    std::string json;
    JsonWriter json_writer(json);
    WriteSample(json_writer, text);
    ObjectTree tree;
    TreeWriter writer(tree, text);
    WriteSample(writer, text);
    std::string printed;
    tree.root().AppendJson(printed);
    ObjectTree read;
    ASSERT_FALSE(ReadJson(json, read));
    std::string reprinted;
    read.root().AppendJson(reprinted);
    EXPECT_EQ(printed, reprinted);
  }
}

TEST(TreeWriter, CopiesWhatDoesNotLast) {
  const std::string lasting = "lasting text";
  std::string fleeting = "fleeting";
  ObjectTree tree;
  TreeWriter writer(tree, lasting);
  writer.BeginList();
  writer.String(std::string_view(lasting).substr(8));
  writer.String(fleeting);
  writer.EndList();
  fleeting = "XXXXXXXX";
  EXPECT_EQ(tree.root().Item(0).text().data(), lasting.data() + 8) << "a view";
  EXPECT_EQ(tree.root().Item(1).text(), "fleeting");
}

TEST(TreeWriter, LongTextsKeepTheirPlaceAndATreeCanBeUsedAgain) {
  ObjectTree tree;
  for (int round = 0; round < 3; ++round) {
    tree.Clear();
    TreeWriter writer(tree, {});
    writer.BeginList();
    for (size_t size : {0U, 1U, 4095U, 4096U, 4097U, 100000U, 3U}) writer.String(std::string(size, 'a'));
    writer.EndList();
    size_t total = 0;
    for (const ObjectView item : tree.root()) {
      EXPECT_EQ(item.text().find_first_not_of('a'), std::string_view::npos);
      total += item.text().size();
    }
    EXPECT_EQ(total, 0U + 1 + 4095 + 4096 + 4097 + 100000 + 3);
    EXPECT_EQ(tree.root().size(), 7U);
  }
}

}  // namespace
}  // namespace etcdmedic::text
