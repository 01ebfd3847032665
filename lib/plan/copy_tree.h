// SPDX-License-Identifier: Apache-2.0
// A copy of a data directory that its owner can use like the original.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace etcdmedic::plan {

// Copies the regular files and directories below `from` to `to`, with owner, group, mode and times. Symbolic
// links are followed: what they lead to is copied. Undo journals are left out, as they are about `from`.
// Gives what could not be given to its owner, as Applied::not_given. Errors: kIo, kLimit.
Result<std::vector<std::string>> CopyTree(const std::string& from, const std::string& to);

}  // namespace etcdmedic::plan
