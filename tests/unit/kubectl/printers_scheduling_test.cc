// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "support/printed_cells.h"

namespace etcdmedic::kubectl {
namespace {

using test::Cells;

struct Row {
  const char *json, *cells;
};

TEST(SchedulingPrinters, ShowClaims) {
  const Row rows[] = {
      {R"({"status":{}})", "pending|<unknown>"},
      {R"({"status":{"allocation":{}}})", "allocated|<unknown>"},
      {R"({"status":{"allocation":{},"reservedFor":[1]}})", "allocated,reserved|<unknown>"},
      {R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}})", "deleted|<unknown>"},
      {R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"allocation":{}}})",
       "deleted,allocated|<unknown>"}};
  for (const Row& row : rows) EXPECT_EQ(Cells("resourceclaims", row.json), row.cells) << row.json;
}

TEST(SchedulingPrinters, ShowDevices) {
  EXPECT_EQ(Cells("resourceslices", R"({"spec":{"driver":"d","pool":{"name":"p"}}})"), "|d|p|<unknown>");
  EXPECT_EQ(
      Cells("devicetaintrules",
            R"({"spec":{"taint":{"key":"k","effect":"NoExecute","timeAdded":"2026-01-01T23:59:00Z"}}})"),
      "k||NoExecute|60s|<unknown>");
  EXPECT_EQ(Cells("devicetaintrules", R"({"spec":{"taint":{"key":"k"}}})"), "k|||0s|<unknown>");
}

TEST(SchedulingPrinters, SumOverPools) {
  const Row rows[] = {
      {R"({"spec":{"driver":"d"}})", "d|-|-|-|-|-|0|Pending|<none>"},
      {R"({"status":{"poolCount":3,"pools":[{"totalDevices":5,"availableDevices":2},{"totalDevices":1,"validationError":"e"}],
          "conditions":[{"type":"Complete","status":"True","lastTransitionTime":"2026-01-01T23:00:00Z"}]}})",
       "|6|2|0|0|1|3|Complete (2/3 pools)|60m"},
      {R"({"status":{"poolCount":1,"conditions":[{"type":"Complete","status":"False"},{"type":"Failed","status":"True"}]}})",
       "|-|-|-|-|-|1|Failed|<none>"}};
  for (const Row& row : rows) EXPECT_EQ(Cells("resourcepoolstatusrequests", row.json), row.cells) << row.json;
}

TEST(SchedulingPrinters, ShowGroupsOfPods) {
  const Row rows[] = {
      {R"({"spec":{"schedulingPolicy":{"basic":{}}}})", "Basic|<none>|Pending|<unknown>"},
      {R"({"spec":{"schedulingPolicy":{"gang":{}},"workloadRef":{"workloadName":"w"}},
          "status":{"conditions":[{"type":"PodGroupInitiallyScheduled","status":"True"}]}})",
       "Gang|w|Scheduled|<unknown>"},
      {R"({"status":{"conditions":[{"type":"PodGroupInitiallyScheduled","status":"False"}]}})",
       "Basic|<none>|Unschedulable|<unknown>"},
      {R"({"status":{"conditions":[{"type":"PodGroupInitiallyScheduled","status":"True"},{"type":"DisruptionTarget","reason":"R"}]}})",
       "Basic|<none>|R|<unknown>"}};
  for (const Row& row : rows) EXPECT_EQ(Cells("podgroups", row.json), row.cells) << row.json;
  EXPECT_EQ(Cells("compositepodgroups", rows[1].json), "Gang|w|<unknown>");
}

TEST(SchedulingPrinters, ShowEvictionRequests) {
  EXPECT_EQ(Cells("evictionrequests",
                  R"({"spec":{"target":{"pod":{"name":"p"}},"requester":"r","intent":"Eviction"},
      "status":{"observedGeneration":1}})"),
            "p|Pod|Progressing|r|Eviction|<unknown>");
  EXPECT_EQ(Cells("evictionrequests", R"({"status":{"observedGeneration":-1}})"),
            "<unset>|<unset>|Pending|||<unknown>");
}

TEST(SchedulingPrinters, ShowWhoAnswersAnEviction) {
  const auto of = [](std::string_view status) {
    return Cells("evictions", fmt::format(R"({{"status":{}}})", status), true);
  };
  EXPECT_EQ(of("{}"),
            "<unset>|<unset>|Pending|<unset> (0/0)|<unset>|<unknown>|<none>|<unknown>|<unset>|<unset>");
  EXPECT_EQ(
      of(R"({"targetResponders":[{"name":"a","state":"Completed"},{"name":"b","state":"Active"},{"name":"c"}],
      "responders":[{"name":"b","startTime":"2026-01-01T23:00:00Z","expectedCompletionTime":"2026-01-02T00:01:00Z",
      "heartbeatTime":"2026-01-01T23:59:30Z","message":"m"}],"requesters":[{"name":"y"},{"name":"x"}]})"),
      "<unset>|<unset>|Pending|b (2/3)|Started (60m ago)|in 60s|x + 1 more...|<unknown>|30s ago|m");
  EXPECT_EQ(of(R"({"targetResponders":[{"name":"a","state":"Completed"}],
      "responders":[{"name":"a","completionTime":"2026-01-01T23:00:00Z"}],"requesters":[{"name":"y","intent":"Withdrawn"}],
      "conditions":[{"type":"Failed","status":"True","reason":"R"}]})"),
            "<unset>|<unset>|Failed (R)|a (1/1)|Completed (60m ago)|-|<withdrawn>|<unknown>|<unset>|<unset>");
  EXPECT_EQ(
      of(R"({"conditions":[{"type":"Failed","status":"True"},{"type":"TargetEvicted","status":"True","reason":"S"}]})"),
      "<unset>|<unset>|TargetEvicted (S)|<unset> (0/0)|<unset>|<unknown>|<none>|<unknown>|<unset>|<unset>");
}

}  // namespace
}  // namespace etcdmedic::kubectl
