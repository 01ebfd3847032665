// SPDX-License-Identifier: Apache-2.0
#include "bolt/children.h"

namespace etcdmedic::bolt {

Children::Children(const Node& node, Bytes low, Bytes high, uint32_t first)
    : node_(node), low_(low), high_(high), at_(first), here_(At(at_)), after_(At(at_ + 1)) {
  rises_before_ = at_ == 0 || Rises(At(at_ - 1), here_, at_);
  rises_ = Rises(here_, after_, at_ + 1);
}

Children::Separator Children::At(uint64_t at) const {
  Element element;
  if (at >= node_.count || !ReadElement(node_, static_cast<uint32_t>(at), element)) return {};
  return {element.key, element.child, true};
}

bool Children::Rises(const Separator& a, const Separator& b, uint64_t at) const {
  return at >= node_.count || (a.read && b.read && Less(a.key, b.key));
}

bool Children::Next(Subtree& out) {
  if (at_ >= node_.count) return false;
  const Separator second = At(at_ + 2);
  const bool rises_after = Rises(after_, second, at_ + 2);
  out = {here_.page, false, {}, low_, high_, {}};
  if (rises_before_ && rises_ && here_.read && !here_.key.empty()) {
    out.separator = here_.key;
    if (at_ > 0) out.low = here_.key;  // keys before the first separator are looked for in the first child
  }
  if (rises_ && rises_after && after_.read && !after_.key.empty()) out.high = after_.key;
  here_ = after_;
  after_ = second;
  rises_before_ = rises_;
  rises_ = rises_after;
  ++at_;
  return true;
}

Subtree ChildOf(const Node& node, uint32_t at, Bytes low, Bytes high) {
  Subtree tree{~uint64_t{0}, false, {}, low, high, {}};
  Children(node, low, high, at).Next(tree);
  return tree;
}

}  // namespace etcdmedic::bolt
