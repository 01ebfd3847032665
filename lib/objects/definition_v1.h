// SPDX-License-Identifier: Apache-2.0
// CustomResourceDefinitions of v1beta1 -> v1.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace etcdmedic::objects {

// Turns a CustomResourceDefinition of apiextensions.k8s.io/v1beta1, as API servers store it to this day, into
// v1: what v1beta1 says once for all versions moves into each of them. Does nothing to anything else.
void ConvertDefinitionToV1(nlohmann::ordered_json& object);

}  // namespace etcdmedic::objects
