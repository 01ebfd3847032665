// SPDX-License-Identifier: Apache-2.0
// CustomResourceDefinitions of the data, for those who need names of custom resources.
#pragma once

#include "kubectl/registry.h"
#include "mvcc/live_keys.h"
#include "objects/stored_objects.h"

namespace etcdmedic::objects {

// Teaches `resources` the CustomResourceDefinitions among `keys`, as far as they can be read: their damage is
// reported by whoever prints them.
void LearnDefinitions(const mvcc::LiveKeys& keys, const kubectl::Registry& registry, StoredObjects& stored,
                      kubectl::ResourceTable& resources);

}  // namespace etcdmedic::objects
