// SPDX-License-Identifier: Apache-2.0
#include "bolt/tree_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/parallel.h"
#include "base/progress.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;

constexpr size_t kPiecesAThread = 8;  // so that none waits long for the others

template <class T>
void Append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void Append(PageSum& to, const PageSum& from) {
  to.nodes += from.nodes;
  to.pages += from.pages;
  to.used += from.used;
}

void Append(PageVerdict& to, PageVerdict& from) {
  Append(to.findings, from.findings);
  Append(to.buckets, from.buckets);
  to.entries += from.entries;
  to.key_bytes += from.key_bytes;
  to.value_bytes += from.value_bytes;
}

void Append(TreeVerdict& to, TreeVerdict& from) {
  Append(to.shape, from.shape);
  Append(to.content, from.content);
  Append(to.branches, from.branches);
  Append(to.leaves, from.leaves);
  to.depth = std::max(to.depth, from.depth);
  if (to.leaf_level == 0) to.leaf_level = from.leaf_level;
}

}  // namespace

// Marks the pages that a node fills as used. The first one that is already, or nothing.
std::optional<uint64_t> TreeWalk::Claim(const Node& node) {
  const uint64_t end = node.page + PagesNeeded(node, context_.pages.page_size);
  for (uint64_t i = node.page; i < end; ++i) {
    // What follows a page that is taken is not looked at: so all of this together takes the time of one walk.
    if (!context_.visited.Take(i)) return i;
    if (i < context_.infos.size()) {
      PageInfo& info = context_.infos[i];
      info.use = i != node.page ? PageUse::kOverflow : node.leaf ? PageUse::kLeaf : PageUse::kBranch;
      info.bucket = context_.owner;
    }
  }
  return std::nullopt;
}

void TreeWalk::ReportTaken(const Node& node, const Subtree& tree, uint64_t taken) {
  const bool cycle = std::ranges::any_of(way_, [&](const Level& level) { return level.page == node.page; });
  const bool itself = taken == node.page;
  PageCheck(context_.pages, context_.file, context_.bucket, out_.shape)
      .Add(cycle ? Code::kDbPageCycle : Code::kDbPageShared, node, 0, context_.pages.page_size,
           fmt::format("{} {}{}", itself ? "it" : fmt::format("its overflow page {}", taken),
                       cycle ? "is referred to from below itself" : "is already in use elsewhere",
                       itself ? fmt::format("; with it {} are lost", FormatRange(tree.low, tree.high)) : ""));
}

// What a reference leads to, claimed; nothing where it cannot be followed.
std::optional<Node> TreeWalk::Open(const Subtree& tree) {
  const NodeRead read = context_.pages.Read(tree.page);
  if (read.fault != NodeFault::kNone)
    PageCheck(context_.pages, context_.file, context_.bucket, out_.shape).Note(read, tree);
  if (!read.usable) return std::nullopt;
  Node node = read.node;
  const auto taken = Claim(node);
  if (!taken) return node;
  ReportTaken(node, tree, *taken);
  if (*taken == node.page) return std::nullopt;
  // Its own are the pages before that; what is told of the others is told where they are used.
  node.pages = *taken - node.page;
  node.bytes = node.bytes.first(std::min<uint64_t>(node.bytes.size(), node.pages * context_.pages.page_size));
  return node;
}

void TreeWalk::Count(const Node& node, uint64_t used, PageSum& sum) {
  sum.nodes += node.inlined ? 0 : 1;
  sum.pages += node.pages;
  sum.used += used;
  if (node.inlined || node.page >= context_.infos.size()) return;
  PageInfo& info = context_.infos[node.page];
  info.bucket = context_.owner;
  info.count = static_cast<uint16_t>(node.count);
  info.overflow = static_cast<uint32_t>(node.pages - 1);
  info.used = static_cast<uint32_t>(std::min<uint64_t>(used, ~uint32_t{0}));
}

void TreeWalk::CheckLevel(const Node& leaf, uint32_t level) {
  if (out_.leaf_level == 0) out_.leaf_level = level;
  if (out_.leaf_level == level) return;
  PageCheck(context_.pages, context_.file, context_.bucket, out_.shape)
      .Add(Code::kDbTreeDamaged, leaf, 0, context_.pages.page_size,
           fmt::format("a leaf on level {} of a tree whose leaves are on level {}; a reference that leads "
                       "too low has lost what was next to it",
                       level, out_.leaf_level));
}

