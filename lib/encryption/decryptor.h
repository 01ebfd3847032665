// SPDX-License-Identifier: Apache-2.0
// The door to whatever decrypts values: readers take it, and need not know about keys.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic::encryption {

// Opens a value that is encrypted at rest; `etcd_key` is the key under which it lies, which some ciphers
// prove too. Errors: why it cannot, naming the encryption key that is missing or wrong.
using Decryptor = std::function<Result<std::string>(std::string_view etcd_key, Bytes value)>;

}  // namespace etcdmedic::encryption
