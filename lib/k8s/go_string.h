// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace etcdmedic::k8s {

// The bytes of a string as Go's %q quotes it, read from `at` on, where its quote stands; `at` is moved behind
// the closing one. Nothing where there is none, or an escape that Go does not write.
std::optional<std::string> ReadGoString(std::string_view text, size_t& at);

}  // namespace etcdmedic::k8s
