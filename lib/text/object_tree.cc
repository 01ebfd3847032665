// SPDX-License-Identifier: Apache-2.0
#include "text/object_tree.h"

#include <algorithm>
#include <bit>

#include "base/secret_mask.h"

namespace etcdmedic::text {
namespace {

constexpr std::string_view kResourceVersion = "resourceVersion";

struct Entry {
  std::string_view key;
  size_t value;
};

bool SameKey(const Entry& a, const Entry& b) { return a.key == b.key; }

// Writes one number as it stands, which only JSON can.
void KeepNumber(JsonWriter& writer, std::string_view text) { writer.Verbatim(text); }
void KeepNumber(YamlWriter& writer, std::string_view text) { writer.Number(text); }

template <class Writer>
class TreePrinter {
 public:
  TreePrinter(const ObjectTree& tree, const TreeOptions& options, Writer& writer)
      : tree_(tree), options_(options), writer_(writer) {
    const auto root = tree.root();
    // Cut before it says its kind, it may be one: JSON has `data` before `kind`.
    const std::string_view kind = tree.TextAt(root, "kind");
    secret_ = options.mask_secrets && (kind == "Secret" || kind.empty());
  }

  void Root(std::string_view remark) {
    const auto root = tree_.root();
    if (!root) {
      if (!remark.empty()) writer_.Comment(remark);
      writer_.Null();
    } else if (tree_.At(*root).kind == NodeKind::kMap) {
      writer_.BeginMap();
      Members(*root, Part::kRoot);
      if (!remark.empty()) writer_.Comment(remark);
      writer_.EndMap();
    } else {
      if (!remark.empty()) writer_.Comment(remark);
      Value(*root, Part::kOther);
    }
  }

 private:
  // Where in an object we are, as far as that matters.
  enum class Part : uint8_t { kRoot, kMetadata, kAnnotations, kSecretData, kSecretText, kOther };
  static constexpr size_t kAddedVersion = SIZE_MAX;

  Part PartOf(Part parent, std::string_view key) const {
    if (parent == Part::kRoot && key == "metadata") return Part::kMetadata;
    if (!secret_) return Part::kOther;
    if (parent == Part::kRoot && (key == "data" || key == "stringData")) return Part::kSecretData;
    if (parent == Part::kMetadata && key == "annotations") return Part::kAnnotations;
    const bool secret = parent == Part::kSecretData || (parent == Part::kAnnotations && IsCopyOfObject(key));
    return secret ? Part::kSecretText : Part::kOther;
  }

  void Members(size_t map, Part part) {
    const size_t first = entries_.size();
    for (size_t key = map + 1; key < tree_.At(map).end;) {
      entries_.push_back({tree_.Text(key), key + 1});
      key = tree_.At(key + 1).end;
    }
    if (part == Part::kMetadata && !options_.resource_version.empty())
      entries_.push_back({kResourceVersion, kAddedVersion});
    Arrange(first);
    const size_t last = entries_.size();
    for (size_t i = first; i < last; ++i) {
      const Entry entry = entries_[i];
      writer_.Key(entry.key);
      if (entry.value == kAddedVersion)
        writer_.String(options_.resource_version);
      else
        Value(entry.value, PartOf(part, entry.key));
    }
    entries_.resize(first);
  }

  // Puts the entries from `first` on in order; of a repeated key the last one stays.
  void Arrange(size_t first) {
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto bytewise = [](const Entry& a, const Entry& b) { return a.key < b.key; };
    const auto natural = [](const Entry& a, const Entry& b) { return YamlKeyLess(a.key, b.key); };
    const auto repeats = [](const Entry& a, const Entry& b) { return !(a.key < b.key); };
    if (std::adjacent_find(begin, entries_.end(), repeats) != entries_.end()) {
      std::stable_sort(begin, entries_.end(), bytewise);
      const auto kept = std::unique(entries_.rbegin(), std::make_reverse_iterator(begin), SameKey).base();
      entries_.erase(begin, kept);
      if (options_.order == KeyOrder::kStored)
        std::sort(begin, entries_.end(), [](const Entry& a, const Entry& b) { return a.value < b.value; });
    }
    if (options_.order == KeyOrder::kNatural && !std::is_sorted(begin, entries_.end(), natural))
      std::stable_sort(begin, entries_.end(), natural);
  }

