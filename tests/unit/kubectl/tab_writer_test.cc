// SPDX-License-Identifier: Apache-2.0
#include "kubectl/tab_writer.h"

#include <gtest/gtest.h>

namespace etcdmedic::kubectl {
namespace {

TEST(AlignTabs, AlignsCellsOfAdjacentLines) {
  EXPECT_EQ(AlignTabs("a:\t1\nlonger:\t2\n", 2), "a:       1\nlonger:  2\n");
}

TEST(AlignTabs, ALineWithoutACellEndsTheColumn) {
  EXPECT_EQ(AlignTabs("longer:\t1\nhead\nb:\t2\n", 2), "longer:  1\nhead\nb:  2\n");
}

TEST(AlignTabs, AColumnReachesOnlyOverLinesThatHaveIt) {
  EXPECT_EQ(AlignTabs("a\tb\tc\nlong\td\ne\tfff\tg\n", 1), "a    b c\nlong d\ne    fff g\n");
}

TEST(AlignTabs, KeepsEmptyCellsAndAMissingLineFeed) {
  EXPECT_EQ(AlignTabs("a\t\tb\nc\td\te", 1), "a   b\nc d e");
  EXPECT_EQ(AlignTabs("", 1), "");
  EXPECT_EQ(AlignTabs("\n\n", 1), "\n\n");
}

TEST(AlignTabs, CountsCharactersAndNotBytes) { EXPECT_EQ(AlignTabs("ü\t1\nab\t2\n", 1), "ü  1\nab 2\n"); }

TEST(AlignTabs, AHostileCellDoesNotWidenTheLinesAroundIt) {
  std::string text(500'000, 'x');
  text += '\t';
  for (int i = 0; i < 100'000; ++i) text += "\n\t";
  EXPECT_LT(AlignTabs(text, 2).size(), text.size() + 100'000 * (kWidestColumn + 2));
  EXPECT_EQ(AlignTabs(std::string(100'000, '\t'), 2).size(), 200'000U);
}

}  // namespace
}  // namespace etcdmedic::kubectl
