// SPDX-License-Identifier: Apache-2.0
// A sound history, one thing wrong with the backend that should hold it, and what the log says of that.
#include "witness/witness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "bolt/check.h"
#include "support/story.h"

namespace etcdmedic::witness {
namespace {

using diag::Code;
using support::DbBuilder;
using support::KeySpace;
using support::Story;

struct Verdict {
  WitnessReport report;
  std::vector<diag::Finding> keys;  // of the rules over the backend alone
  bool sound = false;               // the pages
};

Verdict Ask(const std::string& wal, const std::string& db, uint64_t applied) {
  LogSteps steps;
  const raft::Log log = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(wal)}}, 1, &steps);
  diag::FindingList pages, keys;
  const auto store = mvcc::Store::Open(AsBytes(db), "db", pages);
  keyspace::RevisionTable table;
  keyspace::KeyChecker pass(*store, &table);
  Verdict verdict;
  verdict.sound = bolt::Check(AsBytes(db), "db", {std::nullopt, 2, &pass}, pages).sound;
  pass.Finish({}, keys);
  table.Seal();
  verdict.report = CompareWithLog({log, steps, *store, table, applied});
  verdict.keys = std::move(keys.items);
  return verdict;
}

Verdict Ask(Story& story) { return Ask(story.log().bytes(), story.Db().Build(), story.index()); }

std::vector<std::string> Lines(const Verdict& verdict) {
  std::vector<std::string> lines;
  for (const auto& finding : verdict.report.findings)
    lines.push_back(std::string(InfoOf(finding.code).name) + " " + finding.message);
  return lines;
}

using Spans = std::vector<std::pair<int64_t, int64_t>>;
Spans Proven(const Verdict& verdict) {
  Spans spans;
  for (const keyspace::RevisionSpan& span : verdict.report.proven)
    spans.emplace_back(span.begin, span.end - 1);
  return spans;
}

// Every kind of entry once, and some twice; revisions 2 to 14.
Story Everything() {
  Story story;
  story.Empty().Grant(7).Put("a", "1").Put("b", "2", 7).RefusedPut("c", "3", 9).Update("d", 0, "4", true);
  story.Update("d", 2, "5", false).Update("d", 4, "6", true).Put("e", "7", 7).Delete("x", "", {});
  story.Delete("a", "c", {"a", "b"}).Revoke(7, {"e"}).Revoke(7, {}).Put("a", "8").PutAndDelete("f", "9", "a");
  return story.Put("g", "10").Put("g", "10").Put("h", "").Put("i", "11");
}

TEST(Witness, ProvesASoundMember) {
  Story story = Everything();
  const Verdict verdict = Ask(story);
  EXPECT_TRUE(verdict.sound);
  EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
  EXPECT_EQ(Proven(verdict), (Spans{{2, story.revision()}}));
  EXPECT_FALSE(verdict.report.wrong);
}

TEST(Witness, ProvesWhatACompactionLeft) {
  for (const bool finish : {false, true}) {
    Story story = Everything();
    story.Compact(9, finish).Put("j", "12");
    const Verdict verdict = Ask(story);
    EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
    EXPECT_EQ(Proven(verdict), (Spans{{2, story.revision()}}));
  }
}

TEST(Witness, SaysNothingOfAnUnappliedTail) {
  Story story = Everything();
  const std::string db = story.Db().Build();
  const uint64_t applied = story.index();
  story.Put("k", "1").Delete("a", "", {}).Put("l", "2");
  EXPECT_EQ(Lines(Ask(story.log().bytes(), db, applied)), std::vector<std::string>{});
}

TEST(Witness, LeavesOpenWhatAlarmsAndAuthenticationRefuse) {
  Story story;
  story.Put("a", "1").Alarm(true).RefusedPut("a", "2", 0).Delete("a").Alarm(false).Put("a", "3");
  story.Auth(true).RefusedPut("a", "4", 0).Put("a", "5").Auth(false).Put("a", "6");
  EXPECT_EQ(Lines(Ask(story)), std::vector<std::string>{});
  story.Compact(story.revision() - 1).Put("b", "7");
  EXPECT_EQ(Lines(Ask(story)), std::vector<std::string>{});
}

