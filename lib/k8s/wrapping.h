// SPDX-License-Identifier: Apache-2.0
// What people have at hand when they hold a stored value: the bytes themselves, or what etcdctl, hexdump, xxd
// or a log printed of them. docs/format/k8s-text.md, "Wrappings".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace etcdmedic::k8s {

// One stored value. Key and revision where the wrapping tells them.
struct StoredItem {
  std::string key;
  std::optional<int64_t> mod_revision;
  std::string value;
};

struct Unwrapped {
  std::string recognised;         // "base64", "hex of an etcd KeyValue", "raw bytes"
  std::vector<StoredItem> items;  // at least one
};

// Recognises the wrapping of `input` and takes it away; two layers at most. What is no wrapping that we know
// is raw bytes. Memory is a small multiple of the input, whatever it claims to be.
Unwrapped Unwrap(Bytes input);

}  // namespace etcdmedic::k8s
