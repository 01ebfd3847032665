// SPDX-License-Identifier: Apache-2.0
// CustomResourceDefinitions of apiextensions.k8s.io/v1beta1, as API servers store them to this day.
#pragma once

#include "text/object_tree.h"

namespace etcdmedic::objects {

bool IsDefinitionV1beta1(text::ObjectView object);

// Writes `definition`, which is one and outlives `v1`, as v1: what v1beta1 says once for all versions moves
// into each of them.
void WriteDefinitionV1(text::ObjectView definition, text::ObjectTree& v1);

}  // namespace etcdmedic::objects
