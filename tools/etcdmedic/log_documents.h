// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace etcdmedic::tool {

// docs/log-lines.md: every row of the table of explain/log_lines.def.
std::string LogLinesDocument();

}  // namespace etcdmedic::tool
