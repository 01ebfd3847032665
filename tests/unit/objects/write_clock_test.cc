// SPDX-License-Identifier: Apache-2.0
#include "objects/write_clock.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "support/key_space.h"
#include "support/opened_store.h"
#include "text/time.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;

constexpr int64_t kStart = 1'790'000'000;

std::string Time(int64_t seconds) {
  std::string text;
  text::AppendTime(seconds, text);
  return text;
}

std::string Created(int64_t time) {
  return fmt::format(R"({{"kind":"Pod","apiVersion":"v1","metadata":{{"creationTimestamp":"{}"}}}})",
                     Time(time));
}
std::string Renewed(int64_t time) {
  return fmt::format(
      R"({{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{{}},"spec":{{"renewTime":"{}"}}}})",
      Time(time));
}
std::string Written(int64_t created, int64_t time) {
  return fmt::format(
      R"({{"kind":"Pod","apiVersion":"v1","metadata":{{"creationTimestamp":"{}","managedFields":[{{"time":"{}"}}]}}}})",
      Time(created), Time(time));
}

TEST(WitnessOf, TellsWhatIsExact) {
  const auto of = [](const std::string& value, int64_t version) {
    mvcc::KeyValue kv;
    kv.key = "/registry/x";
    kv.mod_revision = 7;
    kv.version = version;
    return WitnessOf(kv, AsBytes(value));
  };
  const auto created = of(Created(kStart), 1);
  ASSERT_TRUE(created);
  EXPECT_EQ(created->kind, WitnessKind::kCreation);
  EXPECT_EQ(created->seconds, kStart);
  EXPECT_EQ(created->revision, 7);
  EXPECT_EQ(of(Created(kStart), 2)->kind, WitnessKind::kWrite) << "a later version was not written then";
  EXPECT_EQ(of(Renewed(kStart + 5), 9)->kind, WitnessKind::kRenewal);
  EXPECT_EQ(of(Written(kStart, kStart + 9), 2)->seconds, kStart + 9);
  EXPECT_FALSE(of("plain", 1));
  EXPECT_FALSE(of("{}", 1));
  EXPECT_FALSE(of(R"({"metadata":{"creationTimestamp":"yesterday"}})", 1));
}

TEST(Consistent, DropsAFewWrongClocks) {
  std::vector<TimeMark> all;
  for (const int64_t seconds : {10, 20, 9000, 20, 30, 1, 40})
    all.push_back({std::ssize(all), seconds, WitnessKind::kRenewal});
  std::vector<int64_t> kept;
  for (const TimeMark& each : Consistent(all)) kept.push_back(each.seconds);
  EXPECT_THAT(kept, testing::ElementsAre(10, 20, 20, 30, 40));
  EXPECT_TRUE(Consistent({}).empty());
}

// A cluster's life with the true time of every revision: objects come, six nodes renew their leases (one of
// them an hour ahead, one five minutes behind), managers write with old times, keys come that tell nothing.
struct Life {
  std::vector<int64_t> truth{0, kStart};  // by revision
  KeySpace space;

  explicit Life(int revisions) {
    std::mt19937 random(7);
    for (int i = 0; i < revisions; ++i) Write(random);
  }

  void Write(std::mt19937& random) {
    const int64_t now = truth.back() + static_cast<int64_t>(random() % 20);
    truth.push_back(now);
    const auto what = random() % 100, node = random() % 6;
    const std::string name = std::to_string(truth.size());
    if (what >= 55 && what < 85 && first_ == 0) first_ = now;
    if (what < 15) {
      space.Put("/registry/pods/a/" + name, Created(now));
    } else if (what < 55) {
      const int64_t skew = node == 0 ? 3600 : node == 1 ? -300 : 0;
      space.Put(fmt::format("/registry/leases/n/{}", node), Renewed(now + skew));
    } else if (what < 85) {
      const int64_t old = now - static_cast<int64_t>(random() % 2 * (random() % 900));
      space.Put("/registry/pods/b/one", Written(first_, std::max(old, first_)));
    } else {
      space.Put("/other/" + name, "x");
    }
  }
  int64_t first_ = 0;  // when the Pod that is written again and again was created
};

TEST(WriteClock, HoldsTheTrueTimeOf99PercentOfRevisions) {
  Life life(1500);
  const OpenedStore opened(life.space.Build());
  ASSERT_EQ(opened.store->current_revision(), std::ssize(life.truth) - 1);
  StoredObjects stored({});
  WriteClock clock(*opened.store, stored);
  int64_t held = 0, width = 0;
  for (int64_t revision = 2; revision < std::ssize(life.truth); ++revision) {
    const auto when = clock.When(revision);
    ASSERT_TRUE(when);
    const int64_t truth = life.truth[static_cast<size_t>(revision)];
    held += when->earliest.value_or(0) <= truth && truth <= when->latest.value_or(INT64_MAX) ? 1 : 0;
    if (when->earliest && when->latest) width += *when->latest - *when->earliest;
  }
  EXPECT_GE(held * 100, (std::ssize(life.truth) - 2) * 99);
  EXPECT_LT(width / std::ssize(life.truth), 60) << "an interval that says nothing holds everything";
}

TEST(WriteClock, FindsTheRevisionsAroundATime) {
  Life life(600);
  const OpenedStore opened(life.space.Build());
  StoredObjects stored({});
  WriteClock clock(*opened.store, stored);
  for (const int64_t time : {life.truth[50], life.truth[300] + 1, life.truth[590]}) {
    const auto at = clock.At(time);
    ASSERT_TRUE(at);
    ASSERT_GT(at->before, 1);
    ASSERT_TRUE(at->after);
    EXPECT_LE(life.truth[static_cast<size_t>(at->before)], time);
    EXPECT_GE(life.truth[static_cast<size_t>(*at->after)], time);
    EXPECT_LT(*at->after - at->before, 60);
  }
  EXPECT_EQ(clock.At(kStart - 100)->before, 0);
  EXPECT_EQ(clock.At(life.truth.back() + 9999)->after, std::nullopt);
}

TEST(WriteClock, SaysWhereThereIsNoSuchRevision) {
  const OpenedStore opened(KeySpace().Put("a", "b").Build());
  StoredObjects stored({});
  WriteClock clock(*opened.store, stored);
  EXPECT_EQ(clock.When(99).error().code, Errc::kRefused);
  EXPECT_EQ(clock.When(0).error().code, Errc::kRefused);
  const auto when = clock.When(2);
  ASSERT_TRUE(when);
  EXPECT_FALSE(when->earliest);
  EXPECT_FALSE(when->latest);
}

}  // namespace
}  // namespace etcdmedic::objects
