// SPDX-License-Identifier: Apache-2.0
#include "kubectl/printers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/printed_cells.h"

namespace etcdmedic::kubectl {
namespace {

TEST(Printers, TakeColumnsFromADefinition) {
  ResourceTable table;
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(R"({"spec":{"group":"g.example","names":{"plural":"ts","kind":"T"},"versions":[
    {"name":"v1","additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"},
     {"name":"Born","type":"date","jsonPath":".metadata.creationTimestamp"},{"name":"All","type":"string","jsonPath":".spec","priority":1},
     {"name":"Broken","type":"string","jsonPath":".a["}]},
    {"name":"v2","additionalPrinterColumns":[{"name":"Other","type":"string","jsonPath":".x"}]}]}})",
                              tree));
  ASSERT_TRUE(table.Learn(tree.root()));
  const Resource& resource = *table.Resolve("ts").front();
  text::ObjectTree object;
  ASSERT_FALSE(text::ReadJson(
      R"({"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"size":3}})", object));
  const CellContext narrow{text::ParseTime(test::kNow)->seconds, false},
      wide{text::ParseTime(test::kNow)->seconds, true};
  EXPECT_THAT(TablePrinter(resource, "g.example/v1", narrow).Header(),
              testing::ElementsAre("NAME", "SIZE", "BORN", "BROKEN"));
  EXPECT_THAT(TablePrinter(resource, "g.example/v1", narrow).Row(object.root(), "t"),
              testing::ElementsAre("t", "3", "24h", ""));
  EXPECT_THAT(TablePrinter(resource, "g.example/v1", wide).Row(object.root(), "t"),
              testing::ElementsAre("t", "3", "24h", R"({"size":3})", ""));
  EXPECT_THAT(TablePrinter(resource, "g.example/v3", narrow).Header(), testing::ElementsAre("NAME", "AGE"));
}

TEST(Printers, KnowNoMoreThanTheNameOfWhatCannotBeRead) {
  const ResourceTable table;
  const TablePrinter printer(*table.Resolve("configmaps").front(), "", {0, false});
  EXPECT_THAT(printer.Row({}, "c"), testing::ElementsAre("c", "<unknown>", "<unknown>"));
}

TEST(Printers, CountWhatIsNotShown) {
  EXPECT_EQ(MoreText({}, 0, "<none>"), "<none>");
  EXPECT_EQ(MoreText({"a", "b"}, 2, "<none>"), "a,b");
  EXPECT_EQ(MoreText({"a", "b"}, 5, "<none>"), "a,b + 3 more...");
}

}  // namespace
}  // namespace etcdmedic::kubectl
