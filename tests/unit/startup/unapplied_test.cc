// SPDX-License-Identifier: Apache-2.0
#include "startup/unapplied.h"

#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/temp_folder.h"
#include "support/wal_builder.h"

namespace etcdmedic::startup {
namespace {

using support::BigEndian64;
using support::WalBuilder;

std::string DbAt(uint64_t applied) {
  return support::KeySpace().Put("/a", "1").Meta("consistent_index", BigEndian64(applied)).Build();
}

struct Member {
  explicit Member(const std::string& segment) {
    layout.member_folder.emplace();
    layout.segments.push_back({folder.Write("last.wal", segment), "last.wal", segment.size()});
  }
  // "FIRST-LAST", or "none".
  std::string Unapplied(const std::string& db) const {
    const auto found = FindUnapplied(layout, AsBytes(db));
    return found ? std::to_string(found->first) + "-" + std::to_string(found->last) : "none";
  }
  support::TempFolder folder;
  member::Layout layout;
};

struct Case {
  const char* name;
  WalBuilder log;
  uint64_t applied;
  const char* unapplied;
};

TEST(Unapplied, AreCommittedRequestsThatTheBackendLacks) {
  const std::string change("\x08\x00\x10\x00\x18\x02", 6);
  const Case cases[] = {
      {"all applied", WalBuilder().Put(2, 3, "/a", "1").State(2, 1, 3), 3, "none"},
      {"one more", WalBuilder().Put(2, 3, "/a", "1").Put(2, 4, "/b", "1").State(2, 1, 4), 3, "4-4"},
      {"several more", WalBuilder().Put(2, 3, "/a", "1").Put(2, 4, "/b", "1").State(2, 1, 4), 2, "3-4"},
      {"not committed", WalBuilder().Put(2, 3, "/a", "1").Put(2, 4, "/b", "1").State(2, 1, 3), 3, "none"},
      {"the request is not committed, an empty entry is",
       WalBuilder().Put(2, 3, "/a", "1").Entry(2, 4, "").Put(2, 5, "/b", "1").State(2, 1, 4), 3, "none"},
      {"no request", WalBuilder().Put(2, 3, "/a", "1").Entry(2, 4, "").State(2, 1, 4), 3, "none"},
      {"a change of members only", WalBuilder().Put(2, 3, "/a", "1").Entry(2, 4, change, 1).State(2, 1, 4), 3,
       "none"},
      {"the segments before may have requests", WalBuilder().Entry(2, 9, "").State(2, 1, 9), 3, "4-9"},
      {"the segment begins right after", WalBuilder().Entry(2, 4, "").State(2, 1, 4), 3, "none"},
      {"no entry at all", WalBuilder().State(2, 1, 9), 3, "4-9"},
      {"the newest state counts", WalBuilder().Put(2, 4, "/a", "1").State(2, 1, 3).State(2, 1, 4), 3, "4-4"},
      {"no state", WalBuilder().Put(2, 4, "/a", "1"), 3, "none"},
  };
  for (const Case& each : cases) {
    const Member member(WalBuilder(each.log).Zeros(4096).bytes());
    EXPECT_EQ(member.Unapplied(DbAt(each.applied)), each.unapplied) << each.name;
  }
}

TEST(Unapplied, AreCountedUpToDamage) {
  WalBuilder log;
  log.Put(2, 4, "/a", "1").State(2, 1, 4).Put(2, 5, "/b", "1").State(2, 1, 5);
  std::string bytes = log.bytes();
  bytes[log.placed()[4].data_offset + 3] ^= 1;
  EXPECT_EQ(Member(bytes).Unapplied(DbAt(3)), "4-4");
}

TEST(Unapplied, AreNotKnownWithoutAMember) {
  const std::string log = WalBuilder().Put(2, 4, "/a", "1").State(2, 1, 4).bytes();
  Member alone(log);
  alone.layout.member_folder.reset();
  EXPECT_EQ(alone.Unapplied(DbAt(3)), "none") << "a log that belongs to no member";
  Member no_log(log);
  no_log.layout.segments.clear();
  EXPECT_EQ(no_log.Unapplied(DbAt(3)), "none");
  Member gone(log);
  gone.layout.segments[0].path += ".gone";
  EXPECT_EQ(gone.Unapplied(DbAt(3)), "none");
  EXPECT_EQ(Member(log).Unapplied("not a db"), "none");
}

}  // namespace
}  // namespace etcdmedic::startup
