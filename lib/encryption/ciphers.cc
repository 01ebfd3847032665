// SPDX-License-Identifier: Apache-2.0
#include "encryption/ciphers.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "encryption/value_head.h"

namespace etcdmedic::encryption {
namespace {

constexpr size_t kBlock = 16;              // of AES
constexpr size_t kNonce = 12;              // of GCM
constexpr size_t kTag = 16;                // the same
constexpr size_t kMost = size_t{1} << 30;  // what a single call of EVP is given

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Data(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

bool TakesAes(size_t size) { return size == 16 || size == 24 || size == 32; }
bool TakesSecretbox(size_t size) { return size == crypto_secretbox_KEYBYTES; }

const EVP_CIPHER* CbcOf(size_t size) {
  return size == 16 ? EVP_aes_128_cbc() : size == 24 ? EVP_aes_192_cbc() : EVP_aes_256_cbc();
}
const EVP_CIPHER* GcmOf(size_t size) {
  return size == 16 ? EVP_aes_128_gcm() : size == 24 ? EVP_aes_192_gcm() : EVP_aes_256_gcm();
}

// Takes the padding away: a number from 1 to 16, that many times.
bool Unpad(std::string& text) {
  const auto pad = text.empty() ? 0U : static_cast<unsigned char>(text.back());
  if (pad == 0 || pad > kBlock || pad > text.size()) return false;
  const bool whole =
      std::all_of(text.end() - pad, text.end(), [&](char c) { return c == static_cast<char>(pad); });
  if (whole) text.resize(text.size() - pad);
  return whole;
}

std::optional<std::string> OpenCbc(Bytes payload, std::string_view key, std::string_view) {
  const std::string_view text = AsText(payload);
  if (text.size() < 2 * kBlock || text.size() % kBlock != 0 || text.size() > kMost) return std::nullopt;
  const std::string_view sealed = text.substr(kBlock);
  std::string out(sealed.size() + kBlock, '\0');
  int length = 0;
  const Context context(EVP_CIPHER_CTX_new());
  if (!context || EVP_DecryptInit_ex(context.get(), CbcOf(key.size()), nullptr, Data(key), Data(text)) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_DecryptUpdate(context.get(), Data(out), &length, Data(sealed), static_cast<int>(sealed.size())) !=
          1)
    return std::nullopt;
  out.resize(static_cast<size_t>(length));
  // CBC is not authenticated: one wrong key in 256 leaves padding that looks right. What it opens must be an
  // object.
  if (!Unpad(out) || !BeginsObject(out)) return std::nullopt;
  return out;
}

std::optional<std::string> OpenGcm(Bytes payload, std::string_view key, std::string_view bound_to) {
  const std::string_view text = AsText(payload);
  if (text.size() < kNonce + kTag || text.size() > kMost || bound_to.size() > kMost) return std::nullopt;
  const std::string_view sealed = text.substr(kNonce, text.size() - kNonce - kTag);
  std::string tag(text.substr(text.size() - kTag));
  std::string out(sealed.size() + kBlock, '\0');
  int length = 0;
  int ignored = 0;
  const Context context(EVP_CIPHER_CTX_new());
  if (!context || EVP_DecryptInit_ex(context.get(), GcmOf(key.size()), nullptr, Data(key), Data(text)) != 1 ||
      EVP_DecryptUpdate(context.get(), nullptr, &ignored, Data(bound_to),
                        static_cast<int>(bound_to.size())) != 1 ||
      EVP_DecryptUpdate(context.get(), Data(out), &length, Data(sealed), static_cast<int>(sealed.size())) !=
          1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, Data(tag)) != 1 ||
      EVP_DecryptFinal_ex(context.get(), Data(out) + length, &ignored) != 1) {
    OPENSSL_cleanse(out.data(), out.size());
    return std::nullopt;
  }
  out.resize(static_cast<size_t>(length));
  return out;
}

std::optional<std::string> OpenSecretbox(Bytes payload, std::string_view key, std::string_view) {
  const std::string_view text = AsText(payload);
  constexpr size_t kOverhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (text.size() < kOverhead || sodium_init() < 0) return std::nullopt;
  const std::string_view sealed = text.substr(crypto_secretbox_NONCEBYTES);
  std::string out(text.size() - kOverhead, '\0');
  if (crypto_secretbox_open_easy(Data(out), Data(sealed), sealed.size(), Data(text), Data(key)) != 0)
    return std::nullopt;
  return out;
}

constexpr Cipher kCiphers[] = {
    {"aescbc", "16, 24 or 32", TakesAes, OpenCbc, false},
    {"aesgcm", "16, 24 or 32", TakesAes, OpenGcm, true},
    {"secretbox", "32", TakesSecretbox, OpenSecretbox, false},
};

}  // namespace

const Cipher* FindCipher(std::string_view provider) {
  const auto* found = std::ranges::find(kCiphers, provider, &Cipher::provider);
  return found == std::end(kCiphers) ? nullptr : found;
}

}  // namespace etcdmedic::encryption
