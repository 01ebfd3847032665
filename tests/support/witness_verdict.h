// SPDX-License-Identifier: Apache-2.0
// What the witness makes of a story that was told twice, and two stories.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bolt/check.h"
#include "support/story.h"
#include "witness/witness.h"

namespace etcdmedic::support {

struct Verdict {
  witness::WitnessReport report;
  std::vector<diag::Finding> keys;  // of the rules over the backend alone
  bool sound = false;               // the pages
};

inline Verdict Ask(const std::string& wal, const std::string& db, uint64_t applied) {
  witness::LogSteps steps;
  const raft::Log log = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(wal)}}, 1, &steps);
  diag::FindingList pages, keys;
  const auto store = mvcc::Store::Open(AsBytes(db), "db", pages);
  keyspace::RevisionTable table;
  keyspace::KeyChecker pass(*store, &table);
  Verdict verdict;
  verdict.sound = bolt::Check(AsBytes(db), "db", {std::nullopt, 2, &pass}, pages).sound;
  pass.Finish({}, keys);
  table.Seal();
  verdict.report = witness::CompareWithLog({log, steps, *store, table, applied});
  verdict.keys = std::move(keys.items);
  return verdict;
}

inline Verdict Ask(Story& story) { return Ask(story.log().bytes(), story.Db().Build(), story.index()); }

inline std::vector<std::string> Lines(const Verdict& verdict) {
  std::vector<std::string> lines;
  for (const auto& finding : verdict.report.findings)
    lines.push_back(std::string(InfoOf(finding.code).name) + " " + finding.message);
  return lines;
}

using Spans = std::vector<std::pair<int64_t, int64_t>>;
inline Spans Proven(const Verdict& verdict) {
  Spans spans;
  for (const keyspace::RevisionSpan& span : verdict.report.proven)
    spans.emplace_back(span.begin, span.end - 1);
  return spans;
}

// Every kind of entry once, and some twice; revisions 2 to 14.
inline Story Everything() {
  Story story;
  story.Empty().Grant(7).Put("a", "1").Put("b", "2", 7).RefusedPut("c", "3", 9).Update("d", 0, "4", true);
  story.Update("d", 2, "5", false).Update("d", 4, "6", true).Put("e", "7", 7).Delete("x", "", {});
  story.Delete("a", "c", {"a", "b"}).Revoke(7, {"e"}).Revoke(7, {}).Put("a", "8").PutAndDelete("f", "9", "a");
  return story.Put("g", "10").Put("g", "10").Put("h", "").Put("i", "11");
}

// A log that begins in the middle, or with a restored backend.
inline Story Later() {
  KeySpace before;
  before.Put("a", "1").Put("b", "2", 7).Put("c", "3").Delete("c").Put("d", "4");
  Story story(before, 50);
  story.Delete("c", "", {}).Update("d", 6, "5", true).Update("d", 6, "6", false).Delete("a").Put("a", "7");
  return story.Revoke(7, {"b"}).Put("c", "8").Update("e", 0, "9", true).Delete("d").Put("f", "10");
}

}  // namespace etcdmedic::support