  void Value(size_t node, Part part) {
    if (part == Part::kSecretText) {
      writer_.String(kSecretMask);
      return;
    }
    const Node& value = tree_.At(node);
    switch (value.kind) {
      case NodeKind::kMap:
        writer_.BeginMap();
        Members(node, part);
        writer_.EndMap();
        return;
      case NodeKind::kList:
        writer_.BeginList();
        for (size_t item = node + 1; item < value.end; item = tree_.At(item).end) Value(item, Part::kOther);
        writer_.EndList();
        return;
      default:
        Scalar(node, part);
    }
  }

  void Scalar(size_t node, Part part) {
    const uint64_t bits = tree_.At(node).payload;
    if (part == Part::kSecretData) {
      writer_.String(kSecretMask);
      return;
    }
    switch (tree_.At(node).kind) {
      case NodeKind::kString:
        return writer_.String(tree_.Text(node));
      case NodeKind::kNumber:
        return options_.keep_numbers ? KeepNumber(writer_, tree_.Text(node))
                                     : writer_.Number(tree_.Text(node));
      case NodeKind::kInt:
        return writer_.Int(static_cast<int64_t>(bits));
      case NodeKind::kUint:
        return writer_.Uint(bits);
      case NodeKind::kDouble:
        return writer_.Double(std::bit_cast<double>(bits));
      case NodeKind::kTrue:
      case NodeKind::kFalse:
        return writer_.Bool(tree_.At(node).kind == NodeKind::kTrue);
      default:
        return writer_.Null();
    }
  }

  const ObjectTree& tree_;
  const TreeOptions& options_;
  Writer& writer_;
  std::vector<Entry> entries_;
  bool secret_ = false;
};

}  // namespace

void ObjectTree::Reset(std::string_view source) {
  source_ = source;
  nodes_.clear();
  owned_.clear();
}

size_t ObjectTree::Open(NodeKind kind) {
  nodes_.push_back({.kind = kind});
  return nodes_.size() - 1;
}

void ObjectTree::AddText(NodeKind kind, size_t offset, size_t length) {
  AddBits(kind, uint64_t{offset} << 32 | length);
}

void ObjectTree::AddOwned(NodeKind kind, std::string_view text) {
  AddText(kind, owned_.size(), text.size());
  nodes_.back().owned = true;
  owned_.append(text);
}

void ObjectTree::AddBits(NodeKind kind, uint64_t bits) {
  nodes_.push_back({.kind = kind, .end = static_cast<uint32_t>(nodes_.size()) + 1, .payload = bits});
}

std::string_view ObjectTree::Text(size_t node) const {
  const Node& text = nodes_[node];
  if (text.kind != NodeKind::kString && text.kind != NodeKind::kNumber) return {};
  const std::string_view all = text.owned ? std::string_view(owned_) : source_;
  return all.substr(text.payload >> 32, text.payload & 0xFFFFFFFF);
}

std::optional<size_t> ObjectTree::Find(std::optional<size_t> map, std::string_view key) const {
  std::optional<size_t> found;
  if (!map || nodes_[*map].kind != NodeKind::kMap) return found;
  for (size_t at = *map + 1; at < nodes_[*map].end; at = nodes_[at + 1].end) {
    if (Text(at) == key) found = at + 1;
  }
  return found;
}

std::string_view ObjectTree::TextAt(std::optional<size_t> map, std::string_view key) const {
  const auto node = Find(map, key);
  return node && nodes_[*node].kind == NodeKind::kString ? Text(*node) : std::string_view();
}

void WriteTree(const ObjectTree& tree, const TreeOptions& options, YamlWriter& writer,
               std::string_view remark) {
  TreePrinter(tree, options, writer).Root(remark);
}

void WriteTree(const ObjectTree& tree, const TreeOptions& options, JsonWriter& writer,
               std::string_view remark) {
  TreePrinter(tree, options, writer).Root(remark);
}

bool IsCopyOfObject(std::string_view annotation) {
  return annotation.find("last-applied") != std::string_view::npos || annotation.ends_with("/applied");
}

}  // namespace etcdmedic::text
