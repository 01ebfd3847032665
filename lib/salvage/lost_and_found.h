// SPDX-License-Identifier: Apache-2.0
// The records that were found and are not in the result, as lines of JSON. docs/design/salvage.md, "What is
// left over".
#pragma once

#include <functional>
#include <string>

#include "salvage/salvage.h"

namespace etcdmedic::salvage {

// Calls `write` with one or more whole lines at a time. Errors: those of `write`.
using WriteLines = std::function<Result<void>(std::string_view lines)>;
Result<void> WriteLostAndFound(const Salvaged& salvaged, const std::vector<DbSource>& sources,
                               const WriteLines& write);

}  // namespace etcdmedic::salvage
