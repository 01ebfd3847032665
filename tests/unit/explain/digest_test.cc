// SPDX-License-Identifier: Apache-2.0
#include "explain/digest.h"

#include <gtest/gtest.h>

namespace etcdmedic::explain {
namespace {

LogDigest DigestOf(std::initializer_list<std::string_view> lines) {
  LogDigest digest;
  for (const std::string_view line : lines) digest.Add(line);
  return digest;
}

TEST(Digest, FoldsRepeatsAndPutsTheWorstFirst) {
  const LogDigest digest = DigestOf({
      R"({"level":"info","ts":"2026-01-01T00:00:00Z","msg":"opened backend db","path":"/var/lib/etcd/member/snap/db"})",
      R"({"level":"warn","ts":"2026-01-01T00:00:01Z","msg":"slow fdatasync","took":"1.1s"})",
      R"({"level":"warn","ts":"2026-01-01T00:00:02Z","msg":"slow fdatasync","took":"1.2s"})",
      R"({"level":"warn","ts":"2026-01-01T00:00:03Z","msg":"slow fdatasync","took":"1.3s"})",
      R"({"level":"panic","ts":"2026-01-01T00:00:04Z","msg":"tocommit(458) is out of range [lastIndex(3)]"})",
      "panic: tocommit(458) is out of range [lastIndex(3)]",
      "goroutine 1 [running]:",
      "",
  });
  const auto known = digest.Known();
  ASSERT_EQ(known.size(), 3U);
  EXPECT_EQ(known[0].count, 2U);
  EXPECT_EQ(known[0].line->severity, diag::Severity::kFatal);
  EXPECT_EQ(known[0].data_dir, "/var/lib/etcd") << "from an earlier line";
  EXPECT_EQ(known[1].count, 3U);
  EXPECT_EQ(known[1].first, "2026-01-01T00:00:01Z");
  EXPECT_EQ(known[1].last, "2026-01-01T00:00:03Z");
  EXPECT_EQ(known[2].line->scope, Scope::kRoutine);
  EXPECT_EQ(digest.lines(), 7U);
  EXPECT_EQ(digest.trace(), 1U);
  EXPECT_EQ(digest.routine(), 1U);
  EXPECT_EQ(digest.unknown_lines(), 0U);
}

TEST(Digest, CountsWhatItDoesNotKnow) {
  const LogDigest digest = DigestOf({
      R"({"level":"info","msg":"something new"})",
      R"({"level":"warn","msg":"odd thing 12 at 8e9e05c52164694d"})",
      R"({"level":"warn","msg":"odd thing 13 at 8211f1d0f64f3269"})",
      "what is this",
  });
  EXPECT_TRUE(digest.Known().empty());
  EXPECT_EQ(digest.routine(), 1U) << "it says itself that it only informs";
  ASSERT_EQ(digest.unknown().size(), 2U);
  EXPECT_EQ(digest.unknown()[0].count, 2U);
  EXPECT_EQ(digest.unknown_lines(), 3U);
}

TEST(Digest, KeepsNoMoreThanItMustOfManyKinds) {
  LogDigest digest;
  for (int i = 0; i < 5000; ++i) digest.Add("odd " + std::string(static_cast<size_t>(i), 'x'));
  EXPECT_LE(digest.unknown().size(), 200U);
  EXPECT_EQ(digest.unknown_lines(), 5000U);
}

}  // namespace
}  // namespace etcdmedic::explain
