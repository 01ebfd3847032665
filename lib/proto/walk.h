// SPDX-License-Identifier: Apache-2.0
// Reads a protobuf message along its description, strictly, without building it.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "proto/message.h"

namespace etcdmedic::proto {

class MessageVisitor {
 public:
  virtual ~MessageVisitor() = default;
  // A number, bool or enum as its varint or fixed bits.
  virtual void OnNumber(const FieldInfo& field, uint64_t value) = 0;
  // A string or bytes field; views the message.
  virtual void OnBytes(const FieldInfo& field, Bytes value) = 0;
  virtual void OnBegin(const FieldInfo& field) = 0;
  virtual void OnEnd(const FieldInfo& field) = 0;
  // A field that the description does not know. `number` is its value where it is a varint or fixed; else see
  // `bytes`.
  virtual void OnUnknown(uint32_t field, bool is_bytes, uint64_t number, Bytes bytes) = 0;
};

constexpr int kDeepestMessage = 100;

// Calls the visitor for every field in wire order. False where the message breaks the format: an illegal or
// wrong wire type, a length beyond its end, nesting deeper than kDeepestMessage. What was visited until then
// stays visited.
bool WalkMessage(const MessageInfo& info, Bytes message, MessageVisitor& visitor, int depth = 0);

// Whether the message is well formed throughout, as a strict parser sees it.
bool IsWellFormed(const MessageInfo& info, Bytes message);

const FieldInfo* FindField(const MessageInfo& info, uint32_t number);

}  // namespace etcdmedic::proto
