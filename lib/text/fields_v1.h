// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace etcdmedic::text {

// The order of the keys in metadata.managedFields[].fieldsV1: "." first, then f:, k:, v: and i: elements,
// keys and values by their JSON.
bool FieldsV1Less(std::string_view a, std::string_view b);

}  // namespace etcdmedic::text
