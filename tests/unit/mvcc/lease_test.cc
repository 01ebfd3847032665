// SPDX-License-Identifier: Apache-2.0
#include "mvcc/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"
#include "support/protobuf_text.h"

namespace etcdmedic::mvcc {
namespace {

using support::BigEndian64;
using support::DbBuilder;
using support::KeySpace;
using support::OpenedStore;
using test::Number;
using testing::ElementsAre;

std::string LeaseOf(uint64_t id, uint64_t ttl) { return Number(1, id) + Number(2, ttl) + Number(3, 5); }

TEST(Leases, KnowTheKeysThatAreAttached) {
  KeySpace space;
  space.Put("a", "", 7)
      .Put("b", "", 7)
      .Put("c", "")
      .Put("d", "", 9)
      .Delete("b")
      .Put("e", "", 0x7fffffffffffffff);
  OpenedStore opened(space.Builder()
                         .Add("lease", BigEndian64(7), LeaseOf(7, 60))
                         .Add("lease", BigEndian64(8), LeaseOf(8, 30))
                         .Build());
  const auto leases = ReadLeases(*opened.store, 0, opened.found);
  ASSERT_TRUE(leases);
  EXPECT_TRUE(opened.found.items.empty());
  ASSERT_EQ(leases->size(), 4U);
  EXPECT_EQ((*leases)[0].id, 7);
  EXPECT_EQ((*leases)[0].ttl, 60);
  EXPECT_EQ((*leases)[0].remaining_ttl, 5);
  EXPECT_TRUE((*leases)[0].known);
  EXPECT_THAT((*leases)[0].keys, ElementsAre("a"));
  EXPECT_TRUE((*leases)[1].keys.empty());
  EXPECT_FALSE((*leases)[2].known);
  EXPECT_EQ((*leases)[2].id, 9);
  EXPECT_THAT((*leases)[2].keys, ElementsAre("d"));
  EXPECT_EQ((*leases)[3].id, 0x7fffffffffffffff);
  const auto before = ReadLeases(*opened.store, 3, opened.found);
  ASSERT_TRUE(before);
  EXPECT_THAT((*before)[0].keys, ElementsAre("a", "b")) << "at revision 3";
  EXPECT_EQ(ReadLeases(*opened.store, 99, opened.found).error().code, Errc::kRefused);
  const auto index = opened.store->Index(EveryKey(), 3);
  ASSERT_TRUE(index);
  EXPECT_THAT(ReadLeases(*opened.store, *index, opened.found)[0].keys, ElementsAre("a", "b"));
}

TEST(Leases, ReportEntriesThatAreNotLeases) {
  OpenedStore opened(KeySpace()
                         .Builder()
                         .Add("lease", BigEndian64(1), LeaseOf(2, 60))
                         .Add("lease", BigEndian64(3), "\xFF")
                         .Add("lease", BigEndian64(4), test::Delimited(1, "4"))
                         .Add("lease", "short", LeaseOf(5, 60))
                         .Build());
  EXPECT_TRUE(IsLease(AsBytes(BigEndian64(2)), AsBytes(LeaseOf(2, 60))));
  EXPECT_FALSE(IsLease(AsBytes(BigEndian64(1)), AsBytes(LeaseOf(2, 60))));
  EXPECT_FALSE(IsLease(AsBytes(BigEndian64(3)), AsBytes(std::string_view("\xFF"))));
  CheckLeaseEntries(*opened.store, opened.found);
  ASSERT_EQ(opened.found.items.size(), 4U);
  for (const diag::Finding& finding : opened.found.items) EXPECT_EQ(finding.code, diag::Code::kMvccLease);
}

TEST(Leases, AreNoneOfACutEntryThatLostItsId) {
  const std::string whole = LeaseOf(300, 70000);
  for (size_t length = 0; length < whole.size(); ++length) {
    OpenedStore opened(KeySpace().Builder().Add("lease", BigEndian64(300), whole.substr(0, length)).Build());
    const auto leases = ReadLeases(*opened.store, 0, opened.found);
    ASSERT_TRUE(leases);
    EXPECT_EQ(leases->size() + opened.found.items.size(), 1U);
    for (const Lease& lease : *leases) EXPECT_TRUE(lease.ttl == 0 || lease.ttl == 70000) << length;
  }
}

}  // namespace
}  // namespace etcdmedic::mvcc
