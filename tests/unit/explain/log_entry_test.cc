// SPDX-License-Identifier: Apache-2.0
#include "explain/log_entry.h"

#include <gtest/gtest.h>

#include "support/page_end.h"

namespace etcdmedic::explain {
namespace {

LogEntry Read(std::string_view line) { return LogEntryReader().Read(line); }

struct Case {
  std::string_view line, message, time;
  Level level;
};
constexpr Case kCases[] = {
    {R"({"level":"warn","ts":"2026-11-27T12:00:00.1Z","caller":"a.go:1","msg":"slow fdatasync","took":"1s"})",
     "slow fdatasync", "2026-11-27T12:00:00.1Z", Level::kWarning},
    {R"({"level":"fatal","ts":1606478400.5,"msg":"discovery failed","error":"no"})", "discovery failed: no",
     "1606478400.5", Level::kFatal},
    {"2018-04-01 12:00:00.123456 C | membership: cluster cannot be downgraded",
     "membership: cluster cannot be downgraded", "2018-04-01 12:00:00.123456", Level::kFatal},
    {"C | membership: cluster cannot be downgraded", "membership: cluster cannot be downgraded", "",
     Level::kFatal},
    {"Nov 27 12:00:00 node etcd[12]: 2018-04-01 12:00:00.1 I | raft: x", "raft: x", "Nov 27 12:00:00",
     Level::kInfo},
    {"E0427 10:11:12.123456       1 store.go:138] unable to transform key", "unable to transform key", "",
     Level::kError},
    {"panic: removed all voters", "panic: removed all voters", "", Level::kFatal},
    {"\tpanic: a [recovered]", "panic: a [recovered]", "", Level::kFatal},
    {"time=\"2026-11-27T12:00:00Z\" level=error msg=\"x\"",
     "time=\"2026-11-27T12:00:00Z\" level=error msg=\"x\"", "2026-11-27T12:00:00Z", Level::kError},
    {"2021-05-05T12:00:00.000Z\tWARN\tetcdserver/util.go:1\tapply request took too long",
     "2021-05-05T12:00:00.000Z\tWARN\tetcdserver/util.go:1\tapply request took too long",
     "2021-05-05T12:00:00.000Z", Level::kWarning},
    {R"({"log":"{\"level\":\"warn\",\"ts\":\"2026-01-01T00:00:00Z\",\"msg\":\"a\"}\n","stream":"stderr","time":"2026-01-02T00:00:00Z"})",
     "a", "2026-01-01T00:00:00Z", Level::kWarning},
    {"Nov 27 12:00:00 node etcd[12]: {\"level\":\"warn\",\"ts\":\"2026-01-01T00:00:00Z\",\"msg\":\"a\"}", "a",
     "Nov 27 12:00:00", Level::kWarning},
    {"2026-01-02T00:00:00Z stderr F panic: a", "panic: a", "2026-01-02T00:00:00Z", Level::kFatal},
    {"[pod/etcd-1/etcd] panic: a", "panic: a", "", Level::kFatal},
    {"etcd-1  | panic: a", "panic: a", "", Level::kFatal},
    {R"({"MESSAGE":[112,97,110,105,99,58,32,255],"__REALTIME_TIMESTAMP":"1790000000000000"})", "panic: \xFF",
     "1790000000000000", Level::kFatal},
    {"\x1b[36mINFO\x1b[0m[0025] etcd data store connection OK", "INFO[0025] etcd data store connection OK",
     "", Level::kNone},
};

TEST(LogEntry, ReadsEveryForm) {
  for (const Case& each : kCases) {
    const LogEntry entry = Read(each.line);
    EXPECT_EQ(entry.message, each.message) << each.line;
    EXPECT_EQ(entry.time, each.time) << each.line;
    EXPECT_EQ(entry.level, each.level) << each.line;
    EXPECT_FALSE(entry.trace) << each.line;
  }
}

TEST(LogEntry, FindsTheDataDirectory) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"level":"info","msg":"opened backend db","path":"/var/lib/etcd/member/snap/db","took":"1ms"})",
       "/var/lib/etcd"},
      {"database file (/srv/e-1/member/snap/db index 3) does not match with snapshot (index 4)", "/srv/e-1"},
      {"open default.etcd/member/wal/0.wal: permission denied", "default.etcd"},
      {R"({"level":"info","msg":"starting","data-dir":"/data/etcd","x":1})", "/data/etcd"},
      {"etcd --name a --data-dir=/d/e --x", "/d/e"},
      {"POST /v3/cluster/member/add", ""},
      {"/member/snap/db", ""},
  };
  for (const auto& [line, dir] : cases) EXPECT_EQ(Read(line).data_dir, dir) << line;
}

TEST(LogEntry, KnowsStackTraces) {
  for (const std::string_view line :
       {"goroutine 1 [running]:", "Nov 27 12:00:00 node etcd[12]: goroutine 151 [running]:",
        "\t/go/src/go.etcd.io/etcd/raft/log.go:203 +0x1d", "main.main()",
        "go.etcd.io/etcd/raft.(*raftLog).commitTo(0xc0001, 0x1ca)",
        "created by net/http.(*Server).Serve in goroutine 1"}) {
    EXPECT_TRUE(Read(line).trace) << line;
  }
}

TEST(LogEntry, LeavesTheRequestsOfClientsOut) {
  const LogEntry entry = Read(
      R"({"level":"warn","msg":"apply request took too long","request":"put crc mismatch","took":"1s"})");
  EXPECT_EQ(entry.text, "apply request took too long took 1s");
}

// Logs are copied by hand: a line may end anywhere.
TEST(LogEntry, EndsAtEveryCut) {
  for (const Case& each : kCases) {
    support::ForEachPrefix(each.line, [&](Bytes prefix) {
      const LogEntry entry = Read(AsText(prefix));
      EXPECT_LE(entry.message.size(), each.line.size()) << each.line;
      EXPECT_LE(entry.time.size(), each.line.size());
    });
  }
}

}  // namespace
}  // namespace etcdmedic::explain