// A log that begins in the middle, or with a restored backend.
Story Later() {
  KeySpace before;
  before.Put("a", "1").Put("b", "2", 7).Put("c", "3").Delete("c").Put("d", "4");
  Story story(before, 50);
  story.Delete("c", "", {}).Update("d", 6, "5", true).Update("d", 6, "6", false).Delete("a").Put("a", "7");
  return story.Revoke(7, {"b"}).Put("c", "8").Update("e", 0, "9", true).Delete("d").Put("f", "10");
}

TEST(Witness, FindsItsPlaceInALogThatBeginsLater) {
  Story story = Later();
  const Verdict verdict = Ask(story);
  EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
  EXPECT_EQ(Proven(verdict), (Spans{{7, story.revision()}}));
}

TEST(Witness, FindsItsPlaceAfterACompaction) {
  Story story = Later();
  story.Compact(11).Put("g", "12").Put("h", "13");
  const Verdict verdict = Ask(story);
  EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
  EXPECT_EQ(Proven(verdict).back().second, story.revision());
}

struct Damage {
  const char* name;
  Story (*story)();
  void (*apply)(DbBuilder&);
  std::vector<std::string> lines;  // how the findings begin
};

std::string& ValueOf(DbBuilder& db, size_t at) { return db.Entries("key")[at].second; }

// Of Everything: rows 0 a@2, 1 b@3, 2 d@4, 3 d@5, 4 e@6, 5 a@7.0t, 6 b@7.1t, 7 e@8t, 8 a@9, 9 f@10.0,
// 10 a@10.1t, 11 g@11, 12 g@12, 13 h@13, 14 i@14.
const Damage kCases[] = {
    {"a_value",
     Everything,
     [](DbBuilder& db) { ValueOf(db, 3).back() = '7'; },
     {"MVCC-LOG-MISMATCH at revision 5 the log has a put of \"d\""}},
    {"a_lease",
     Everything,
     [](DbBuilder& db) { ValueOf(db, 4).back() = 9; },
     {"MVCC-LOG-MISMATCH at revision 6 the log has a put of \"e\""}},
    {"a_key",
     Everything,
     [](DbBuilder& db) { ValueOf(db, 14)[2] = 'j'; },
     {"MVCC-LOG-MISMATCH at revision 14 the log has a put of \"i\""}},
    {"a_key_of_a_deletion",
     Everything,
     [](DbBuilder& db) { ValueOf(db, 7)[2] = 'g'; },
     {"MVCC-LOG-MISMATCH at revision 8 the log has a deletion of \"e\""}},
    {"a_deletion_that_is_none",
     Everything,
     [](DbBuilder& db) { db.Entries("key")[7].first.pop_back(); },
     {"MVCC-LOG-MISMATCH at revision 8 the log has a deletion of \"e\""}},
    {"a_deletion_in_place_of_a_put",
     Everything,
     [](DbBuilder& db) { db.Entries("key")[13].first += 't'; },
     {"MVCC-LOG-MISMATCH at revision 13 the log has a put of \"h\""}},
    {"a_version",
     Everything,
     [](DbBuilder& db) { ValueOf(db, 12)[8] = 3; },
     {"MVCC-LOG-MISMATCH at revision 12 \"g\" has create_revision 11 and version 3"}},
    {"a_change_of_a_transaction",
     Everything,
     [](DbBuilder& db) { db.Entries("key").erase(db.Entries("key").begin() + 10); },
     {"MVCC-LOG-MISMATCH at revision 10 the log has a deletion of \"a\""}},
    {"a_change_that_nobody_made",
     Everything,
     [](DbBuilder& db) {
       auto& entries = db.Entries("key");
       auto added = entries[11];
       added.first.back() = 1;
       entries.insert(entries.begin() + 12, added);
     },
     {"MVCC-LOG-MISMATCH at revision 11.1 the db has a put of \"g\""}},
    {"the_newest_revisions_are_missing",
     Everything,
     [](DbBuilder& db) { db.Entries("key").resize(9); },
     {"DB-REVISION-BEHIND consistent_index is 19; the log's entries up to there make revision 14 at least, "
      "the "
      "db ends at 9; the first that it lacks is entry 15"}},
    {"a_value_where_the_log_begins_later",
     Later,
     [](DbBuilder& db) { ValueOf(db, 7).back() = '8'; },
     {"MVCC-LOG-MISMATCH at revision 9 the log has a put of \"a\""}},
    {"the_newest_revisions_are_missing_where_the_log_begins_later",
     Later,
     [](DbBuilder& db) { db.Entries("key").resize(10); },
     {"DB-REVISION-BEHIND consistent_index is 60"}},
    {"a_key_is_gone_that_a_compaction_kept",
     [] { return Everything().Compact(12).Put("j", "12"); },
     [](DbBuilder& db) { db.Entries("key").erase(db.Entries("key").begin() + 1); },
     {"MVCC-LOG-MISMATCH by the log \"f\" exists since revision 10"}},
    {"a_value_that_a_compaction_kept",
     [] { return Everything().Compact(13).Put("j", "12"); },
     [](DbBuilder& db) { ValueOf(db, 1).back() = '8'; },
     {"MVCC-LOG-MISMATCH at revision 10 the log has a put of \"f\""}},
    {"another_history",
     [] {
       Story story = Everything();
       for (int i = 0; i < 30; ++i) story.Put("k", "v" + std::to_string(i));
       return story;
     },
     [](DbBuilder& db) {
       for (size_t i = 3; i < db.Entries("key").size(); ++i) ValueOf(db, i) = KeySpace::Text(1, "other");
     },
     {"DB-HISTORY-FOREIGN from revision 5 on"}},
};

