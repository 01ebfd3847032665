// SPDX-License-Identifier: Apache-2.0
// Walks the pages of one bucket, or of a part of it, and checks each. Used by Check alone.
#pragma once

#include "bolt/leaf_check.h"
#include "bolt/visited_pages.h"

namespace etcdmedic::bolt {

// What a walk over a part of a tree gives; parts are put together in their order.
struct TreeVerdict {
  PageVerdict shape;    // of references and branches
  PageVerdict content;  // of leaves
  PageSum branches, leaves;
  uint32_t depth = 0;
  uint32_t leaf_level = 0;  // of the first leaf; splits and merges keep all on one
};

// What all walks over one tree share.
struct TreeContext {
  const Pages& pages;
  const std::string& file;
  const std::string& bucket;  // its name
  uint16_t owner;             // its number
  VisitedPages& visited;
  std::vector<PageInfo>& infos;
  LeafVisitor* visitor = nullptr;
};

class TreeWalk {
 public:
  TreeWalk(const TreeContext& context, size_t part, TreeVerdict& out)
      : context_(context), part_(part), out_(out) {}

  // Everything below `root`, whose own level is `level`, from 1.
  void Run(const Subtree& root, uint32_t level);
  // The page of `tree` alone. A branch is given back, to be walked by who asked.
  std::optional<Node> Enter(const Subtree& tree, uint32_t level);

 private:
  struct Level {
    uint64_t page;
    Children children;
  };
  std::optional<Node> Open(const Subtree& tree);
  std::optional<uint64_t> Claim(const Node& node);
  void ReportTaken(const Node& node, const Subtree& tree, uint64_t taken);
  void CheckLevel(const Node& leaf, uint32_t level);
  void Count(const Node& node, uint64_t used, PageSum& sum);

  const TreeContext& context_;
  const size_t part_;
  TreeVerdict& out_;
  std::vector<Level> way_;
};

// The same on several threads. False where the tree is not of the shape of a sound one: then nothing has been
// claimed and the verdict is void, because only a single-threaded walk knows which reference came first.
bool WalkInParallel(const TreeContext& context, const Subtree& root, unsigned threads, TreeVerdict& out);

}  // namespace etcdmedic::bolt
