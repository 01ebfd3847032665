// SPDX-License-Identifier: Apache-2.0
// An object's protobuf bytes -> text, in one pass over each message: its fields are noted where they lie,
// then written in the order that the format wants. No message objects; nothing is copied but what a hostile
// writer split in parts. docs/format/k8s.md, "Shape".
#pragma once

#include <string_view>

#include "k8s/remarks.h"
#include "k8s/schema.h"

namespace etcdmedic::k8s {

struct ObjectOptions {
  std::string_view api_version, kind;  // of the envelope
  uint8_t release = tables::kNewestRelease;
  bool mask_secrets = false;
  bool sorted = false;  // members by name also in JSON, as kubectl prints them; YAML always has them so
  std::string_view resource_version = {};  // printed in metadata where not empty
  bool hide_managed_fields = false;
};

// Writes `raw` as `message` to `writer`: one map. Never fails: what can't be read is a remark.
template <class Writer>
void WriteObject(const Message& message, Bytes raw, const ObjectOptions& options, Writer& writer,
                 Remarks& remarks);

}  // namespace etcdmedic::k8s
