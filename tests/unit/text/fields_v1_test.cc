// SPDX-License-Identifier: Apache-2.0
#include "text/fields_v1.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

TEST(FieldsV1, AreOrderedAsTheServerOrdersThem) {
  EXPECT_TRUE(FieldsV1Less(".", "f:a"));
  EXPECT_TRUE(FieldsV1Less("f:b", "k:{\"a\":1}"));
  EXPECT_TRUE(FieldsV1Less("k:{\"port\":80}", "k:{\"port\":443}"));
  EXPECT_TRUE(FieldsV1Less("k:{\"name\":\"a\"}", "k:{\"name\":\"b\"}"));
  EXPECT_TRUE(FieldsV1Less("k:{\"a\":1}", "k:{\"a\":1,\"b\":1}"));
  EXPECT_TRUE(FieldsV1Less("v:\"x\"", "i:0"));
  EXPECT_TRUE(FieldsV1Less("i:2", "i:10"));
  EXPECT_FALSE(FieldsV1Less("i:10", "i:2"));
  EXPECT_TRUE(FieldsV1Less("v:1.5", "v:\"1\"")) << "numbers come before strings";
  EXPECT_TRUE(FieldsV1Less("v:\"z\"", "v:true")) << "and these before booleans";
  EXPECT_TRUE(FieldsV1Less("k:{\"a\":", "k:{\"b\"")) << "what is not JSON counts by its bytes";
}

}  // namespace
}  // namespace etcdmedic::text
