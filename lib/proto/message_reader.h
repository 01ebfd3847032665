// SPDX-License-Identifier: Apache-2.0
// The fields of a protobuf message one after another, strictly.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::proto {

struct Field {
  uint64_t number = 0;
  bool is_number = false;  // else bytes
  uint64_t value = 0;      // a varint or fixed number
  std::string_view bytes;  // views the message
};

class MessageReader {
 public:
  explicit MessageReader(Bytes message) : at_(message.data()), end_(message.data() + message.size()) {}

  // False at the end and where the message breaks its format; sound() tells which.
  bool Next(Field& out);
  bool sound() const { return sound_; }

  bool Varint(uint64_t& out);
  bool Take(uint64_t size, std::string_view& out);

 private:
  bool Read(Field& out);

  const std::byte* at_;
  const std::byte* end_;
  bool sound_ = true;
};

}  // namespace etcdmedic::proto
