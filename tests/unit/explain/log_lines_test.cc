// SPDX-License-Identifier: Apache-2.0
#include "explain/log_lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "explain/log_entry.h"

namespace etcdmedic::explain {
namespace {

const LogLine* Explain(const std::string& line) { return FindLogLine(LogEntryReader().Read(line).text); }

std::string Named(const LogLine* line) {
  return line == nullptr ? "nothing" : PatternText(line->patterns.substr(0, line->patterns.find('|')));
}

TEST(LogLines, TheTableIsConsistent) {
  std::set<std::string> seen;
  for (const LogLine& line : AllLogLines()) {
    EXPECT_FALSE(line.meaning.empty() || line.advice.empty()) << line.patterns;
    EXPECT_TRUE(line.scope != Scope::kFiles || !line.command.empty() || line.codes.empty()) << line.patterns;
    ForEachPart(line.codes, ' ',
                [&](std::string_view code) { EXPECT_NE(diag::FindCode(code), nullptr) << code; });
    ForEachPart(line.patterns, '|', [&](std::string_view pattern) {
      EXPECT_TRUE(seen.insert(PatternText(pattern)).second) << "twice: " << pattern;
      for (const char c : pattern) EXPECT_FALSE(c >= 'A' && c <= 'Z') << pattern << " is not in lower case";
    });
  }
}

// Every pattern finds its own row, with numbers and names in its gaps.
TEST(LogLines, EachPatternLeadsToItsRow) {
  for (const LogLine& line : AllLogLines()) {
    ForEachPart(line.patterns, '|', [&](std::string_view pattern) {
      std::string text;
      for (const char c : pattern.substr(pattern.find_first_not_of("~=")))
        text += c == '*' ? std::string(" 4711 ") : std::string(1, c);
      EXPECT_EQ(FindLogLine(text), &line) << text << " gives " << Named(FindLogLine(text));
    });
  }
}

struct Case {
  std::string_view source, pattern;  // the row's first
  Scope scope;
};
constexpr Case kReports[] = {
    {"etcd#13509", "tocommit(…) is out of range [lastindex(", Scope::kFiles},
    {"etcd#20809", "detected disallowed v2 wal", Scope::kFiles},
    {"etcd#20351", "illegal v2store content", Scope::kFiles},
    {"etcd#20340", "has no raftattributes", Scope::kFiles},
    {"etcd#13119", "unexpected removal of unknown remote peer", Scope::kFiles},
    {"bbolt#135", "invalid page type", Scope::kFiles},
    {"rancher#30202", "snapshot file doesn't exist", Scope::kFiles},
    {"etcd#10010", "range failed to find revision pair", Scope::kFiles},
    {"k8s#54027", "server version is lower than determined cluster version", Scope::kFiles},
    {"etcd35", "server version is lower than determined cluster version", Scope::kFiles},
    {"etcd#14379", "alarm:nospace", Scope::kLive},
    {"etcd#6133", "unexpected error from lease detach", Scope::kFiles},
    {"authrev", "revision in header is old", Scope::kLive},
    {"jpbetz/auger#24", "proto: wrong wiretype…for field typemeta", Scope::kKubernetes},
    {"k8s#114375", "illegal base64 data at input byte", Scope::kKubernetes},
    {"identity", "identity transformer tried to read encrypted data", Scope::kKubernetes},
    {"rke2#6281", "encrypted with different token", Scope::kKubernetes},
    {"bootstrapped", "has already been bootstrapped", Scope::kSetup},
    {"clusterid", "cluster id mismatch", Scope::kSetup},
    {"datainc", "found data inconsistency with peers", Scope::kFiles},
    {"compacted", "required revision has been compacted", Scope::kLive},
    {"flock", "db file is flocked by another process", Scope::kLive},
    {"applyslow", "apply request took too long", Scope::kLive},
    {"newer35", "missing term information", Scope::kFiles},
    {"notime", "etcdserver: no leader", Scope::kLive},
    {"removedall", "removed all voters", Scope::kFiles},
};

// The line in the other forms in which people meet it.
std::vector<std::string> FormsOf(const std::string& line) {
  const std::string text = LogEntryReader().Read(line).text;
  std::string escaped;
  for (const char c : line) escaped += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  std::string message;
  for (const char c : text) message += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return {line,
          "2018-04-01 12:00:00.123456 C | etcdserver: " + text,
          "Nov 27 12:00:00 node-1 etcd[812]: " + line,
          "2026-11-27T12:00:00.1Z stderr F " + line,
          "[pod/etcd-node-1/etcd] " + line,
          "time=\"2026-11-27T12:00:00Z\" level=fatal msg=\"" + message + "\"",
          R"({"level":"panic","ts":"2026-11-27T12:00:00.1Z","caller":"a/b.go:1","msg":")" + message + "\"}",
          R"({"log":")" + escaped + R"(\n","stream":"stderr","time":"2026-11-27T12:00:00.1Z"})",
          R"({"MESSAGE":")" + escaped + R"(","PRIORITY":"3","__REALTIME_TIMESTAMP":"1790000000000000"})"};
}

TEST(LogLines, KnowsWhatPeopleReportedInEveryForm) {
  std::ifstream file(ETCDMEDIC_SOURCE_DIR "/testdata/field-reports/log-lines.tsv");
  std::string row;
  std::getline(file, row);  // the heading
  size_t rows = 0;
  for (; std::getline(file, row); ++rows) {
    const std::string source = row.substr(0, row.find('\t'));
    const std::string line = row.substr(row.rfind('\t') + 1);
    const auto* wanted = std::ranges::find(kReports, source, &Case::source);
    ASSERT_NE(wanted, std::end(kReports)) << source;
    for (const std::string& form : FormsOf(line)) {
      const LogLine* found = Explain(form);
      EXPECT_EQ(Named(found), wanted->pattern) << form;
      EXPECT_TRUE(found != nullptr && found->scope == wanted->scope) << form;
    }
  }
  EXPECT_EQ(rows, std::size(kReports));
}

// docs/format/startup.md: what etcd says when it does not start. A line, and a finding that goes with it.
constexpr std::pair<std::string_view, std::string_view> kStartup[] = {
    {"wal: file not found", "WAL-SEGMENT-FIRST-MISSING"},
    {"wal: file not found which matches the snapshot index '1301'", "SNAP-OUT-OF-REACH"},
    {"wal: file sequence numbers (starting from 3) do not increase continuously", "WAL-SEGMENT-MISSING"},
    {"wal: crc mismatch", "WAL-CRC-MISMATCH"},
    {"crc mismatch", "WAL-CRC-MISMATCH"},
    {"walpb: crc mismatch: expected: 1a002b57 computed: 871cb412: in file 'a.wal' at position: 32760",
     "WAL-BIT-FLIP"},
    {"C | etcdserver: read wal error (walpb: crc mismatch) and cannot be repaired", "WAL-BIT-FLIP"},
    {"unexpected EOF", "WAL-TAIL-TORN"},
    {R"({"level":"info","msg":"repaired WAL","path":"/d/member/wal/a.wal","error":"unexpected EOF"})",
     "WAL-BROKEN-LEFT"},
    {"failed to repair WAL", "WAL-CRC-MISMATCH"},
    {"WAL error (unexpected EOF) cannot be repaired", "WAL-TAIL-TORN"},
    {"wal: max entry size limit exceeded", "WAL-LENGTH-IMPOSSIBLE"},
    {"unexpected EOF: [wal] max entry size limit exceeded when decoding \"a.wal\", recBytes: 1",
     "WAL-LENGTH-IMPOSSIBLE"},
    {"wal: slice bounds out of range", "RAFT-INDEX-GAP"},
    {"panic: runtime error: slice bounds out of range [:5000] with capacity 4096",
     "DB-ELEMENT-OUT-OF-BOUNDS"},
    {"wal: conflicting metadata found", "WAL-METADATA-CONFLICT"},
    {"wal: snapshot mismatch", "SNAP-FILE-ORPHAN"},
    {"wal: snapshot not found", "SNAP-FILE-ORPHAN"},
    {"snap: crc mismatch", "SNAP-CRC-MISMATCH"},
    {"snap: empty snapshot", "SNAP-FILE-EMPTY"},
    {"snap: no available snapshot", "SNAP-OUT-OF-REACH"},
    {"snap: snapshot file doesn't exist", "DB-BEHIND-SNAPSHOT"},
    {"failed to find database snapshot file (snap: snapshot file doesn't exist)", "DB-BEHIND-SNAPSHOT"},
    {"failed to recover v3 backend from snapshot", "DB-BEHIND-SNAPSHOT"},
    {"database file (/d/member/snap/db index 155) does not match with snapshot (index 303)",
     "DB-BEHIND-SNAPSHOT"},
    {"database file (/d/member/snap/db) of the backend is missing", "DB-FILE-MISSING"},
    {"tocommit(63) is out of range [lastIndex(31)]", "DB-AHEAD-OF-LOG"},
    {"8e9e05c52164694d state.commit 904 is out of range [0, 853]", "RAFT-STATE-BEYOND-LOG"},
    {"requested entry at index is unavailable", "RAFT-INDEX-GAP"},
    {"need non-empty snapshot", "SNAP-OUT-OF-REACH"},
    {R"({"level":"panic","msg":"failed to open database","path":"/d/member/snap/db","error":"invalid database"})",
     "DB-META-INVALID"},
    {R"({"level":"panic","msg":"failed to open database","path":"/d/member/snap/db","error":"checksum error"})",
     "DB-META-DAMAGED"},
    {"C | mvcc/backend: cannot open database at /d/member/snap/db (version mismatch)", "DB-META-INVALID"},
    {"panic: failed to open database: file size too small", "DB-FILE-TRUNCATED"},
    {"panic: freepages: failed to get all reachable pages (page 5: multiple references (stack: [3 4]))",
     "DB-PAGE-SHARED"},
    {"panic: freepages: failed to get all reachable pages (page 3: invalid type: unknown<00> (stack: [3]))",
     "DB-PAGE-TYPE-WRONG"},
    {"unexpected fault address 0x7f2f8c001000", "DB-FILE-TRUNCATED"},
    {"fatal error: fault", "DB-FILE-TRUNCATED"},
    {"[signal SIGBUS: bus error code=0x2 addr=0x7f12 pc=0x9d]", "DB-FILE-TRUNCATED"},
    {"panic: page 42 already freed", "DB-FREELIST-IN-USE"},
    {"page 7: reachable freed", "DB-FREELIST-IN-USE"},
    {"panic: assertion failed: Page expected to be: 23, but self identifies as 0", "DB-PAGE-ID-WRONG"},
    {"panic: invalid freelist page: 5, page type is leaf", "DB-FREELIST-INVALID"},
    {"failed to recover store from backend", "MVCC-REVISION-MALFORMED"},
    {"'put' with an unexpected smaller revision", "MVCC-HISTORY-BROKEN"},
    {"store.keyindex: put with unexpected smaller revision [{4 0} / {7 0}]", "MVCC-HISTORY-BROKEN"},
    {"panic: invalid revision length: 16", "MVCC-REVISION-MALFORMED"},
    {R"({"level":"fatal","msg":"range failed to find revision pair","revision-main":224,"revision-sub":0})",
     "MVCC-REVISION-GAP"},
    {"failed to unmarshal mvccpb.KeyValue", "MVCC-VALUE-MALFORMED"},
    {"cannot detect storage schema version: missing term information", "MVCC-META-MALFORMED"},
    {"mvcc: database space exceeded", "MVCC-ALARM-ACTIVE"},
    {"alarm NOSPACE", "MVCC-ALARM-ACTIVE"},
    {"CORRUPT alarm", "MVCC-ALARM-ACTIVE"},
    {"failed to find local ID in cluster members", "MVCC-CONF-STATE-MISMATCH"},
    {"two member with same name found", "MVCC-MEMBER-MALFORMED"},
    {"member unknown", "MVCC-CONF-STATE-MISMATCH"},
    {"snapshot missing hash but --skip-hash-check=false", "SNAPSHOT-HASH-MISSING"},
    {"Error: expected sha256 [1 2 3], got [4 5 6]", "DB-SNAPSHOT-HASH"},
};

TEST(LogLines, KnowsWhatEtcdSaysWhenItDoesNotStart) {
  for (const auto& [line, code] : kStartup) {
    const LogLine* found = Explain(std::string(line));
    ASSERT_NE(found, nullptr) << line;
    EXPECT_NE((" " + std::string(found->codes) + " ").find(" " + std::string(code) + " "), std::string::npos)
        << line << " gives " << Named(found) << ": " << found->codes;
    EXPECT_EQ(found->scope == Scope::kFiles || !found->command.empty(), true) << line;
  }
}

// What the running servers say: their files are fine.
constexpr std::string_view kLive[] = {
    "etcdserver: request timed out, possibly due to previous leader failure",
    "rpc error: code = Unavailable desc = etcdserver: leader changed",
    R"({"level":"warn","msg":"leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk"})",
    "W | etcdserver: server is likely overloaded",
    "W | rafthttp: the clock difference against peer 3a57933972cb5131 is too high [1m2s > 1s]",
    R"({"level":"warn","msg":"prober found high clock drift","round-tripper-name":"ROUND_TRIPPER_RAFT_MESSAGE"})",
    R"x({"level":"warn","msg":"dropped internal Raft message since sending buffer is full (overloaded network)"})x",
    "etcdserver: too many requests",
    "etcdserver: requested lease not found",
    "etcdserver: mvcc: required revision is a future revision",
    R"({"level":"warn","msg":"rejected connection","remote-addr":"1.2.3.4:5","error":"remote error: tls: bad certificate"})",
    R"({"level":"warn","msg":"slow fdatasync","took":"1.5s","expected-duration":"1s"})",
    "etcdserver: request is too large",
    R"({"level":"warn","msg":"apply request took too long","took":"1.2s","request":"header:<ID:1 > put:<key:\"crc mismatch\" >"})",
    "W | etcdserver: read-only range request \"key:\\\"a\\\"\" with result \"range_response_count:1\" took "
    "too long (1.2s) to execute",
    "etcdserver: mvcc: database space exceeded",
    "timeout",
};

TEST(LogLines, SaysOfLiveMattersThatTheyAreLive) {
  for (const std::string_view line : kLive) {
    const LogLine* found = Explain(std::string(line));
    ASSERT_NE(found, nullptr) << line;
    EXPECT_EQ(found->scope, Scope::kLive) << line << " gives " << Named(found);
  }
}

TEST(LogLines, GuessesNothing) {
  for (const std::string_view line :
       {"a line that nobody knows", "", "hello world 123", R"({"level":"warn","msg":"the moon is full"})",
        "GET /index.html HTTP/1.1 200", "walpb", "is out of range", "the crc of the parcel"}) {
    EXPECT_EQ(Explain(std::string(line)), nullptr) << line << " gives " << Named(Explain(std::string(line)));
  }
}

}  // namespace
}  // namespace etcdmedic::explain
