// SPDX-License-Identifier: Apache-2.0
#include "k8s/unknown_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/text_codec.h"

namespace etcdmedic::k8s {

Result<UnknownFields> UnknownFields::Read(std::string_view text, const std::string& file) {
  UnknownFields fields;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with("# ") || !line.substr(2).starts_with(kUnknownFieldMark)) continue;
    line.remove_prefix(2 + kUnknownFieldMark.size());
    const size_t number = line.rfind(" number=");
    const size_t bytes = line.rfind(" bytes=");
    const auto raw = bytes == std::string_view::npos ? std::nullopt : text::FromHex(line.substr(bytes + 7));
    if (number == std::string_view::npos || !raw) {
      return Fail(Errc::kMalformed, file,
                  fmt::format("an unknown field's comment that is not whole: {}", line));
    }
    fields.by_path_[line.substr(0, number) == "." ? "" : std::string(line.substr(0, number))] += *raw;
  }
  return fields;
}

void UnknownFields::MoveTo(const FieldPath& frame, std::string& out) {
  if (by_path_.empty()) return;
  const auto found = by_path_.find(PathText(frame, SIZE_MAX));
  if (found == by_path_.end()) return;
  out += found->second;
  by_path_.erase(found);
}

}  // namespace etcdmedic::k8s