class WitnessDamage : public testing::TestWithParam<Damage> {};

TEST_P(WitnessDamage, IsContradictedByTheLog) {
  Story story = GetParam().story();
  DbBuilder db = story.Db();
  const std::string good = db.Build();
  ASSERT_EQ(Lines(Ask(story.log().bytes(), good, story.index())), std::vector<std::string>{});
  GetParam().apply(db);
  const std::string bad = db.Build();
  ASSERT_NE(bad, good) << "damage must damage";
  const Verdict verdict = Ask(story.log().bytes(), bad, story.index());
  const auto lines = Lines(verdict);
  ASSERT_EQ(lines.size(), GetParam().lines.size()) << testing::PrintToString(lines);
  for (size_t i = 0; i < lines.size(); ++i)
    EXPECT_TRUE(lines[i].starts_with(GetParam().lines[i])) << lines[i];
  EXPECT_TRUE(verdict.report.wrong);
}

INSTANTIATE_TEST_SUITE_P(All, WitnessDamage, testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Witness, FindsAnIndexThatIsTooLow) {
  Story story = Everything();
  const Verdict verdict = Ask(story.log().bytes(), story.Db(8).Build(), 8);
  ASSERT_EQ(Lines(verdict).size(), 1U);
  EXPECT_TRUE(Lines(verdict)[0].starts_with("DB-INDEX-BEHIND consistent_index is 8, yet"))
      << Lines(verdict)[0];
}

TEST(Witness, FindsAnIndexThatWasRaised) {
  Story story;
  for (int i = 0; i < 50; ++i) story.Put("a", std::to_string(i));
  const std::string db = story.Db(150).Build();
  for (int i = 0; i < 100; ++i) story.Put("b", std::to_string(i));
  const Verdict verdict = Ask(story.log().bytes(), db, 150);
  ASSERT_EQ(Lines(verdict).size(), 1U);
  EXPECT_TRUE(Lines(verdict)[0].starts_with("DB-REVISION-BEHIND")) << Lines(verdict)[0];
  EXPECT_EQ(Proven(verdict), (Spans{{2, 51}}));
}

// A random history of every kind of entry; `later`: with a log that begins in the middle.
Story Random(std::mt19937& random, bool later) {
  KeySpace before;
  std::map<std::string, int64_t> mod;  // of what exists
  const auto pick = [&](uint32_t below) { return static_cast<int>(random() % below); };
  const auto key = [&] { return std::string(1, static_cast<char>('a' + pick(6))); };
  const auto value = [&] {
    return std::to_string(random()) + std::string(static_cast<size_t>(pick(40)), 'x');
  };
  for (int i = 0; later && i < 10; ++i) {
    const std::string name = key();
    before.Put(name, value());
    mod[name] = before.revision();
  }
  Story story(before, later ? 20 : 0);
  for (int i = 0; i < 80; ++i) {
    const std::string name = key();
    const bool exists = mod.contains(name);
    switch (pick(6)) {
      case 0:
        story.Delete(name, "", exists ? std::vector{name} : std::vector<std::string>{});
        mod.erase(name);
        break;
      case 1:
        story.Update(name, exists ? mod[name] : 0, value(), true);
        mod[name] = story.revision();
        break;
      case 2:
        story.Update(name, exists ? mod[name] - 1 : 1, value(), false);
        break;
      default:
        story.Put(name, value());
        mod[name] = story.revision();
    }
    if (i == 50 && pick(2) == 0) story.Compact(story.revision() - pick(10));
  }
  return story;
}

