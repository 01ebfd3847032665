// SPDX-License-Identifier: Apache-2.0
// From a branch to its children: which keys are expected below each. docs/format/bolt.md, "Branch".
#pragma once

#include "bolt/node.h"

namespace etcdmedic::bolt {

// A page of a tree as its parent names it: the keys in [low, high) are expected there; empty bounds are open.
struct Subtree {
  uint64_t page = 0;
  bool is_inline = false;
  Node inlined;  // where is_inline
  Bytes low;
  Bytes high;
  Bytes separator = {};  // the key that leads here, by which bbolt finds the page; empty: not known
};

// The children of a branch in order, each with the range that the separators beside it give it, within
// [low, high). A separator that is out of order with its neighbours proves nothing and bounds nothing.
class Children {
 public:
  Children(const Node& node, Bytes low, Bytes high, uint32_t first = 0);

  // False after the last one. A child whose element cannot be read is on page ~0.
  bool Next(Subtree& out);
  // The page of the child that Next will give `ahead` children later; ~0 where there is none.
  uint64_t PageAhead(uint32_t ahead) const { return At(at_ + ahead).page; }

 private:
  struct Separator {
    Bytes key;
    uint64_t page = ~uint64_t{0};
    bool read = false;
  };
  Separator At(uint64_t at) const;
  // Whether two adjacent ones are in order, the second at `at`.
  bool Rises(const Separator& a, const Separator& b, uint64_t at) const;

  Node node_;
  Bytes low_, high_;
  uint64_t at_;             // of the next child
  Separator here_, after_;  // at at_ and after it
  bool rises_before_, rises_;
};

Subtree ChildOf(const Node& node, uint32_t at, Bytes low, Bytes high);

}  // namespace etcdmedic::bolt
