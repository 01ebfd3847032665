// SPDX-License-Identifier: Apache-2.0
#include "text/write_tree.h"

#include <gtest/gtest.h>

#include "support/object_text.h"

namespace etcdmedic::text {
namespace {

using support::JsonOf;
using support::YamlOf;

TEST(WriteTree, KeepsTheOrderOfKeysInJsonAndTheLastOfRepeats) {
  ObjectTree tree;
  ASSERT_FALSE(ReadJson(R"({"b":1,"a":{"y":1,"x":2,"y":3},"b":4.50,"c":"\u003c"})", tree));
  EXPECT_EQ(JsonOf(tree), R"({"a":{"x":2,"y":3},"b":4.5,"c":"\u003c"})");
  EXPECT_EQ(JsonOf(tree, {.order = KeyOrder::kStored, .keep_numbers = true}),
            R"({"a":{"x":2,"y":3},"b":4.50,"c":"\u003c"})");
  EXPECT_EQ(YamlOf(tree), "a:\n  x: 2\n  \"y\": 3\nb: 4.5\nc: <\n");
}

TEST(WriteTree, PutsTheResourceVersionWhereKubectlHasIt) {
  ObjectTree tree;
  ASSERT_FALSE(ReadJson(R"({"kind":"A","metadata":{"uid":"u","name":"n"},"spec":{"metadata":{}}})", tree));
  EXPECT_EQ(YamlOf(tree, {.resource_version = "7"}),
            "kind: A\nmetadata:\n  name: \"n\"\n  resourceVersion: \"7\"\n  uid: u\nspec:\n  metadata: {}\n");
  EXPECT_EQ(JsonOf(tree, {.order = KeyOrder::kBytewise, .resource_version = "7"}),
            R"({"kind":"A","metadata":{"name":"n","resourceVersion":"7","uid":"u"},"spec":{"metadata":{}}})");
}

TEST(WriteTree, MasksSecrets) {
  ObjectTree tree;
  ASSERT_FALSE(ReadJson(R"({"kind":"Secret","apiVersion":"v1","data":{"a":"YQ=="},"stringData":{"b":"s"},)"
                        R"("metadata":{"annotations":{"x":"y",)"
                        R"("kubectl.kubernetes.io/last-applied-configuration":"{YQ==}"}}})",
                        tree));
  const std::string masked = JsonOf(tree, {.order = KeyOrder::kStored, .mask_secrets = true});
  EXPECT_EQ(masked.find("YQ"), std::string::npos) << masked;
  EXPECT_NE(masked.find(R"("stringData":{"b":"***"})"), std::string::npos) << masked;
  EXPECT_NE(masked.find(R"("x":"y")"), std::string::npos) << masked;
  EXPECT_NE(JsonOf(tree).find("YQ"), std::string::npos);
}

}  // namespace
}  // namespace etcdmedic::text
