// SPDX-License-Identifier: Apache-2.0
#include "inputs/stopped_member.h"

#include <fmt/format.h>

#include "views/shared.h"

namespace etcdmedic::tool {

Result<member::MemberState> LoadStopped(Result<member::Layout> layout, std::string_view hint) {
  if (!layout) return tl::make_unexpected(layout.error());
  auto state = member::LoadMember(std::move(*layout), {.keys = true});
  if (!state || !state->in_use.running) return state;
  return Fail(Errc::kInUse, state->layout.given,
              fmt::format("a running etcd holds {}: {}", state->in_use.what, hint));
}

Result<member::MemberState> LoadStopped(const Args& args) {
  return LoadStopped(LayoutOf(args), "stop it first");
}

}  // namespace etcdmedic::tool
