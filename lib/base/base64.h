// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bytes.h"

namespace etcdmedic {

// The standard alphabet, padded with '='.
void AppendBase64(std::string& out, Bytes bytes);

}  // namespace etcdmedic
