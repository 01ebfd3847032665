// SPDX-License-Identifier: Apache-2.0
#include "render/line_diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace etcdmedic::render {
namespace {

std::string Diff(std::string_view before, std::string_view after, const LineDiffOptions& options = {}) {
  std::string out;
  AppendLineDiff(out, before, after, options);
  return out;
}

// Applies a diff made with unlimited context, so that its one hunk holds every line of both texts.
std::string Patched(std::string_view diff) {
  std::string out;
  diff.remove_prefix(diff.find('\n') + 1);
  while (!diff.empty()) {
    const size_t end = diff.find('\n') + 1;
    if (diff[0] == '+' || diff[0] == ' ') out += diff.substr(1, end - 1);
    diff.remove_prefix(end);
  }
  return out;
}

TEST(LineDiff, EqualTextsHaveNone) {
  EXPECT_EQ(Diff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(Diff("", ""), "");
}

TEST(LineDiff, ShowsAChangeInItsContextAndSection) {
  const std::string before = "kind: Pod\nspec:\n  a: 1\n  b: 1\n  c: 1\n  d: 1\n  e: 1\n  f: 1\n";
  const std::string after = "kind: Pod\nspec:\n  a: 1\n  b: 1\n  c: 1\n  d: 1\n  e: 2\n  f: 1\n";
  EXPECT_EQ(Diff(before, after),
            "@@ -4,5 +4,5 @@ spec:\n   b: 1\n   c: 1\n   d: 1\n-  e: 1\n+  e: 2\n   f: 1\n");
}

TEST(LineDiff, ACreatedAndADeletedText) {
  EXPECT_EQ(Diff("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(Diff("a\n", ""), "@@ -1 +0,0 @@\n-a\n");
}

TEST(LineDiff, FarChangesAreSeveralHunksNearOnesOne) {
  const auto text = [](std::string_view first, std::string_view last, int between) {
    std::string out(first);
    for (int i = 0; i < between; ++i) out += "x" + std::to_string(i) + "\n";
    return out.append(last);
  };
  const auto hunks = [](const std::string& diff) { return std::count(diff.begin(), diff.end(), '@') / 4; };
  EXPECT_EQ(hunks(Diff(text("a\n", "z\n", 6), text("b\n", "y\n", 6))), 1);
  EXPECT_EQ(hunks(Diff(text("a\n", "z\n", 7), text("b\n", "y\n", 7))), 2);
}

TEST(LineDiff, MarksAMissingNewline) {
  EXPECT_EQ(Diff("a\n", "a"), "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n");
}

TEST(LineDiff, BeyondItsBoundReplacesTheWhole) {
  std::string before, after, out;
  for (int i = 0; i < 50; ++i) before += "a" + std::to_string(i) + "\nsame\n";
  for (int i = 0; i < 50; ++i) after += "b" + std::to_string(i) + "\nsame\n";
  const LineDiffCount close = AppendLineDiff(out, before, after, {3, 100, false});
  EXPECT_FALSE(close.whole);
  EXPECT_EQ(close.removed, 50u);
  const LineDiffCount far = AppendLineDiff(out, before, after, {3, 99, false});
  EXPECT_TRUE(far.whole);
  EXPECT_EQ(far.removed, 99u);  // all but the last "same"
}

TEST(LineDiff, ColoursOnlyWhatChanged) {
  EXPECT_EQ(Diff("a\nb\n", "a\nc\n", {3, 10, true}),
            "\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n a\n\x1b[31m-b\x1b[0m\n\x1b[32m+c\x1b[0m\n");
}

// A diff is right where it makes one text of the other, and short where it is no longer than the longest
// common subsequence allows.
size_t FewestEdits(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<std::vector<size_t>> common(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < b.size(); ++j)
      common[i + 1][j + 1] = a[i] == b[j] ? common[i][j] + 1 : std::max(common[i][j + 1], common[i + 1][j]);
  return a.size() + b.size() - 2 * common[a.size()][b.size()];
}

TEST(LineDiff, RandomTextsPatchBackWithTheFewestEdits) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    const auto make = [&](std::vector<int>& lines) {
      std::string text;
      for (size_t i = random() % 14; i-- > 0;) {
        lines.push_back(static_cast<int>(random() % 4));
        text += std::to_string(lines.back()) + "\n";
      }
      return text;
    };
    std::vector<int> a, b;
    const std::string before = make(a), after = make(b);
    std::string out;
    const LineDiffCount count = AppendLineDiff(out, before, after, {1000, 1000, false});
    if (before == after) {
      EXPECT_EQ(out, "");
      continue;
    }
    ASSERT_EQ(Patched(out), after) << before << "->\n" << after << out;
    ASSERT_EQ(count.removed + count.added, FewestEdits(a, b)) << before << "->\n" << after << out;
  }
}

}  // namespace
}  // namespace etcdmedic::render
