// SPDX-License-Identifier: Apache-2.0
// The way to the value that a reader is at, spelled only where it is asked for.
#pragma once

#include <array>
#include <string>

#include "text/object_tree.h"

namespace etcdmedic::text {

class TreePath {
 public:
  // At a depth of at most kMaxTreeDepth.
  void Enter() { steps_[depth_++] = {}; }
  void Leave() { --depth_; }
  void AtKey(size_t key_node) { steps_[depth_ - 1] = {key_node, true}; }
  void AtItem(size_t index) { steps_[depth_ - 1] = {index, false}; }
  size_t depth() const { return depth_; }

  // spec.containers[1].env, metadata.annotations["a.b/c"].
  std::string Text(const ObjectTree& tree) const;

 private:
  static constexpr size_t kNowhere = SIZE_MAX;
  struct Step {
    size_t number = kNowhere;
    bool key = false;
  };
  std::array<Step, kMaxTreeDepth> steps_;
  size_t depth_ = 0;
};

}  // namespace etcdmedic::text
