// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

namespace etcdmedic {

bool AllZero(Bytes bytes) {
  if (bytes.empty()) return true;
  if (bytes[0] != std::byte{0}) return false;
  return std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace etcdmedic
