// SPDX-License-Identifier: Apache-2.0
// The owner references of a stored object, found without decoding the rest of it.
#pragma once

#include <functional>
#include <string>

#include "k8s/value.h"

namespace etcdmedic::k8s {

struct Owner {
  std::string api_version, kind, name, uid;
  bool controller = false;
};

// Calls `each` for every metadata.ownerReferences[] of a value that is not encrypted. What cannot be read
// ends it: Decode reports that.
void ForEachOwner(Bytes value, const std::function<void(const Owner&)>& each);

}  // namespace etcdmedic::k8s
