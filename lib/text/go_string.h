// SPDX-License-Identifier: Apache-2.0
// Quoted strings as Go, Python and protobuf's text format print them, back to bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace etcdmedic::text {

// The bytes of a string as Go's %q quotes it, or protobuf's text format or Python in either kind of quotes,
// read from `at` on, where its quote stands; `at` is moved after the closing one. Nothing where there is
// none, or an escape that none of them writes.
std::optional<std::string> ReadGoString(std::string_view text, size_t& at);

// Reads the escape whose letter is at `at`, after the backslash, and moves after it.
bool ReadGoEscape(std::string_view text, size_t& at, std::string& out);

}  // namespace etcdmedic::text
