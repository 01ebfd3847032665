// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <openssl/evp.h>

namespace etcdmedic {

namespace {

std::string Digest(Bytes bytes, size_t size, const EVP_MD* kind) {
  std::string digest(size, '\0');
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, kind,
             nullptr);
  return digest;
}

}  // namespace

std::string Sha256(Bytes bytes) { return Digest(bytes, 32, EVP_sha256()); }

std::string Sha1(Bytes bytes) { return Digest(bytes, 20, EVP_sha1()); }

}  // namespace etcdmedic
