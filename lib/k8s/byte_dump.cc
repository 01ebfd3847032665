// SPDX-License-Identifier: Apache-2.0
#include "k8s/byte_dump.h"

#include <charconv>
#include <cstdint>

#include "k8s/text_codec.h"

namespace etcdmedic::k8s {
namespace {

constexpr size_t kMostRepeated = size_t{16} << 20;

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

struct Line {
  uint64_t offset = 0;
  std::string bytes;
};

// "00000010  6b 38 73 00  0a  |k8s..|" or "00000010: 6b38 7300 0a  k8s..". In the latter two blanks end the
// bytes.
std::optional<Line> ReadLine(std::string_view text) {
  Line line;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), line.offset, 16);
  auto at = static_cast<size_t>(read.ptr - text.data());
  if (read.ec != std::errc() || at < 6) return std::nullopt;
  const bool colon = at < text.size() && text[at] == ':';
  if (colon) ++at;
  while (at < text.size()) {
    const size_t digits = text.find_first_not_of(' ', at);
    if (digits == std::string_view::npos || text[digits] == '|') break;
    if (colon && digits - at >= 2 && !line.bytes.empty()) break;
    if (digits == at) return std::nullopt;
    size_t end = digits;
    while (end < text.size() && IsHex(text[end])) ++end;
    const auto bytes = FromHex(text.substr(digits, end - digits));
    if (!bytes || bytes->empty() || (!colon && bytes->size() != 1)) return std::nullopt;
    line.bytes += *bytes;
    at = end;
  }
  return line;
}

// Repeats the last line up to `offset`.
bool Repeat(std::string& out, const std::string& last, uint64_t offset) {
  if (last.empty() || offset < out.size() || offset > kMostRepeated) return false;
  if ((offset - out.size()) % last.size() != 0) return false;
  while (out.size() < offset) out += last;
  return true;
}

}  // namespace

std::optional<std::string> ReadByteDump(std::string_view text) {
  std::string out;
  std::string last;
  bool repeats = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line_text = text.substr(at, end - at);
    at = end + 1;
    if (line_text.ends_with('\r')) line_text.remove_suffix(1);
    if (line_text.empty()) continue;
    if (line_text == "*") {
      repeats = true;
      continue;
    }
    const auto line = ReadLine(line_text);
    if (!line || (repeats && !Repeat(out, last, line->offset)) || line->offset != out.size())
      return std::nullopt;
    repeats = false;
    out += line->bytes;
    last = line->bytes;
  }
  if (out.empty() || repeats) return std::nullopt;
  return out;
}

}  // namespace etcdmedic::k8s