bool Names(const std::vector<diag::Finding>& findings, int64_t revision) {
  const std::string name = "revision " + std::to_string(revision);
  return std::ranges::any_of(findings, [&](const diag::Finding& finding) {
    const size_t at = finding.message.find(name);
    return at != std::string::npos &&
           !std::isdigit(static_cast<unsigned char>(finding.message[at + name.size()]));
  });
}

// What a follower held when its leader sent a snapshot in place of it never was.
TEST(Witness, PassesOverEntriesThatASnapshotReplaced) {
  KeySpace before;
  before.Put("a", "1").Put("b", "2").Put("c", "3");
  Story story(before, 6);
  for (uint64_t i = 1; i <= 6; ++i) story.log().Put(1, i, "junk", std::to_string(i));
  story.log().Snapshot(6, 2);
  story.Put("d", "4").Put("a", "5");
  const Verdict verdict = Ask(story);
  EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
  EXPECT_EQ(Proven(verdict), (Spans{{5, 6}}));
}

// Two processes went on from one state: the log of the one, the backend of the other.
TEST(Witness, DistinguishesTwoWriters) {
  Story one = Everything(), other = Everything();
  for (int i = 0; i < 5; ++i) {
    one.Put("one" + std::to_string(i), "1");
    other.Put("other" + std::to_string(i), "1");
  }
  for (const uint64_t ahead : {0, 3}) {
    for (uint64_t i = 0; i < ahead; ++i) other.Put("further", std::to_string(i));
    const Verdict verdict = Ask(one.log().bytes(), other.Db().Build(), other.index());
    ASSERT_EQ(Lines(verdict).size(), 1U) << testing::PrintToString(Lines(verdict));
    EXPECT_TRUE(Lines(verdict)[0].starts_with("DB-HISTORY-FOREIGN from revision 15 on")) << Lines(verdict)[0];
  }
}

struct Flip {
  int64_t revision = 0;
  bool proven = false;  // by the log, before it was flipped
  bool found = false;
  bool named = false;  // with its revision
};

// Flips one bit of one record of a random history.
Flip FlipOne(uint32_t seed, bool later) {
  std::mt19937 random(seed);
  Story story = Random(random, later);
  DbBuilder db = story.Db();
  const Verdict good = Ask(story.log().bytes(), db.Build(), story.index());
  EXPECT_EQ(Lines(good), std::vector<std::string>{}) << "seed " << seed;
  auto& entries = db.Entries("key");
  auto& [id, value] = entries[random() % entries.size()];
  Flip flip;
  for (size_t i = 0; i < 8; ++i) flip.revision = flip.revision << 8 | static_cast<unsigned char>(id[i]);
  flip.proven = std::ranges::any_of(good.report.proven, [&](const keyspace::RevisionSpan& span) {
    return span.begin <= flip.revision && flip.revision < span.end;
  });
  const size_t bit = random() % (value.size() * 8);
  value[bit / 8] = static_cast<char>(value[bit / 8] ^ 1 << bit % 8);
  const Verdict bad = Ask(story.log().bytes(), db.Build(), story.index());
  flip.found = !bad.report.findings.empty() || !bad.keys.empty();
  flip.named = Names(bad.report.findings, flip.revision) || Names(bad.keys, flip.revision);
  return flip;
}

TEST(Witness, MissesNoFlippedBit) {
  for (uint32_t seed = 0; seed < 500; ++seed) {
    const Flip flip = FlipOne(seed, false);
    EXPECT_TRUE(flip.proven && flip.named) << "seed " << seed << ", revision " << flip.revision;
  }
}

// Where the log begins later it may take a record that is wrong for one from before.
TEST(Witness, MissesFewFlippedBitsWhereTheLogBeginsLater) {
  int proven = 0, found = 0;
  for (uint32_t seed = 0; seed < 500; ++seed) {
    const Flip flip = FlipOne(seed, true);
    proven += flip.proven ? 1 : 0;
    found += flip.proven && flip.found ? 1 : 0;
  }
  EXPECT_GT(proven, 300);
  EXPECT_GT(found * 50, proven * 49) << found << " of " << proven;
}

}  // namespace
}  // namespace etcdmedic::witness
