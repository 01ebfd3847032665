// SPDX-License-Identifier: Apache-2.0
#include "encryption/ciphers.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <memory>

namespace etcdmedic::encryption {
namespace {

const std::string kIv = "0123456789abcdef";
const std::string kNonce = "0123456789ab";

// PKCS#7 padding and the IV in front, as the API server's aescbc has it.
std::string SealCbc(const std::string& plain, const std::string& key) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  std::string out(plain.size() + 32, '\0');
  int size = 0, rest = 0;
  EVP_EncryptInit_ex(context.get(), key.size() == 16 ? EVP_aes_128_cbc() : EVP_aes_256_cbc(), nullptr,
                     reinterpret_cast<const unsigned char*>(key.data()),
                     reinterpret_cast<const unsigned char*>(kIv.data()));
  EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                    reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()) + size, &rest);
  out.resize(static_cast<size_t>(size + rest));
  return kIv + out;
}

// The nonce in front and the tag behind; the etcd key is authenticated too.
std::string SealGcm(const std::string& plain, const std::string& key, const std::string& bound) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  std::string out(plain.size(), '\0'), tag(16, '\0');
  int size = 0;
  EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr,
                     reinterpret_cast<const unsigned char*>(key.data()),
                     reinterpret_cast<const unsigned char*>(kNonce.data()));
  EVP_EncryptUpdate(context.get(), nullptr, &size, reinterpret_cast<const unsigned char*>(bound.data()),
                    static_cast<int>(bound.size()));
  EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                    reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()) + size, &size);
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, 16, tag.data());
  return kNonce + out + tag;
}

TEST(Ciphers, AreThoseWithoutAPlugin) {
  EXPECT_NE(FindCipher("aescbc"), nullptr);
  EXPECT_NE(FindCipher("aesgcm"), nullptr);
  EXPECT_NE(FindCipher("secretbox"), nullptr);
  EXPECT_EQ(FindCipher("kms"), nullptr);
  EXPECT_EQ(FindCipher(""), nullptr);
  EXPECT_TRUE(FindCipher("aesgcm")->bound);
  EXPECT_FALSE(FindCipher("aescbc")->bound);
  for (const size_t size : {size_t{0}, size_t{15}, size_t{17}, size_t{33}}) {
    EXPECT_FALSE(FindCipher("aescbc")->takes(size)) << size;
    EXPECT_FALSE(FindCipher("secretbox")->takes(size)) << size;
  }
  EXPECT_TRUE(FindCipher("aescbc")->takes(32));
  EXPECT_FALSE(FindCipher("secretbox")->takes(16));
}

TEST(Ciphers, OpenCbcOfEveryLength) {
  const Cipher& cipher = *FindCipher("aescbc");
  for (const std::string& key : {std::string(16, 'k'), std::string(32, 'k')}) {
    for (size_t size = 0; size < 50; ++size) {
      const std::string plain = "{" + std::string(size, 'p');  // what begins as an object does
      const std::string sealed = SealCbc(plain, key);
      EXPECT_EQ(cipher.open(AsBytes(sealed), key, ""), plain) << size;
    }
  }
}

TEST(Ciphers, TakeNothingFromCbcThatIsNotAnObject) {
  const std::string key(32, 'k');
  const std::string sealed = SealCbc("text", key);
  EXPECT_EQ(FindCipher("aescbc")->open(AsBytes(sealed), key, ""), std::nullopt)
      << "nothing else proves the key";
}

TEST(Ciphers, OpenGcmUnderItsEtcdKeyAlone) {
  const Cipher& cipher = *FindCipher("aesgcm");
  const std::string key(32, 'k');
  for (size_t size = 0; size < 50; ++size) {
    const std::string plain(size, 'p');
    const std::string sealed = SealGcm(plain, key, "/registry/a");
    EXPECT_EQ(cipher.open(AsBytes(sealed), key, "/registry/a"), plain) << size;
    EXPECT_EQ(cipher.open(AsBytes(sealed), key, "/registry/b"), std::nullopt);
    EXPECT_EQ(cipher.open(AsBytes(sealed), std::string(32, 'x'), "/registry/a"), std::nullopt);
  }
}

TEST(Ciphers, OpenNothingThatIsCut) {
  const std::string key(32, 'k');
  const std::string gcm = SealGcm("some plain text", key, "/a");
  for (size_t length = 0; length < gcm.size(); ++length)
    EXPECT_EQ(FindCipher("aesgcm")->open(AsBytes(std::string_view(gcm).substr(0, length)), key, "/a"),
              std::nullopt)
        << length;
  const std::string cbc = SealCbc("{some plain text of more than one block}", key);
  for (size_t length = 0; length < cbc.size(); ++length) {
    const auto opened = FindCipher("aescbc")->open(AsBytes(std::string_view(cbc).substr(0, length)), key, "");
    if (length % 16 != 0 || length < 32) {
      EXPECT_EQ(opened, std::nullopt) << length;
    }
  }
  for (size_t length = 0; length < cbc.size(); ++length)
    EXPECT_EQ(FindCipher("secretbox")->open(AsBytes(std::string_view(cbc).substr(0, length)), key, ""),
              std::nullopt)
        << length;
}

}  // namespace
}  // namespace etcdmedic::encryption
