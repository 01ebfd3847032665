// SPDX-License-Identifier: Apache-2.0
// The way back: an object as YAML or JSON -> the bytes that an API server would store. docs/format/k8s.md,
// "Encoding".
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace etcdmedic::k8s {

struct EncodeOptions {
  std::string_view
      release;  // "1.33": the fields that this release always writes; empty: the newest of the tables
};

// A kind that the tables describe becomes the protobuf envelope with all fields in ascending order, as the Go
// types write them; custom resources, CustomResourceDefinitions and APIServices become JSON with a line feed.
// Unknown fields that Decode left in comments come back. Decode, then Encode, gives the stored bytes of what
// an API server of that release wrote. Errors, all kMalformed with the path of the field: no YAML or JSON; a
// member that no release has; a value that does not fit its type; a comment of an unknown field whose place
// is gone.
Result<std::string> Encode(std::string_view text, const EncodeOptions& options, const std::string& file);

}  // namespace etcdmedic::k8s
