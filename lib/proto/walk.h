// SPDX-License-Identifier: Apache-2.0
// Reads a protobuf message along its description, strictly, without building it.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "proto/message.h"

namespace etcdmedic::proto {

// What WalkMessage calls; a visitor overrides what it wants to see.
class MessageVisitor {
 public:
  virtual ~MessageVisitor() = default;
  // A number, bool or enum as its varint or fixed bits.
  virtual void OnNumber(const FieldInfo&, uint64_t) {}
  // A string or bytes field; views the message.
  virtual void OnBytes(const FieldInfo&, Bytes) {}
  // Around the fields of a nested message.
  virtual void OnBegin(const FieldInfo&) {}
  virtual void OnEnd(const FieldInfo&) {}
  // A field that the description does not know. Of bytes and groups `bytes` is the payload, else `number` the
  // value.
  virtual void OnUnknown(uint32_t /*field*/, bool /*is_bytes*/, uint64_t /*number*/, Bytes /*bytes*/) {}
};

constexpr int kDeepestMessage = 100;

// Calls the visitor for every field in wire order. False where the message breaks the format (wire.h), a
// known field has another wire type than its own, or messages nest deeper than kDeepestMessage. What was
// visited until then stays visited.
bool WalkMessage(const MessageInfo& info, Bytes message, MessageVisitor& visitor, int depth = 0);

// Whether the message is well formed throughout, as a strict parser sees it.
bool IsWellFormed(const MessageInfo& info, Bytes message);

const FieldInfo* FindField(const MessageInfo& info, uint32_t number);

// How a single value of the type is written: kVarint or kDelimited of wire.h.
uint8_t WireTypeOf(FieldType type);

}  // namespace etcdmedic::proto
