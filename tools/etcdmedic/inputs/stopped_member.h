// SPDX-License-Identifier: Apache-2.0
// A member from whose files something new is made: not while an etcd changes them.
#pragma once

#include "cli/command.h"
#include "member/member_state.h"

namespace etcdmedic::tool {

// As Load, with the keys. Errors: kInUse too, where a running etcd holds the files.
Result<member::MemberState> LoadStopped(const Args& args);

// As above, of another path; `hint`: what to do where an etcd holds it.
Result<member::MemberState> LoadStopped(Result<member::Layout> layout, std::string_view hint);

}  // namespace etcdmedic::tool
