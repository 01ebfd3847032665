// SPDX-License-Identifier: Apache-2.0
#include "objects/time_table.h"

#include <fmt/format.h>
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

std::string Object(const char* kind, const std::string& metadata, const std::string& spec = "{}") {
  return fmt::format(R"({{"kind":"{}","apiVersion":"v1","metadata":{},"spec":{}}})", kind, metadata, spec);
}

std::string Time(int64_t seconds) {
  std::string text;
  text::AppendTime(seconds, text);
  return text;
}

// Creations, renewals, writes and keys that tell nothing, in parts of which some have no exact mark at all.
std::string Image(int revisions) {
  std::mt19937 random(11);
  KeySpace space(false);
  int64_t now = kStart;
  for (int i = 0; i < revisions; ++i) {
    now += static_cast<int64_t>(random() % 9);
    const std::string metadata = fmt::format(R"({{"creationTimestamp":"{}"}})", Time(now));
    const std::string managed = fmt::format(R"({{"managedFields":[{{"time":"{}"}}]}})",
                                            Time(now - static_cast<int64_t>(random() % 40)));
    const auto what = i / 500 % 3 == 1 ? 3 + random() % 2 : random() % 5;
    const std::string name = std::to_string(i);
    if (what == 0)
      space.Begin().Put("/registry/pods/a/" + name, Object("Pod", metadata)).Put("/x", "y").End();
    if (what == 1)
      space.Put("/registry/leases/a/n",
                Object("Lease", "{}", R"({"renewTime":")" + Time(now + (i % 7 == 0 ? 900 : 0)) + "\"}"));
    if (what == 2) space.Put("/other/" + name, "x");
    if (what >= 3) space.Put("/registry/pods/a/one", Object("Pod", managed));
  }
  return space.Build();
}

TEST(TimeTable, SaysWhatTheClockSays) {
  const OpenedStore opened(Image(2000));
  StoredObjects stored({});
  WriteClock clock(*opened.store, stored);
  const auto entries = mvcc::EntryTable::Read(opened.store->view(), "key");
  ASSERT_TRUE(entries);
  TimeTable table(*entries, {});
  size_t told = 0;
  for (int64_t revision = 1; revision <= opened.store->current_revision(); ++revision) {
    const TimeSpan expected = *clock.When(revision);
    ASSERT_EQ(table.Of(revision), expected) << revision;
    told += expected.earliest && expected.latest ? 1 : 0;
  }
  EXPECT_GT(told, 1900U);
  for (const int64_t revision : {1900, 17, 700, 16, 1600})
    EXPECT_EQ(table.Of(revision), TimeSpan(*clock.When(revision))) << "not in order: " << revision;
}

TEST(RevisionTimes, IsTheSameForAFewAndForMany) {
  const OpenedStore opened(Image(300));
  StoredObjects stored({});
  WriteClock clock(*opened.store, stored);
  RevisionTimes times(*opened.store, {});
  for (int64_t revision = 2; revision <= opened.store->current_revision(); ++revision) {
    const TimeSpan expected = *clock.When(revision);
    for (int time = 0; time < 3; ++time) ASSERT_EQ(times.Of(revision), expected) << revision;
  }
}

TEST(RevisionTimes, KnowsNothingOfKeysThatTellNone) {
  KeySpace space(false);
  for (int i = 0; i < 100; ++i) space.Put("/k", "v");
  const OpenedStore opened(space.Build());
  RevisionTimes times(*opened.store, {});
  for (int64_t revision = 1; revision <= 101; ++revision) EXPECT_EQ(times.Of(revision), TimeSpan());
}

}  // namespace
}  // namespace etcdmedic::objects