std::optional<Node> TreeWalk::Enter(const Subtree& tree, uint32_t level) {
  const auto node = tree.is_inline ? std::optional(tree.inlined) : Open(tree);
  if (!node) return std::nullopt;
  if (!node->inlined) out_.depth = std::max(out_.depth, level);
  if (node->leaf) {
    if (!node->inlined) CheckLevel(*node, level);
    PageCheck check(context_.pages, context_.file, context_.bucket, out_.content);
    Count(*node, std::min<uint64_t>(check.Run(*node, tree), ~uint32_t{0}), out_.leaves);
    if (context_.visitor != nullptr) context_.visitor->OnLeaf(part_, *node);
    return std::nullopt;
  }
  PageCheck check(context_.pages, context_.file, context_.bucket, out_.shape);
  if (node->count == 0) check.Add(Code::kDbPageCount, *node, 10, 2, "a branch without children");
  Count(*node, check.Run(*node, tree), out_.branches);
  return node;
}

void TreeWalk::Run(const Subtree& root, uint32_t level) {
  const auto enter = [&](const Subtree& tree) {
    const auto branch = Enter(tree, level + static_cast<uint32_t>(way_.size()));
    if (!branch) return;
    way_.push_back({branch->page, Children(*branch, tree.low, tree.high)});
    Progress::Add(uint64_t{branch->count} * context_.pages.page_size);
  };
  enter(root);
  for (Subtree child; !way_.empty();) {
    Children& children = way_.back().children;
    context_.pages.PrefetchHeader(children.PageAhead(kHeadersAhead));
    context_.pages.PrefetchLeaf(children.PageAhead(kLeavesAhead));
    if (children.Next(child)) {
      enter(child);
    } else {
      way_.pop_back();
    }
  }
}

namespace {

// A tree cut into subtrees that are adjacent, in order.
struct Pieces {
  std::vector<Subtree> trees;
  uint32_t level = 1;  // on which they stand
};

// Goes down level by level until there are enough of them or they are leaves.
Pieces Cut(const TreeContext& context, const Subtree& root, size_t enough, TreeVerdict& out) {
  TreeContext branches = context;
  branches.visitor = nullptr;
  Pieces pieces{{root}, 1};
  while (pieces.trees.size() < enough) {
    const NodeRead first = context.pages.Read(pieces.trees.front().page);
    if (!first.usable || first.node.leaf) break;
    std::vector<Subtree> finer;
    for (const Subtree& tree : pieces.trees) {
      const auto branch = TreeWalk(branches, 0, out).Enter(tree, pieces.level);
      if (!branch || !out.shape.findings.empty()) return {};
      Children children(*branch, tree.low, tree.high);
      for (Subtree child; children.Next(child);) finer.push_back(child);
    }
    pieces = {std::move(finer), pieces.level + 1};
  }
  return pieces;
}

// Walks the pieces; false as soon as one of them is not of the shape that it must be.
bool WalkPieces(const TreeContext& context, const Pieces& pieces, unsigned threads,
                std::vector<TreeVerdict>& parts) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> sound = true;
  InParallel(threads, threads, [&](size_t, size_t, size_t) {
    for (size_t part = next++; part < parts.size() && sound; part = next++) {
      const size_t begin = pieces.trees.size() * part / parts.size();
      const size_t end = pieces.trees.size() * (part + 1) / parts.size();
      TreeWalk walk(context, part, parts[part]);
      for (size_t i = begin; i < end && parts[part].shape.findings.empty(); ++i)
        walk.Run(pieces.trees[i], pieces.level);
      if (!parts[part].shape.findings.empty()) sound = false;
    }
  });
  return sound && std::ranges::all_of(parts, [&](const TreeVerdict& each) {
           return each.leaf_level == parts.front().leaf_level;
         });
}

}  // namespace

bool WalkInParallel(const TreeContext& context, const Subtree& root, unsigned threads, TreeVerdict& out) {
  const VisitedPages before = context.visited;
  const Pieces pieces = Cut(context, root, threads * kPiecesAThread, out);
  std::vector<TreeVerdict> parts(std::min<size_t>(pieces.trees.size(), threads * kPiecesAThread));
  if (context.visitor != nullptr) context.visitor->Begin(parts.size());
  if (!parts.empty() && WalkPieces(context, pieces, threads, parts)) {
    for (TreeVerdict& part : parts) Append(out, part);
    return true;
  }
  for (size_t page = 0; page < context.infos.size(); ++page) {
    if (context.visited.Has(page) && !before.Has(page)) context.infos[page] = {};
  }
  context.visited = before;
  return false;
}

}  // namespace etcdmedic::bolt
