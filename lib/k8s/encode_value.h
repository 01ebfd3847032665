// SPDX-License-Identifier: Apache-2.0
// The values of an object's fields -> protobuf: scalars, and the messages that print as one value.
#pragma once

#include <string>

#include "k8s/remarks.h"
#include "k8s/schema.h"
#include "text/object_tree.h"

namespace etcdmedic::k8s {

// What is wrong with the object. The first fault is kept, and the rest of the walk does not matter.
class EncodeFault {
 public:
  void Note(const FieldPath& frame, std::string_view what, text::ObjectView value);
  explicit operator bool() const { return !text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Each takes what is absent for null, and appends what the Go types store.

// A field of any type but kMessage.
void EncodeScalar(Type type, uint64_t number, text::ObjectView value, const FieldPath& frame,
                  EncodeFault& fault, std::string& out);
// The content of a message of that kind; false where `type` does not print as one value.
bool EncodeWellKnown(WellKnownType type, text::ObjectView value, const FieldPath& frame, EncodeFault& fault,
                     std::string& out);
bool EncodeBool(text::ObjectView value, const FieldPath& frame, EncodeFault& fault);

}  // namespace etcdmedic::k8s
