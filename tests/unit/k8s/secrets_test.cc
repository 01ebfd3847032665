// SPDX-License-Identifier: Apache-2.0
#include "k8s/secrets.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

TEST(Secrets, AreKnownByTheirKey) {
  EXPECT_TRUE(IsSecretKey("/registry/secrets/default/a"));
  EXPECT_TRUE(IsSecretKey("/kubernetes.io/secrets/default/a"));
  EXPECT_FALSE(IsSecretKey("/registry/configmaps/default/secrets-of-mine"));
  EXPECT_FALSE(IsSecretKey("/registry/secretsx/default/a"));
  EXPECT_FALSE(IsSecretKey(""));
}

TEST(Secrets, AreKnownByTheirValue) {
  const std::string secret = test::Stored("v1", "Secret", "");
  const std::string pod = test::Stored("v1", "Pod", "");
  EXPECT_TRUE(HoldsSecret("", AsBytes(secret)));
  EXPECT_TRUE(HoldsSecret("/x", AsBytes(R"({"kind":"Secret","apiVersion":"v1"})")));
  EXPECT_FALSE(HoldsSecret("/registry/pods/a", AsBytes(pod)));
  EXPECT_TRUE(HoldsSecret("/registry/secrets/d/a", AsBytes("anything at all")));
  EXPECT_FALSE(HoldsSecret("/registry/secrets/d/a", AsBytes("k8s:enc:aescbc:v1:k:xxxx")))
      << "what is encrypted";
}

// However a Secret is cut, once its kind is there it is one, and under its key always.
TEST(Secrets, AreKnownAtEveryCut) {
  const std::string secret = test::Stored("v1", "Secret", "data");
  const size_t named = secret.find("Secret") + 6;
  support::ForEachPrefix(secret, [&](Bytes prefix) {
    if (prefix.size() >= named) {
      EXPECT_TRUE(HoldsSecret("", prefix)) << prefix.size();
      EXPECT_TRUE(MayHoldSecret(prefix)) << prefix.size();
    }
    if (!prefix.empty()) {
      EXPECT_TRUE(HoldsSecret("/registry/secrets/d/a", prefix)) << prefix.size();
    }
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
