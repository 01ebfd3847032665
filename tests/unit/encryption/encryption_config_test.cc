// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "encryption/encryption.h"

namespace etcdmedic::encryption {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(EncryptionConfig, ReadsBothKindsInYamlAndJson) {
  const std::string keys = R"("keys":[{"name":"k","secret":"AAAAAAAAAAAAAAAAAAAAAA=="}])";
  const auto json = EncryptionConfig::Parse(
      R"({"kind":"EncryptionConfig","apiVersion":"v1","resources":[{"resources":["secrets"],"providers":[)"
      R"({"identity":{}},{"aescbc":{)" +
          keys + R"(}},{"kms":{"name":"vault","endpoint":"unix:///x"}}]}]})",
      "c.json");
  ASSERT_TRUE(json) << json.error().what;
  ASSERT_EQ(json->keys().size(), 1U);
  EXPECT_EQ(json->keys()[0].name, "k");
  EXPECT_EQ(json->plugins(), std::vector<std::string>{"vault"});
  const std::string folder = std::string(ETCDMEDIC_SOURCE_DIR) + "/testdata/k8s/encrypted/";
  EXPECT_EQ(EncryptionConfig::Load(folder + "encryption-config.yaml").value().keys().size(), 5U);
}

TEST(EncryptionConfig, SaysWhatIsWrongWithoutTheSecret) {
  struct Case {
    std::string text, what;
  };
  const std::string start = "kind: EncryptionConfiguration\nresources: [{providers: [{aesgcm: {keys: [";
  const Case cases[] = {
      {"kind: Pod\n", "no EncryptionConfiguration"},
      {"", "no EncryptionConfiguration"},
      {"a: [", "line "},
      {start + "{name: k, secret: c2hvcnQ=}]}}]}]",
       "aesgcm key \"k\" has a secret of 5 bytes; 16, 24 or 32 are right"},
      {start + "{name: k, secret: '***'}]}}]}]", "aesgcm key \"k\" has no secret, or one that is not base64"},
      {start + "{name: k}]}}]}]", "aesgcm key \"k\" has no secret, or one that is not base64"},
  };
  for (const Case& one : cases) {
    const auto config = EncryptionConfig::Parse(one.text, "c.yaml");
    ASSERT_FALSE(config) << one.text;
    EXPECT_THAT(config.error().what, HasSubstr(one.what));
    EXPECT_THAT(config.error().what, Not(HasSubstr("c2hv")));
  }
}

TEST(EncryptionConfig, IsNotReadFromWhatIsNotThere) {
  const auto config = EncryptionConfig::Load("/nonexistent/config.yaml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, Errc::kIo);
}

// A configuration cut at any byte is one that was wanted, or an error; the secret is in no message.
TEST(EncryptionConfig, NeverQuotesTheSecretAtAnyCut) {
  const std::string whole =
      "kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n- resources: "
      "[secrets]\n"
      "  providers:\n  - aescbc:\n      keys:\n      - name: key1\n        secret: "
      "c2VjcmV0IGlzIHNlY3VyZQ==\n";
  ASSERT_TRUE(EncryptionConfig::Parse(whole, "c.yaml"));
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto config = EncryptionConfig::Parse(whole.substr(0, size), "c.yaml");
    if (!config) {
      EXPECT_THAT(config.error().what, Not(HasSubstr("c2VjcmV0"))) << size;
    }
  }
}

}  // namespace
}  // namespace etcdmedic::encryption
