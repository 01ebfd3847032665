// SPDX-License-Identifier: Apache-2.0
#include "bolt/cursor.h"

#include <fmt/format.h>

#include <algorithm>

namespace etcdmedic::bolt {

using diag::Code;

namespace {

// Bytes are read once a walk: a node ends before the first page of its overflow that another one has filled.
void ClipToUnseen(Node& node, uint32_t page_size, std::vector<bool>& seen) {
  if (node.pages <= 1) return;
  const uint64_t needed = PagesNeeded(node, page_size);
  for (uint64_t i = 1; i < needed && node.page + i < seen.size(); ++i) {
    if (seen[node.page + i]) {
      node.pages = i;
      node.bytes = node.bytes.first(std::min<uint64_t>(node.bytes.size(), i * page_size));
      return;
    }
    seen[node.page + i] = true;
  }
}

}  // namespace

Cursor::Cursor(Pages pages, std::shared_ptr<Reporter> reporter, std::string bucket,
               std::vector<Subtree> roots)
    : pages_(pages), reporter_(std::move(reporter)), bucket_(std::move(bucket)), roots_(std::move(roots)) {
  Restart();
}

// The way begins with a node that has roots_ as its children.
void Cursor::Restart() {
  path_.clear();
  path_.emplace_back();
  path_.back().node.count = static_cast<uint32_t>(roots_.size());
  seen_.clear();
  valid_ = false;
}

bool Cursor::First() {
  Restart();
  forward_ = true;
  return Move(true);
}

bool Cursor::Last() {
  Restart();
  forward_ = false;
  path_.back().at = static_cast<int64_t>(roots_.size());
  return Move(false);
}

bool Cursor::Next() {
  if (!forward_) seen_.clear();
  forward_ = true;
  return valid_ && Move(true);
}

bool Cursor::Prev() {
  if (forward_) seen_.clear();
  forward_ = false;
  return valid_ && Move(false);
}

bool Cursor::Move(bool forward) {
  while (!path_.empty()) {
    Step& step = path_.back();
    step.at += forward ? 1 : -1;
    if (step.at < 0 || step.at >= step.node.count) {
      path_.pop_back();
    } else if (step.node.leaf) {
      if (Load()) return valid_ = true;
    } else {
      if (forward) LookAhead(step);
      Push(ChildAt(step, static_cast<uint32_t>(step.at)), forward);
    }
  }
  return valid_ = false;
}

void Cursor::LookAhead(const Step& step) const {
  if (path_.size() == 1) return;  // that of the roots, which has no elements
  Element element;
  const auto ahead = [&](uint32_t children) {
    const uint32_t at = static_cast<uint32_t>(step.at) + children;
    return at < step.node.count && ReadElement(step.node, at, element) ? element.child : 0;
  };
  pages_.PrefetchHeader(ahead(kHeadersAhead));
  pages_.PrefetchLeaf(ahead(kLeavesAhead));
}

bool Cursor::Load() {
  const Step& step = path_.back();
  if (ReadElement(step.node, static_cast<uint32_t>(step.at), element_)) return true;
  AddLostRange(step.low, step.high);
  reporter_->Add(
      Code::kDbElement,
      pages_.OffsetOf(step.node.bytes) + kHeaderSize + static_cast<uint64_t>(step.at) * kElementSize,
      kElementSize,
      fmt::format("page {}, element {} of {} in {}: its key or value is outside the page; the "
                  "entry is lost",
                  step.node.page, step.at, step.node.count, BucketText(bucket_)));
  return false;
}

Subtree Cursor::ChildAt(const Step& step, uint32_t at) const {
  return path_.size() == 1 ? roots_[at] : ChildOf(step.node, at, step.low, step.high);
}

bool Cursor::Push(const Subtree& tree, bool forward) {
  NodeRead read;
  if (tree.is_inline) {
    read.node = tree.inlined;
  } else {
    read = pages_.Read(tree.page);
  }
  if (!read.usable) {
    ReportUnreachable(CodeOf(read.fault), tree.page, tree, read.what);
    return false;
  }
  if (read.fault != NodeFault::kNone) {
    reporter_->Add(CodeOf(read.fault), tree.page * pages_.page_size, read.node.bytes.size(),
                   fmt::format("page {} of {}: {}; its entries are read all the same", tree.page,
                               BucketText(bucket_), read.what));
  }
  if (path_.size() > kDeepest || SeenBefore(read.node)) {
    const bool above =
        std::ranges::any_of(path_, [&](const Step& step) { return step.node.page == tree.page; });
    ReportUnreachable(above ? Code::kDbPageCycle : Code::kDbPageShared, tree.page, tree,
                      above ? "it is referred to from below itself" : "it is referred to twice");
    return false;
  }
  ClipToUnseen(read.node, pages_.page_size, seen_);
  if (!Plausible(tree, read.node)) return false;
  path_.push_back({read.node, forward ? -1 : int64_t{read.node.count}, tree.low, tree.high});
  return true;
}

// A page whose keys are all outside the range that its parent gives it is another page's content.
bool Cursor::Plausible(const Subtree& tree, const Node& node) {
  Element first, last;
  if (node.count == 0 || !ReadElement(node, 0, first) || !ReadElement(node, node.count - 1, last))
    return true;
  const bool before = !tree.low.empty() && Less(last.key, tree.low) && (node.leaf || node.count > 1);
  const bool after = !tree.high.empty() && !Less(first.key, tree.high);
  if (!before && !after) return true;
  ReportUnreachable(
      Code::kDbKeyOrder, node.page, tree,
      fmt::format("its keys, from {} to {}, belong elsewhere", FormatKey(first.key), FormatKey(last.key)));
  return false;
}

bool Cursor::SeenBefore(const Node& node) {
  if (node.inlined || node.page == 0) return false;
  if (seen_.empty()) seen_.resize(pages_.whole() + 1);
  if (node.page >= seen_.size() || seen_[node.page]) return true;
  seen_[node.page] = true;
  return false;
}

void Cursor::AddLostRange(Bytes low, Bytes high) {
  const auto same = [](Bytes a, Bytes b) { return a.data() == b.data() && a.size() == b.size(); };
  if (lost_.empty() || !same(lost_.back().low, low) || !same(lost_.back().high, high))
    lost_.push_back({low, high});
}

void Cursor::ReportUnreachable(Code code, uint64_t page, const Subtree& tree, std::string_view what) {
  AddLostRange(tree.low, tree.high);
  const uint64_t offset = page > pages_.whole() ? pages_.db.size() : page * pages_.page_size;
  reporter_->Add(code, offset, pages_.page_size,
                 fmt::format("page {} of {}: {}; with it {} are lost", page, BucketText(bucket_), what,
                             FormatRange(tree.low, tree.high)));
}

bool Cursor::Seek(std::string_view key) {
  Restart();
  forward_ = true;
  for (;;) {
    Step& step = path_.back();
    uint32_t at = 0;
    if (path_.size() == 1) {
      while (at + 1 < roots_.size() && AsText(roots_[at + 1].low) <= key) ++at;
    } else {
      at = LowerBound(step.node, key);
    }
    if (step.node.leaf) {
      step.at = int64_t{at} - 1;
      return Move(true);
    }
    Element element;
    const bool exact = path_.size() > 1 && at < step.node.count && ReadElement(step.node, at, element) &&
                       AsText(element.key) == key;
    if (path_.size() > 1 && at > 0 && !exact) --at;
    step.at = at;
    if (at >= step.node.count || !Push(ChildAt(step, at), true)) return Move(true);
  }
}

std::vector<Cursor> Cursor::Split(size_t parts, size_t pieces) const {
  std::vector<Subtree> trees = roots_;
  for (int depth = 0; depth < kDeepest && trees.size() < parts * pieces; ++depth) {
    std::vector<Subtree> finer;
    bool any = false;
    for (const Subtree& tree : trees) {
      const NodeRead read = tree.is_inline ? NodeRead{} : pages_.Read(tree.page);
      // What is damaged stays whole, so that the cursor that comes to it reports it.
      const bool open =
          !tree.is_inline && read.fault == NodeFault::kNone && !read.node.leaf && read.node.count > 0;
      any = any || open;
      if (!open) {
        finer.push_back(tree);
        continue;
      }
      for (uint32_t i = 0; i < read.node.count; ++i)
        finer.push_back(ChildOf(read.node, i, tree.low, tree.high));
      if (finer.size() > pages_.whole()) return {*this};
    }
    if (!any) break;
    // Several walks would each come to a page that is referred to twice.
    std::vector<uint64_t> ids;
    for (const Subtree& tree : finer) ids.push_back(tree.page);
    std::ranges::sort(ids);
    if (std::ranges::adjacent_find(ids) != ids.end()) return {*this};
    trees = std::move(finer);
  }
  std::vector<Cursor> cursors;
  parts = std::clamp<size_t>(parts, 1, std::max<size_t>(trees.size(), 1));
  for (size_t i = 0; i < parts; ++i) {
    const auto begin = trees.begin() + static_cast<std::ptrdiff_t>(trees.size() * i / parts);
    const auto end = trees.begin() + static_cast<std::ptrdiff_t>(trees.size() * (i + 1) / parts);
    cursors.emplace_back(pages_, reporter_, bucket_, std::vector<Subtree>(begin, end));
  }
  return cursors;
}

}  // namespace etcdmedic::bolt
