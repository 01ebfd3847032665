// SPDX-License-Identifier: Apache-2.0
// Stored values of other commands as the Kubernetes objects that they are.
#pragma once

#include <optional>

#include "objects/stored_objects.h"
#include "views/shared.h"

namespace etcdmedic::tool {

class ObjectView {
 public:
  // Secrets are masked on a terminal, as everywhere. `open` is empty where encrypted values stay closed. Both
  // outlive the view.
  ObjectView(const Context& context, encryption::Decryptor open, diag::FindingSink& sink);

  // The object that is under `key`, without a line feed at its end, in the text that `context.format` takes
  // in (YAML in tables). Nothing where the value holds no object or stays closed. Lasts until the next call.
  // `revision` prints as resourceVersion where it is known. Findings: what k8s::Decode reports, with the key
  // in front.
  std::optional<std::string_view> Text(Bytes key, Bytes value, std::optional<int64_t> revision,
                                       const Where& where);

  // Objects so far that could not be read whole.
  uint64_t damaged() const { return damaged_; }

 private:
  k8s::DecodeOptions options_;
  objects::StoredObjects stored_;
  diag::FindingSink& sink_;
  std::string text_;
  uint64_t damaged_ = 0;
};

}  // namespace etcdmedic::tool
