// SPDX-License-Identifier: Apache-2.0
// Descriptions of protobuf messages as constexpr tables, made at build time from .proto files of our own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace etcdmedic::proto {

enum class FieldType : uint8_t { kInt64, kUint32, kUint64, kBool, kEnum, kString, kBytes, kMessage };

// What a field means beyond its type; set by options in our .proto files.
enum class FieldRole : uint8_t {
  kPlain,
  kSecret,  // a password, hash or token: hidden unless --show-secrets
  kKey,     // a key of the key space
  kRangeEnd,
  kValue,     // a stored value
  kMemberId,  // printed in hexadecimal, as etcd's log does; as are the next two
  kLeaseId,
  kClusterId,
  kJson,  // bytes that hold a JSON document
};

struct EnumValue {
  int32_t number;
  std::string_view name;
};

struct MessageInfo;

struct FieldInfo {
  uint32_t number;
  std::string_view name;  // as in the .proto file
  FieldType type;
  FieldRole role;
  bool repeated;
  const MessageInfo* message;         // for kMessage
  std::span<const EnumValue> values;  // for kEnum
};

struct MessageInfo {
  std::string_view name;              // "etcdserverpb.PutRequest"
  std::span<const FieldInfo> fields;  // ascending by number
};

}  // namespace etcdmedic::proto
