// SPDX-License-Identifier: Apache-2.0
#include "encryption/value_head.h"

#include <gtest/gtest.h>

namespace etcdmedic::encryption {
namespace {

TEST(ValueHead, TellsObjectsFromEncryptedValues) {
  struct Row {
    std::string_view value;
    bool encrypted, object;
  };
  using namespace std::string_view_literals;
  const Row rows[] = {{"k8s\0\n\x04"sv, false, true},
                      {"k8s"sv, false, false},
                      {"k8s:enc:aescbc:v1:key1:"sv, true, false},
                      {"k8s:enc"sv, false, false},
                      {R"({"kind":"Pod"})"sv, false, true},
                      {"\xd9\xd9\xf7\xa1"sv, false, true},
                      {"\xd9\xd9"sv, false, false},
                      {"plain"sv, false, false},
                      {""sv, false, false}};
  for (const Row& row : rows) {
    EXPECT_EQ(IsEncrypted(AsBytes(row.value)), row.encrypted) << row.value;
    EXPECT_EQ(BeginsObject(row.value), row.object) << row.value;
  }
}

}  // namespace
}  // namespace etcdmedic::encryption
