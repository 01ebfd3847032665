// SPDX-License-Identifier: Apache-2.0
// What people have when they hold a stored value: the bytes themselves, or what etcdctl, a client library,
// hexdump, od, xxd, a log or etcdmedic printed of them. docs/format/k8s-text.md, "Wrappings".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic::k8s {

// One stored value. Key and revision where the wrapping says them.
struct StoredItem {
  std::string key;
  std::optional<int64_t> mod_revision;
  std::string value;
};

struct Unwrapped {
  std::string recognised;         // "base64", "hex of an etcd KeyValue", "raw bytes"
  std::vector<StoredItem> items;  // at least one
};

// Recognises the wrapping of `input` and takes it away; a few layers at most. Raw bytes are what begins as a
// stored value does, damaged or not. Memory is a small multiple of the input, whatever it claims to be.
// Errors: kUnsupported for what is in no known form (and what it looks like); `file` names it there.
Result<Unwrapped> Unwrap(Bytes input, const std::string& file = {});

// Undoes what a terminal does to bytes that go through it: every \r\n becomes \n.
std::string UndoTerminal(std::string_view text);

}  // namespace etcdmedic::k8s
