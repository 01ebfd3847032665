// SPDX-License-Identifier: Apache-2.0
#include "witness/record_match.h"

#include <gtest/gtest.h>

#include "keyspace/key_checker.h"
#include "keyspace/record_sum.h"
#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::witness {
namespace {

using support::KeySpace;
using support::OpenedStore;

// A backend and its table of revisions.
struct Backend {
  explicit Backend(const KeySpace& space) : opened(space.Build()) {
    keyspace::KeyChecker pass(*opened.store, &table);
    diag::FindingList unused;
    bolt::Check(AsBytes(opened.db), "db", {std::nullopt, 1, &pass}, unused);
    table.Seal();
  }
  OpenedStore opened;
  keyspace::RevisionTable table;
};

Effect PutOf(std::string_view key, std::string_view value, bool sure = true) {
  return {.sure = sure,
          .sum = keyspace::SumOfPut(AsBytes(key), AsBytes(value), 0),
          .hash = mvcc::HashOfKey(key),
          .key = AsBytes(key),
          .value = AsBytes(value)};
}
Effect DeletionOf(std::string_view key, bool sure = true) {
  return {.tombstone = true,
          .sure = sure,
          .sum = keyspace::SumOfTombstone(AsBytes(key)),
          .hash = mvcc::HashOfKey(key),
          .key = AsBytes(key)};
}
Outcome OutcomeOf(std::vector<Effect> effects) {
  Outcome outcome;
  outcome.happens = Tri::kYes;
  outcome.effects = std::move(effects);
  return outcome;
}

struct Match : testing::Test {
  // Revision 2 puts a and b, 3 deletes a and puts c.
  Backend backend{
      KeySpace().Begin().Put("a", "1").Put("b", "2").End().Begin().Delete("a").Put("c", "3").End()};
  KeyStates keys{false};
  RecordMatch match{*backend.opened.store, keys};
  bool At(int64_t revision, const Outcome& outcome, bool complete = true) const {
    return match(outcome, backend.table.At(revision), complete);
  }
};

TEST_F(Match, WantsEveryRecordInItsOrder) {
  EXPECT_TRUE(At(2, OutcomeOf({PutOf("a", "1"), PutOf("b", "2")})));
  EXPECT_FALSE(At(2, OutcomeOf({PutOf("b", "2"), PutOf("a", "1")})));
  EXPECT_FALSE(At(2, OutcomeOf({PutOf("a", "1")}))) << "a record is left";
  EXPECT_FALSE(At(2, OutcomeOf({PutOf("a", "1"), PutOf("b", "2"), PutOf("c", "3")})))
      << "a record is missing";
  EXPECT_FALSE(At(2, OutcomeOf({PutOf("a", "x"), PutOf("b", "2")})));
  EXPECT_TRUE(At(3, OutcomeOf({DeletionOf("a"), PutOf("c", "3")})));
  EXPECT_FALSE(At(3, OutcomeOf({PutOf("a", "1"), PutOf("c", "3")}))) << "a put is not a tombstone";
  EXPECT_FALSE(At(9, OutcomeOf({PutOf("a", "1")}))) << "no record of that revision";
}

TEST_F(Match, ForgivesWhatNeedNotBeThere) {
  EXPECT_TRUE(
      At(2, OutcomeOf({DeletionOf("0", false), PutOf("a", "1"), PutOf("b", "2"), DeletionOf("z", false)})));
  const Outcome more = OutcomeOf({PutOf("a", "1"), PutOf("b", "2"), PutOf("c", "3")});
  EXPECT_FALSE(At(2, more));
  EXPECT_TRUE(At(2, more, false)) << "a compaction can have removed it";
  EXPECT_FALSE(At(2, OutcomeOf({PutOf("c", "3")}), false));
}

TEST_F(Match, TakesDeletionsThatNobodyForesaw) {
  Outcome open = OutcomeOf({PutOf("c", "3")});
  EXPECT_FALSE(At(3, open));
  open.open_deletes = true;
  EXPECT_TRUE(At(3, open));
  keys.Change(mvcc::HashOfKey("a"), AsBytes("a")).live = Tri::kNo;
  EXPECT_FALSE(At(3, open)) << "not of a key that did not exist";
  Outcome wild;
  wild.wild = true;
  EXPECT_TRUE(At(3, wild));
}

TEST_F(Match, ComparesTheKeyAloneWhereTheValueIsNotKnown) {
  Effect copied = PutOf("a", "?");
  copied.sum_known = false;
  EXPECT_TRUE(match.Same(copied, backend.table.At(2)[0]));
  EXPECT_FALSE(match.Same(copied, backend.table.At(2)[1]));
  EXPECT_EQ(match.Read(backend.table.At(2)[1])->value, "2");
  EXPECT_EQ(match.Read(backend.table.At(3)[0])->key, "a");
}

}  // namespace
}  // namespace etcdmedic::witness
