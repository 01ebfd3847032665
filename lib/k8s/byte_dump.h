// SPDX-License-Identifier: Apache-2.0
// The output of hexdump, od and xxd, back to bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace etcdmedic::k8s {

// The bytes of what hexdump, od or xxd printed, in any of their usual layouts; offsets must fit. Nothing for
// any other text. Lines that `*` stands for are filled in, to 16 MiB at most.
std::optional<std::string> ReadByteDump(std::string_view text);

}  // namespace etcdmedic::k8s
