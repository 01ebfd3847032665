// SPDX-License-Identifier: Apache-2.0
// Names that are close to what was typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace etcdmedic::text {

// "; did you mean X?" where one of `names` is close to what was typed, or the only one that begins so; else
// nothing. Dashes before them do not count. For the end of a message.
std::string Suggest(std::string_view typed, const std::vector<std::string_view>& names);

}  // namespace etcdmedic::text
