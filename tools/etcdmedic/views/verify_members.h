// SPDX-License-Identifier: Apache-2.0
// `verify DIR1 DIR2 …`: each member by itself, then all of them as one cluster.
#pragma once

#include "cli/command.h"

namespace etcdmedic::tool {

// Whether the paths name several members, and not the segments of one log.
bool NamesSeveralMembers(const Args& args);

int VerifyMembers(Context& context, const Args& args);

}  // namespace etcdmedic::tool
