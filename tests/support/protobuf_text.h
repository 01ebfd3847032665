// SPDX-License-Identifier: Apache-2.0
// Builds protobuf bytes by hand, independent of the readers.
#pragma once

#include <cstdint>
#include <string>

namespace etcdmedic::test {

inline std::string Varint(uint64_t value) {
  std::string out;
  while (value > 127) {
    out += static_cast<char>(value % 128 + 128);
    value /= 128;
  }
  return out + static_cast<char>(value);
}

inline std::string Number(uint64_t field, uint64_t value) { return Varint(field * 8) + Varint(value); }

inline std::string Delimited(uint64_t field, const std::string& bytes) {
  return Varint(field * 8 + 2) + Varint(bytes.size()) + bytes;
}

inline std::string Entry(uint64_t field, const std::string& key, const std::string& value) {
  return Delimited(field, Delimited(1, key) + Delimited(2, value));
}

// A value as an API server stores it.
inline std::string Stored(const std::string& api_version, const std::string& kind, const std::string& raw) {
  return std::string("k8s\0", 4) + Delimited(1, Delimited(1, api_version) + Delimited(2, kind)) +
         Delimited(2, raw) + Delimited(3, "") + Delimited(4, "");
}

}  // namespace etcdmedic::test
