// SPDX-License-Identifier: Apache-2.0
#include "objects/file_name.h"

#include <fmt/format.h>

#include "base/hex.h"
#include "base/sha256.h"

namespace etcdmedic::objects {
namespace {

constexpr size_t kLongestName = 200;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

}  // namespace

std::string FileName(std::string_view name) {
  std::string safe;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (IsPlain(c) && !(i == 0 && (c == '.' || c == '_'))) {
      safe += c;
    } else {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (safe.empty()) return "%";
  if (safe.size() <= kLongestName) return safe;
  safe.resize(kLongestName - 33);
  safe += '~';
  return safe + HexOf(AsBytes(Sha256(AsBytes(name)).substr(0, 16)));
}

}  // namespace etcdmedic::objects
