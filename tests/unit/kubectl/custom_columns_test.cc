// SPDX-License-Identifier: Apache-2.0
#include "kubectl/custom_columns.h"

#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kObject =
    R"({"metadata": {"name": "web"}, "spec": {"containers": [{"name": "a", "port": 80}, {"name": "b"}]}})";

// "HEADER=cell" for each column, with blanks between.
std::string Printed(const Result<std::vector<CustomColumn>>& columns) {
  if (!columns) return "refused";
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(kObject, tree));
  std::string out;
  for (const CustomColumn& column : *columns)
    out += (out.empty() ? "" : " ") + column.header + "=" + column.Cell(tree.root());
  return out;
}

TEST(CustomColumns, ReadsHeadersAndPaths) {
  EXPECT_EQ(Printed(ParseCustomColumns("N:.metadata.name,C:spec.containers[*].name")), "N=web C=a,b");
  EXPECT_EQ(Printed(ParseCustomColumns("C:.spec.containers[0,1].name,P:{.spec.containers[0].port}")),
            "C=a,b P=80");
  EXPECT_EQ(Printed(ParseCustomColumns("X:.absent")), "X=<none>");
  EXPECT_EQ(Printed(ParseCustomColumns("F:.spec.containers[?(@.name==\"b\")]")), "F=map[name:b]");
}

TEST(CustomColumns, RefusesWhatIsNoColumn) {
  for (const std::string_view spec : {"", "N", ":.a", "N:.a[", "N:.a,,M:.b"})
    EXPECT_EQ(Printed(ParseCustomColumns(spec)), "refused") << spec;
}

TEST(CustomColumns, ReadsAFileOfTwoLines) {
  EXPECT_EQ(Printed(ParseCustomColumnsFile("N  C\n.metadata.name\t.spec.containers[*].name")), "N=web C=a,b");
  EXPECT_EQ(Printed(ParseCustomColumnsFile(" N\r\nmetadata.name \r\nnot read\n")), "N=web");
}

TEST(CustomColumns, RefusesAFileWhoseLinesDoNotFit) {
  for (const std::string_view text : {"", "\n", "N", "N\n", "N M\n.a\n", "N\n.a .b\n", "\nN\n.a\n", "N\n[\n"})
    EXPECT_EQ(Printed(ParseCustomColumnsFile(text)), "refused") << text;
}

}  // namespace
}  // namespace etcdmedic::kubectl
