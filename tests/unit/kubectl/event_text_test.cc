// SPDX-License-Identifier: Apache-2.0
#include "kubectl/event_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

struct Event {
  explicit Event(const char* json) { text::ReadJson(json, tree); }
  text::ObjectView view() const { return tree.root(); }
  text::ObjectTree tree;
};
constexpr int64_t kNow = 1'795'774'800;  // 2026-11-27T10:20:00Z

TEST(EventText, SaysHowOften) {
  EXPECT_EQ(EventInterval(Event(R"({"firstTimestamp":"2026-11-27T10:15:00Z","count":1})").view(), kNow),
            "5m");
  EXPECT_EQ(
      EventInterval(
          Event(
              R"({"firstTimestamp":"2026-11-27T10:10:00Z","lastTimestamp":"2026-11-27T10:15:00Z","count":3})")
              .view(),
          kNow),
      "5m (x3 over 10m)");
  EXPECT_EQ(
      EventInterval(
          Event(
              R"({"eventTime":"2026-11-27T10:10:00.5Z","series":{"count":2,"lastObservedTime":"2026-11-27T10:19:00Z"}})")
              .view(),
          kNow),
      "60s (x2 over 10m)");
  EXPECT_EQ(EventInterval(Event("{}").view(), kNow), "<unknown>");
}

TEST(EventText, TakesTheTimeThatItWasSeenLast) {
  EXPECT_EQ(TimeOfEvent(Event(R"({"eventTime":"2026-11-27T10:20:00Z","lastTimestamp":null})").view()).seconds,
            kNow);
  EXPECT_EQ(
      TimeOfEvent(
          Event(R"({"lastTimestamp":"2026-11-27T10:20:00Z","eventTime":"2026-11-27T10:00:00Z"})").view())
          .seconds,
      kNow);
  EXPECT_EQ(
      TimeOfEvent(
          Event(
              R"({"series":{"lastObservedTime":"2026-11-27T10:20:00Z"},"lastTimestamp":"2026-11-27T10:00:00Z"})")
              .view())
          .seconds,
      kNow);
  EXPECT_LT(TimeOfEvent(Event("{}").view()).seconds, 0);
}

TEST(EventText, TrimsTheMessage) { EXPECT_EQ(EventMessage(Event(R"({"message":" a b\n"})").view()), "a b"); }

}  // namespace
}  // namespace etcdmedic::kubectl
