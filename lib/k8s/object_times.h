// SPDX-License-Identifier: Apache-2.0
// The times in a stored object that tell when it was written, found without decoding the rest of it.
#pragma once

#include <cstdint>
#include <optional>

#include "k8s/value.h"

namespace etcdmedic::k8s {

// Seconds since 1970.
struct ObjectTimes {
  std::optional<int64_t> created;  // metadata.creationTimestamp
  std::optional<int64_t> written;  // the latest of metadata.managedFields[].time
  std::optional<int64_t> renewed;  // spec.renewTime of a Lease
};

// Of a value that is not encrypted; nothing where it is not an object.
ObjectTimes TimesOf(Bytes value);

}  // namespace etcdmedic::k8s
