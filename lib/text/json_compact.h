// SPDX-License-Identifier: Apache-2.0
// JSON that is in other objects is nearly always as a machine printed it; then it need not be read into a
// tree to be printed again.
#pragma once

#include <string_view>

namespace etcdmedic::text {

// Whether `json` is one value just as json.Marshal prints it: no space between tokens, nothing in a string
// that would be escaped, or escaped in another way. False also where it nests deeper than kMaxTreeDepth or
// holds anything else that wants a closer look, such as letters outside ASCII.
bool IsCompactJson(std::string_view json);

}  // namespace etcdmedic::text
