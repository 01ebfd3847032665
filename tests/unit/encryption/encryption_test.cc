// SPDX-License-Identifier: Apache-2.0
#include "encryption/encryption.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "support/corpus.h"
#include "support/page_end.h"
#include "text/text_codec.h"

namespace etcdmedic::encryption {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kFolder = std::string(ETCDMEDIC_SOURCE_DIR) + "/testdata/k8s/encrypted/";

struct Sealed {
  std::string key, value, plain;
};

std::vector<Sealed> ReadSealed() {
  std::ifstream file(kFolder + "values.tsv");
  std::vector<Sealed> all;
  std::string key, value, plain;
  while (std::getline(file, key, '\t') && std::getline(file, value, '\t') && std::getline(file, plain))
    all.push_back({key, text::FromBase64(value).value(), text::FromBase64(plain).value()});
  return all;
}

EncryptionConfig Config() {
  return std::move(EncryptionConfig::Load(kFolder + "encryption-config.yaml").value());
}

// A configuration of one key; `secret` is base64.
EncryptionConfig OneKey(std::string_view provider, std::string_view name, std::string_view secret) {
  std::string text = "kind: EncryptionConfiguration\nresources:\n- providers:\n  - ";
  text.append(provider).append(": {keys: [{name: ").append(name).append(", secret: ").append(secret);
  return std::move(EncryptionConfig::Parse(text + "}]}\n", "other.yaml").value());
}

std::string ErrorOf(const EncryptionConfig& config, const std::string& value, const std::string& key) {
  const auto opened = config.Decrypt(AsBytes(value), key);
  return opened ? std::string("opened") : opened.error().what;
}

TEST(Encryption, OpensEveryValueUnderEveryKey) {
  const EncryptionConfig config = Config();
  std::map<std::string, int> seen;
  for (const Sealed& one : ReadSealed()) {
    const auto head = ReadEncryptedHead(AsBytes(one.value));
    ASSERT_TRUE(head) << one.key;
    ++seen[std::string(head->name)];
    const auto opened = config.Decrypt(AsBytes(one.value), one.key);
    ASSERT_TRUE(opened) << one.key << ": " << opened.error().what;
    EXPECT_EQ(*opened, one.plain) << one.key;
  }
  EXPECT_EQ(seen, (std::map<std::string, int>{{"box1", 5}, {"cbc1", 5}, {"cbc2", 5}, {"gcm1", 5}}));
}

TEST(Encryption, SaysWhatIsDamaged) {
  const EncryptionConfig config = Config();
  for (const Sealed& one : ReadSealed()) {
    const auto head = ReadEncryptedHead(AsBytes(one.value)).value();
    const std::string name = "\"" + std::string(head.name) + "\"";
    // CBC alone has nothing that would prove its text: there the first block must tell.
    const bool proven = head.provider != "aescbc";
    const size_t payload = one.value.size() - head.payload.size();
    std::string damaged = one.value;
    damaged[proven ? damaged.size() / 2 + 40 : payload] ^= 1;
    ASSERT_NE(damaged, one.value);
    EXPECT_THAT(ErrorOf(config, damaged, one.key), HasSubstr("key " + name)) << one.key;
    for (const size_t length : {payload, payload + 1, payload + 20, one.value.size() - 1}) {
      EXPECT_THAT(ErrorOf(config, one.value.substr(0, length), one.key), HasSubstr("key " + name)) << length;
    }
  }
}

TEST(Encryption, BindsGcmToTheEtcdKey) {
  const EncryptionConfig config = Config();
  size_t seen = 0;
  for (const Sealed& one : ReadSealed()) {
    if (one.value.find("aesgcm") == std::string::npos) continue;
    ++seen;
    EXPECT_THAT(ErrorOf(config, one.value, "/registry/other"), HasSubstr("not the etcd key"));
  }
  EXPECT_EQ(seen, 5U);
}

TEST(Encryption, NamesTheKeyThatDoesNotFit) {
  constexpr std::string_view kWrong = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  for (const Sealed& one : ReadSealed()) {
    const auto head = ReadEncryptedHead(AsBytes(one.value)).value();
    const EncryptionConfig wrong = OneKey(head.provider, head.name, kWrong);
    const auto refused = wrong.Decrypt(AsBytes(one.value), one.key);
    ASSERT_FALSE(refused) << one.key;
    EXPECT_EQ(refused.error().code, Errc::kMalformed);
    EXPECT_THAT(refused.error().what, HasSubstr("key \"" + std::string(head.name) + "\" of other.yaml"));
    EXPECT_THAT(refused.error().what, Not(HasSubstr("AAEC")));
    const auto missing = OneKey(head.provider, "strange", kWrong).Decrypt(AsBytes(one.value), one.key);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::kRefused);
    EXPECT_THAT(missing.error().what, HasSubstr("key \"" + std::string(head.name) + "\", which other.yaml"));
  }
}

