// SPDX-License-Identifier: Apache-2.0
// Which objects an object owns, and what those own: by owner references, over all kinds.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "objects/catalog.h"

namespace etcdmedic::objects {

// A line of the tree, in the order in which a tree is printed.
struct OwnedObject {
  size_t number = 0;  // for ObjectCatalog::At
  size_t depth = 0;   // 0: the object that was asked for
  bool last = false;  // of those of its owner
};

class OwnerTree {
 public:
  // Reads the owners of every object, and no more of it. Values that cannot be opened own nothing and belong
  // to nothing: `closed` counts those that are encrypted. Memory: one entry for each reference.
  OwnerTree(const ObjectCatalog& catalog, StoredObjects& stored);

  // The object, what it owns, what that owns, each object once: by kind, name and namespace below its owner.
  std::vector<OwnedObject> Below(size_t number) const;

  size_t closed() const { return closed_; }

 private:
  std::vector<size_t> OwnedBy(size_t number) const;
  std::string UidOf(size_t number) const;

  const ObjectCatalog& catalog_;
  StoredObjects& stored_;
  size_t closed_ = 0;
  std::unordered_map<std::string, std::vector<size_t>> owned_;  // by the UID of the owner
};

}  // namespace etcdmedic::objects
