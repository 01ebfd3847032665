// SPDX-License-Identifier: Apache-2.0
// The three ciphers of encryption at rest that need no plugin.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::encryption {

// Opens `payload` with `key`; `bound_to` is the etcd key. Nothing where the key does not fit.
using OpenFunction = std::optional<std::string> (*)(Bytes payload, std::string_view key,
                                                    std::string_view bound_to);

struct Cipher {
  std::string_view provider;
  std::string_view key_sizes;  // for people
  bool (*takes)(size_t key_size);
  OpenFunction open;
  bool bound;  // to the etcd key
};

// The cipher of a provider, or null.
const Cipher* FindCipher(std::string_view provider);

}  // namespace etcdmedic::encryption