TEST(Encryption, TriesTheOtherKeysOfTheProvider) {
  const std::string secret = "Id82U0kb2ffBeAGww7m+B2D1rmSUVbJP12y+SosS+kI=";
  const EncryptionConfig renamed = OneKey("secretbox", "renamed", secret);
  size_t seen = 0;
  for (const Sealed& one : ReadSealed()) {
    if (one.value.find(":box1:") == std::string::npos) continue;
    ++seen;
    EXPECT_EQ(renamed.Decrypt(AsBytes(one.value), one.key).value(), one.plain);
  }
  EXPECT_EQ(seen, 5U);
}

TEST(Encryption, SaysWhoCanOpenKms) {
  const EncryptionConfig config = Config();
  // EncryptedObject: 1 encryptedData, 2 keyID.
  const std::string v2 = std::string("k8s:enc:kms:v2:vault:") + "\x0a\x02xy\x12\x05key-7";
  EXPECT_EQ(DescribeKey(AsBytes(v2)), "KMS v2 plugin \"vault\", key id \"key-7\"");
  const auto refused = config.Decrypt(AsBytes(v2), "/registry/secrets/a/b");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnsupported);
  EXPECT_THAT(refused.error().what, HasSubstr("KMS v2 plugin \"vault\", key id \"key-7\""));
  EXPECT_EQ(DescribeKey(AsBytes("k8s:enc:kms:v1:aws:\x01\x02")), "KMS v1 plugin \"aws\"");
  EXPECT_EQ(DescribeKey(AsBytes("k8s:enc:aesgcm:v1")), "an unknown key: the head of the value is cut");
}

TEST(Encryption, ReadsNamesWithColons) {
  const std::string secret = "Id82U0kb2ffBeAGww7m+B2D1rmSUVbJP12y+SosS+kI=";
  const EncryptionConfig config = OneKey("secretbox", "\"a:b\"", secret);
  for (Sealed one : ReadSealed()) {
    const size_t name = one.value.find(":box1:");
    if (name == std::string::npos) continue;
    one.value.replace(name, 6, ":a:b:");
    EXPECT_EQ(config.Decrypt(AsBytes(one.value), one.key).value(), one.plain);
  }
}

TEST(EncryptedHead, IsWholeOrNothingAtEveryCut) {
  for (const std::string whole : {"k8s:enc:aescbc:v1:key1:payload",
                                  "k8s:enc:kms:v2:vault:\x0a\x03"
                                  "abc\x12\x01"
                                  "7"}) {
    const auto all = ReadEncryptedHead(AsBytes(whole));
    ASSERT_TRUE(all);
    support::ForEachPrefix(whole, [&](Bytes prefix) {
      const auto head = ReadEncryptedHead(prefix);
      DescribeKey(prefix);
      if (!head) return;
      EXPECT_EQ(head->provider, all->provider);
      EXPECT_EQ(head->version, all->version);
      EXPECT_EQ(head->name, all->name);
      EXPECT_TRUE(AsText(all->payload).starts_with(AsText(head->payload)));
    });
    EXPECT_FALSE(ReadEncryptedHead(AsBytes(whole.substr(0, whole.rfind(':')))));
  }
}

}  // namespace
}  // namespace etcdmedic::encryption
