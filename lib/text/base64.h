// SPDX-License-Identifier: Apache-2.0
// Base64, bytes to text. text_codec.h has the way back.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace etcdmedic::text {

// Which two characters stand for 62 and 63: "+/" or "-_".
enum class Base64Kind : uint8_t { kStandard, kUrl };

// Padded with '='.
void AppendBase64(std::string& out, Bytes bytes, Base64Kind kind = Base64Kind::kStandard);

}  // namespace etcdmedic::text
