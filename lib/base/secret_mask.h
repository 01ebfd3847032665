// SPDX-License-Identifier: Apache-2.0
// What is printed in place of a secret.
#pragma once

#include <string_view>

namespace etcdmedic {

// What every writer prints in place of a secret, as `kubectl diff` does.
inline constexpr std::string_view kSecretMask = "***";

}  // namespace etcdmedic
