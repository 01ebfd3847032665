// SPDX-License-Identifier: Apache-2.0
#include "base/fnv.h"

#include <gtest/gtest.h>

namespace etcdmedic {
namespace {

// The vectors of the algorithm's authors.
TEST(Fnv1a64, GivesThePublishedSums) {
  EXPECT_EQ(Fnv1a64({}), 0xcbf29ce484222325U);
  EXPECT_EQ(Fnv1a64(AsBytes("a")), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(Fnv1a64(AsBytes("foobar")), 0x85944171f73967e8U);
}

}  // namespace
}  // namespace etcdmedic
