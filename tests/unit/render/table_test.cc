// SPDX-License-Identifier: Apache-2.0
#include "render/table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <functional>

namespace etcdmedic::render {
namespace {

std::string Printed(const std::function<void(Output&)>& print) {
  const int descriptor = memfd_create("table", 0);
  {
    Output out(descriptor);
    print(out);
  }
  std::string text(static_cast<size_t>(lseek(descriptor, 0, SEEK_END)), '\0');
  EXPECT_EQ(pread(descriptor, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  close(descriptor);
  return text;
}

const std::vector<Column> kColumns = {{"NAME"}, {"SIZE", Align::kRight}, {"NOTE"}};

TEST(Table, MakesItsColumnsAsWideAsTheirCells) {
  EXPECT_EQ(Printed([](Output& out) {
              Table table(out, kColumns);
              table.Add("a", 7, "first");
              table.Add(std::string("longer"), uint64_t{12345}, std::string_view("x"));
            }),
            "NAME     SIZE  NOTE\n"
            "a           7  first\n"
            "longer  12345  x\n");
}

TEST(Table, AnEmptyOneHasItsTitles) {
  EXPECT_EQ(Printed([](Output& out) { Table table(out, kColumns); }), "NAME  SIZE  NOTE\n");
  EXPECT_EQ(Printed([](Output& out) { Table table(out, kColumns, {.header = false}); }), "");
}

TEST(Table, NoBlanksEndALine) {
  EXPECT_EQ(Printed([](Output& out) {
              Table table(out, kColumns, {.header = false});
              table.Add("a", "", "");
              table.Add("", "", "end");
              table.Add("", 1, "");
              table.Add("", "", "");
            }),
            "a\n"
            "      end\n"
            "   1\n"
            "\n");
}

TEST(Table, ALineBelongsToNoColumn) {
  EXPECT_EQ(Printed([](Output& out) {
              Table table(out, kColumns, {.header = false});
              table.Line("first of all, and longer than any column");
              table.Add("a", 1, "x");
              table.Line("    below a");
              table.Add("bc", 23, "y");
            }),
            "first of all, and longer than any column\n"
            "a    1  x\n"
            "    below a\n"
            "bc  23  y\n");
  EXPECT_EQ(Printed([](Output& out) { Table(out, {}, {.header = false}).Line("alone\x1b"); }),
            "alone\\x1b\n");
}

TEST(Table, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(Printed([](Output& out) {
              Table table(out, {{"A"}, {"B"}}, {.header = false});
              table.Add("\x1b[2J", "x");
              table.Add("ab\n", "y");
            }),
            "\\x1b[2J  x\n"
            "ab\\n     y\n");
}

TEST(Table, CountsCharactersAndNotBytes) {
  EXPECT_EQ(Printed([](Output& out) {
              Table table(out, {{"A"}, {"B"}}, {.header = false});
              table.Add("äöü", "x");
              table.Add("abc", "y");
            }),
            "äöü  x\n"
            "abc  y\n");
}

TEST(Table, LaysOutAsKubectl) {
  EXPECT_EQ(Printed([](Output& out) {
              Table table(out, {}, kKubectlLayout);
              table.Add("NAME", "AGE");
              table.Add("a", "5d");
              table.Add("b", "");
              table.Flush();
              table.Add("much-longer", "1");
            }),
            "NAME   AGE\n"
            "a      5d\n"
            "b      \n"
            "much-longer   1\n");
}

TEST(Table, KeepsItsWidthsFromBlockToBlock) {
  const std::string text = Printed([](Output& out) {
    Table table(out, {{"A"}, {"B"}}, {.header = false});
    for (int i = 0; i < 1000; ++i) table.Add("wide", i);
    table.Add("w", 1);
    table.Add("much wider", 2);
  });
  EXPECT_NE(text.find("\nw           1\nmuch wider  2\n"), std::string::npos)
      << text.substr(text.size() - 60);
  EXPECT_TRUE(text.starts_with("wide  0\nwide  1\n"));
}

}  // namespace
}  // namespace etcdmedic::render
