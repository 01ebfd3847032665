// SPDX-License-Identifier: Apache-2.0
// A sound history, one thing wrong with the backend that should hold it, and what the log says of that.
#include "witness/witness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "support/witness_verdict.h"

namespace etcdmedic::witness {
namespace {

using diag::Code;
using support::Ask;
using support::DbBuilder;
using support::Everything;
using support::KeySpace;
using support::Later;
using support::Lines;
using support::Proven;
using support::Spans;
using support::Story;
using support::Verdict;

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

TEST(Witness, LeavesOpenWhatAlarmsAndAuthenticationRefuse) {
  Story story;
  story.Put("a", "1").Alarm(true).RefusedPut("a", "2", 0).Delete("a").Alarm(false).Put("a", "3");
  story.Auth(true).RefusedPut("a", "4", 0).Put("a", "5").Auth(false).Put("a", "6");
  EXPECT_EQ(Lines(Ask(story)), std::vector<std::string>{});
  story.Compact(story.revision() - 1).Put("b", "7");
  EXPECT_EQ(Lines(Ask(story)), std::vector<std::string>{});
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
