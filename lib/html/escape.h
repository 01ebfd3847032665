// SPDX-License-Identifier: Apache-2.0
// Bytes from a file, made fit for HTML: the one way in which text gets into a page.
#pragma once

#include <string>
#include <string_view>

namespace etcdmedic::html {

// Longer texts are cut: a page shows what a thing is, and not all of it.
inline constexpr size_t kLongestText = 4096;

// Appends `text` so that it is text and nothing else, between tags and between the quotes of an attribute.
// Control characters, invalid UTF-8 and backslashes become \xNN, \n, \t and \\, as in tables; characters that
// are not seen but change what is (marks of direction, zero widths) become \u{NNNN}. Of a text that is longer
// than `most` bytes in this form the end is cut off, and "…" stands for it.
void AppendEscaped(std::string& out, std::string_view text, size_t most = kLongestText);
std::string Escaped(std::string_view text, size_t most = kLongestText);

}  // namespace etcdmedic::html
