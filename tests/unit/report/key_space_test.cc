// SPDX-License-Identifier: Apache-2.0
#include "report/key_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::report {
namespace {

using support::BigEndian64;
using support::OpenedStore;
using testing::ElementsAre;
using Space = support::KeySpace;

struct Measured {
  explicit Measured(const std::string& image, const KeySpaceOptions& options = {}) : opened(image) {
    auto made = MeasureKeySpace(*opened.store, options, opened.found);
    EXPECT_TRUE(made);
    if (made) keys = std::move(*made);
  }
  static std::vector<std::string> Names(const Grouping& grouping) {
    std::vector<std::string> names;
    for (const SpaceGroup& group : grouping.largest) names.push_back(group.name);
    return names;
  }
  OpenedStore opened;
  KeySpace keys;
};

TEST(KeySpace, CountsKeysAndWhatIsLeftOfOthers) {
  Space space;
  space.Put("/a/x", "1").Put("/a/x", "22").Put("/a/y", "3").Put("/b/z", "4").Delete("/b/z").Put("lone", "5");
  const Measured measured(space.Build());
  EXPECT_EQ(measured.keys.total.keys, 3U);
  EXPECT_EQ(measured.keys.total.revisions, 6U);
  EXPECT_EQ(measured.keys.deleted, 1U);
  EXPECT_EQ(measured.keys.revision, 7);
  EXPECT_EQ(measured.keys.compact_revision, -1);
  EXPECT_FALSE(measured.keys.is_kubernetes());
  EXPECT_THAT(Measured::Names(measured.keys.prefixes), testing::UnorderedElementsAre("/a/", "/b/", ""));
  EXPECT_EQ(measured.keys.prefixes.largest[0].name, "/a/");
  EXPECT_EQ(measured.keys.prefixes.largest[0].use.keys, 2U);
  EXPECT_EQ(measured.keys.prefixes.largest[0].use.revisions, 3U);
}

TEST(KeySpace, HasAPrefixOnceWhereverItsKeysLie) {
  Space space;
  space.Put("#first", "1").Put("/a", "2").Put("/b/c", "3").Put("/z", "4").Put("last", "5");
  const Measured measured(space.Build());
  EXPECT_THAT(Measured::Names(measured.keys.prefixes), testing::UnorderedElementsAre("", "/", "/b/"));
}

TEST(KeySpace, SortsKubernetesKeysByResourceAndNamespace) {
  Space space;
  space.Put("/registry/pods/default/a", std::string(300, 'a'))
      .Put("/registry/pods/demo/a", "b")
      .Put("/registry/configmaps/demo/a", "c")
      .Put("/registry/clusterroles/admin", "d")
      .Put("other", "e");
  const Measured measured(space.Build());
  EXPECT_TRUE(measured.keys.is_kubernetes());
  EXPECT_EQ(measured.keys.of_kubernetes, 4U);
  EXPECT_EQ(measured.keys.kinds.largest[0].name, "pods");
  EXPECT_EQ(measured.keys.kinds.largest[0].use.keys, 2U);
  EXPECT_EQ(measured.keys.namespaces.largest[0].name, "default");
  EXPECT_THAT(Measured::Names(measured.keys.namespaces),
              testing::UnorderedElementsAre("default", "demo", ""));
  const Measured elsewhere(space.Build(), {.etcd_prefix = "/mine", .open = {}});
  EXPECT_EQ(elsewhere.keys.of_kubernetes, 0U) << "under another prefix";
}

TEST(KeySpace, KeepsTheLargestGroupsAndSumsTheOthers) {
  Space space;
  for (int i = 0; i < 30; ++i)
    space.Put("/g" + std::to_string(i) + "/k", std::string(static_cast<size_t>(10 * i), 'v'));
  const Measured measured(space.Build(), {.etcd_prefix = {}, .open = {}, .most_groups = 3});
  EXPECT_THAT(Measured::Names(measured.keys.prefixes), ElementsAre("/g29/", "/g28/", "/g27/"));
  EXPECT_EQ(measured.keys.prefixes.left_out, 27U);
  EXPECT_EQ(measured.keys.prefixes.others.keys, 27U);
  uint64_t shown = 0;
  for (const SpaceGroup& group : measured.keys.prefixes.largest) shown += group.use.history;
  EXPECT_EQ(shown + measured.keys.prefixes.others.history, measured.keys.total.history);
}

TEST(KeySpace, FindsTheLargestValuesAndTheMostRewrittenKeys) {
  Space space;
  space.Put("once", std::string(500, 'v')).Put("small", "v");
  for (int i = 0; i < 20; ++i) space.Put("often", std::string(100, 'v'));
  space.Put("gone", std::string(900, 'v')).Delete("gone");
  const Measured measured(space.Build());
  ASSERT_EQ(measured.keys.largest.size(), 3U) << "of keys that exist";
  EXPECT_EQ(measured.keys.largest[0].key, "once");
  EXPECT_EQ(measured.keys.largest[0].value_size, 500U);
  ASSERT_EQ(measured.keys.rewritten.size(), 2U) << "of keys with a past";
  EXPECT_EQ(measured.keys.rewritten[0].key, "often");
  EXPECT_EQ(measured.keys.rewritten[0].revisions, 20U);
  EXPECT_EQ(measured.keys.rewritten[1].value_size, 0U) << "it does not exist";
}

TEST(KeySpace, TellsLiveRevisionsFromHistoryAndDeletions) {
  Space space;
  space.Put("a", "1").Put("a", "2").Put("b", "3").Delete("b");
  const Measured measured(space.Build());
  const auto& bars = measured.keys.histogram.bars();
  ASSERT_EQ(bars.size(), 4U);
  EXPECT_EQ(bars[0].history, 1U);
  EXPECT_EQ(bars[1].live, 1U);
  EXPECT_EQ(bars[2].history, 1U) << "the value before a deletion";
  EXPECT_EQ(bars[3].deleted, 1U);
}

TEST(KeySpace, ListsLeasesThatAreMissingFirst) {
  Space space;
  space.Put("a", "", 7).Put("b", "", 7).Put("c", "", 9);
  const auto lease = [](uint64_t id) {
    return Space::Number(1, static_cast<int64_t>(id)) + Space::Number(2, 60);
  };
  const Measured measured(
      space.Builder().Add("lease", BigEndian64(7), lease(7)).Add("lease", BigEndian64(8), lease(8)).Build(),
      {.etcd_prefix = {}, .open = {}, .most_groups = 20, .most_leases = 2});
  EXPECT_EQ(measured.keys.lease_count, 3U);
  EXPECT_EQ(measured.keys.unknown_lease_count, 1U);
  ASSERT_EQ(measured.keys.leases.size(), 2U);
  EXPECT_EQ(measured.keys.leases[0].id, 9);
  EXPECT_EQ(measured.keys.leases[1].id, 7);
}

TEST(KeySpace, IsEmptyWithoutKeys) {
  const Measured measured(Space().Build());
  EXPECT_EQ(measured.keys.total.revisions, 0U);
  EXPECT_TRUE(measured.keys.largest.empty());
  EXPECT_EQ(measured.keys.histogram.bars().size(), 1U);
}

}  // namespace
}  // namespace etcdmedic::report
