// SPDX-License-Identifier: Apache-2.0
#include "member/load_backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/temp_folder.h"

namespace etcdmedic::member {
namespace {

using diag::Code;
using support::BigEndian64;
using support::KeySpace;

struct Loaded {
  explicit Loaded(const std::string& bytes, const LoadOptions& options = {}, bool running = false) {
    state.layout.kind = Kind::kDb;
    state.layout.db.push_back({folder.Write("db", bytes), "member/snap/db", bytes.size()});
    state.in_use.running = running;
    LoadBackend(state, options, found);
  }
  std::vector<Code> Codes() const {
    std::vector<Code> codes;
    for (const auto& finding : found.items) codes.push_back(finding.code);
    return codes;
  }
  support::TempFolder folder;
  MemberState state;
  diag::FindingList found;
};

std::string Sound() {
  return KeySpace().Put("/a", "1").Put("/b", "2").Meta("consistent_index", BigEndian64(5)).Build();
}

TEST(LoadBackend, ReadsPagesBucketsAndTrailer) {
  const Loaded loaded(Sound());
  EXPECT_TRUE(loaded.found.items.empty());
  EXPECT_TRUE(loaded.state.has_db);
  EXPECT_TRUE(loaded.state.db->sound);
  EXPECT_EQ(loaded.state.backend->consistent_index, 5U);
  EXPECT_TRUE(loaded.state.trailer);
  EXPECT_FALSE(loaded.state.keys) << "nobody asked for them";
}

TEST(LoadBackend, ChecksKeysInTheSamePass) {
  LoadOptions options;
  options.keys = true;
  const Loaded sound(Sound(), options);
  ASSERT_TRUE(sound.state.keys);
  EXPECT_TRUE(sound.state.keys->empty());
  support::DbBuilder db = KeySpace().Put("/a", "1").Put("/b", "2").Builder();
  db.Entries("key")[0].second = "\xFF";
  const Loaded damaged(db.Build(), options);
  ASSERT_TRUE(damaged.state.keys);
  EXPECT_FALSE(damaged.state.keys->empty());
  EXPECT_FALSE(damaged.state.witness) << "there is no log to ask";
}

// Both run at the same time.
TEST(LoadBackend, ChecksKeysAndTheHashAtTheEnd) {
  support::DbBuilder db = KeySpace().Put("/a", "1").Put("/b", "2").Builder();
  db.Entries("key")[0].second = "\xFF";
  const Loaded damaged(db.Build() + std::string(32, 'h'), {.keys = true});
  EXPECT_EQ(damaged.state.trailer->ending, Ending::kDiffers);
  EXPECT_THAT(damaged.Codes(), testing::Contains(Code::kDbSnapshotHash));
  EXPECT_FALSE(damaged.state.keys->empty());
}

// Rules over keys hold where all of them could be reached.
TEST(LoadBackend, ChecksNoKeysOfATreeThatIsNotSound) {
  std::string db = Sound();
  const size_t leaf = db.find("_" + BigEndian64(0)) / 4096 * 4096;
  db.replace(leaf, 4096, 4096, '\0');
  LoadOptions options;
  options.keys = true;
  const Loaded loaded(db, options);
  EXPECT_FALSE(loaded.state.db->sound);
  EXPECT_FALSE(loaded.state.keys);
  EXPECT_THAT(loaded.Codes(), testing::Contains(Code::kDbPageZeroed));
}

TEST(LoadBackend, ReportsDamageNextToARunningMemberWhereNothingWasCommitted) {
  std::string db = Sound();
  db.replace(db.size() - 4096, 4096, 4096, '\0');
  const Loaded loaded(db, {}, true);
  EXPECT_THAT(loaded.Codes(), testing::Contains(Code::kDbPageZeroed));
  EXPECT_FALSE(loaded.state.trailer) << "not looked at while it may grow";
}

TEST(LoadBackend, KeepsWhatCannotBeOpenedApart) {
  for (const bool running : {false, true}) {
    MemberState state;
    state.layout.db.push_back({"/nonexistent/db", "member/snap/db", 1});
    state.in_use.running = running;
    diag::FindingList found;
    LoadBackend(state, {}, found);
    ASSERT_EQ(state.unopened.size(), 1U);
    EXPECT_EQ(state.unopened[0].file.name, "member/snap/db");
    EXPECT_TRUE(state.has_db);
    EXPECT_FALSE(state.db);
  }
}

TEST(LoadBackend, OpensAsItIsTold) {
  LoadOptions options;
  const std::string shown = Sound();
  options.open = [&](const std::string&) {
    return MappedFile::OpenPatched("shown", {0, shown.size(), {{0, shown}}});
  };
  const Loaded loaded("something else", options);
  EXPECT_EQ(loaded.state.backend->consistent_index, 5U);
}

// etcd enlarges the file between our look at its size and at its meta, which then speaks of pages that are
// not in the map: `times` of the attempts get the file as it was before.
struct Growing {
  explicit Growing(int times) {
    const std::string whole = Sound();
    const std::string path = folder.Write("db", whole);
    state.layout.db.push_back({path, "member/snap/db", whole.size()});
    state.in_use.running = true;
    LoadOptions options;
    options.open = [&, times](const std::string&) {
      const bool small = attempts++ < times;
      if (small) folder.Write("db", whole.substr(0, whole.size() - 4096));
      auto map = MappedFile::Open(path);
      if (small) folder.Write("db", whole);
      return map;
    };
    LoadBackend(state, options, found);
  }
  support::TempFolder folder;
  MemberState state;
  diag::FindingList found;
  int attempts = 0;
};

TEST(LoadBackend, ReadsAgainWhatGrewAsItWasMapped) {
  const Growing once(1);
  EXPECT_EQ(once.attempts, 2);
  EXPECT_TRUE(once.found.items.empty()) << once.found.items.front().message;
  EXPECT_TRUE(once.state.db->sound);
}

TEST(LoadBackend, SaysThatAFileNeverStoppedGrowing) {
  const Growing always(1000);
  EXPECT_EQ(always.attempts, 5);
  ASSERT_EQ(always.found.items.size(), 1U);
  EXPECT_EQ(always.found.items[0].code, Code::kDbChangedDuringRead);
}

}  // namespace
}  // namespace etcdmedic::member
