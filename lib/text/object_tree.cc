// SPDX-License-Identifier: Apache-2.0
#include "text/object_tree.h"

#include <algorithm>
#include <charconv>

#include "text/json_writer.h"
#include "text/write_tree.h"

namespace etcdmedic::text {

int64_t ObjectView::Integer(int64_t fallback) const {
  if (kind() != NodeKind::kNumber && kind() != NodeKind::kInteger) return fallback;
  int64_t value = 0;
  const std::string_view digits = text();
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && rest == digits.data() + digits.size() ? value : fallback;
}

ObjectView ObjectView::operator[](std::string_view key) const {
  ObjectView found;
  if (!is_map()) return found;
  for (const ObjectView member : *this) {
    if (member.key() == key) found = member;
  }
  return found;
}

ObjectView ObjectView::At(std::string_view dotted) const {
  ObjectView value = *this;
  while (value && !dotted.empty()) {
    const size_t dot = dotted.find('.');
    value = value[dotted.substr(0, dot)];
    dotted = dot == std::string_view::npos ? std::string_view() : dotted.substr(dot + 1);
  }
  return value;
}

std::string_view ObjectView::StringAt(std::string_view dotted) const {
  const ObjectView value = At(dotted);
  return value.is_string() ? value.text() : std::string_view();
}

ObjectView ObjectView::First() const {
  if (!IsContainer(kind())) return {};
  return After(node_ + 1, node_ + node_->extent, is_map());
}

size_t ObjectView::size() const {
  size_t count = 0;
  for (ObjectView member = First(); member; member = member.Next()) ++count;
  return count;
}

ObjectView ObjectView::Item(size_t at) const {
  if (!is_list()) return {};
  ObjectView item = First();
  for (; at > 0 && item; --at) item = item.Next();
  return item;
}

void ObjectView::AppendJson(std::string& out) const {
  JsonWriter writer(out);
  WriteTree(*this, {.order = KeyOrder::kStored, .keep_numbers = true}, writer);
}

std::string_view TextArena::Keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > left_) {
    left_ = std::max(kBlock, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    at_ = blocks_.back().get();
  }
  char* const kept = at_;
  at_ = std::copy(text.begin(), text.end(), at_);
  left_ -= text.size();
  return {kept, text.size()};
}

void TextArena::Clear() {
  if (blocks_.size() > 1) blocks_.resize(1);
  at_ = blocks_.empty() ? nullptr : blocks_[0].get();
  left_ = blocks_.empty() ? 0 : kBlock;
}

void ObjectTree::Clear() {
  nodes_.clear();
  arena_.Clear();
}

size_t ObjectTree::Open(NodeKind kind, size_t line) {
  nodes_.push_back({.kind = kind, .extent = 1});
  MarkLast(false, line);
  return nodes_.size() - 1;
}

void ObjectTree::Add(NodeKind kind, std::string_view text) {
  nodes_.push_back({.kind = kind, .extent = static_cast<uint32_t>(text.size()), .at = text.data()});
}

void ObjectTree::MarkLast(bool plain, size_t line) {
  nodes_.back().plain = plain;
  nodes_.back().line = static_cast<uint32_t>(std::min<size_t>(line, kLastLine)) & kLastLine;
}

ObjectView ObjectTree::ViewAt(size_t node) const {
  if (node >= nodes_.size()) return {};
  return {&nodes_[node], nodes_[node].next(), nullptr};
}

void ObjectTree::Remove(std::span<const std::string_view> path, size_t kept) {
  if (!nodes_.empty()) RemoveIn(0, path, kept);
}

// Gives the number of nodes that went.
size_t ObjectTree::RemoveIn(size_t map, std::span<const std::string_view> path, size_t kept) {
  if (nodes_[map].kind != NodeKind::kMap) return 0;
  const size_t end = map + nodes_[map].extent;
  size_t key = map + 1;
  while (key < end && nodes_[key].text() != path[0]) key += 1 + NodesOf(key + 1);
  if (key >= end) return 0;
  const size_t value = key + 1;
  size_t gone = 0;
  if (path.size() > 1) {
    gone = RemoveIn(value, path.subspan(1), kept - std::min<size_t>(kept, 1));
    nodes_[map].extent -= static_cast<uint32_t>(gone);
    if (gone == 0 || kept > 0 || nodes_[value].extent > 1) return gone;
  }
  const size_t nodes = 1 + NodesOf(value);
  const auto first = nodes_.begin() + static_cast<std::ptrdiff_t>(key);
  nodes_.erase(first, first + static_cast<std::ptrdiff_t>(nodes));
  nodes_[map].extent -= static_cast<uint32_t>(nodes);
  return gone + nodes;
}

}  // namespace etcdmedic::text
