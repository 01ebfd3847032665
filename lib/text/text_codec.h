// SPDX-License-Identifier: Apache-2.0
// Hex, both ways, and bytes out of base64.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::text {

// Lower case.
void AppendHex(Bytes bytes, std::string& out);

// The bytes that base64 of either kind stands for; white space in it does not matter, padding may be missing.
// Nothing where any other character is in it, or the last group has a single character.
std::optional<std::string> FromBase64(std::string_view text);

// The bytes that pairs of hex digits stand for; white space between pairs does not matter. Nothing where
// there is anything else in it.
std::optional<std::string> FromHex(std::string_view text);

}  // namespace etcdmedic::text
