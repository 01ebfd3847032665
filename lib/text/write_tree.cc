// SPDX-License-Identifier: Apache-2.0
#include "text/write_tree.h"

#include <algorithm>

#include "base/secret_mask.h"
#include "text/fields_v1.h"
#include "text/json_writer.h"
#include "text/tree_writer.h"
#include "text/yaml_writer.h"

namespace etcdmedic::text {
namespace {

constexpr std::string_view kResourceVersion = "resourceVersion";

struct Entry {
  std::string_view key;
  ObjectView value;  // none: the resource version
  size_t place;
};

bool BytewiseLess(const Entry& a, const Entry& b) { return a.key < b.key; }
bool NaturalLess(const Entry& a, const Entry& b) { return YamlKeyLess(a.key, b.key); }
bool FieldsLess(const Entry& a, const Entry& b) { return FieldsV1Less(a.key, b.key); }
bool StoredLess(const Entry& a, const Entry& b) { return a.place < b.place; }

using Less = bool (*)(const Entry&, const Entry&);
constexpr Less kLess[] = {StoredLess, NaturalLess, BytewiseLess, FieldsLess};  // by KeyOrder

template <class Writer>
class TreePrinter {
 public:
  using Place = SecretMask::Place;

  TreePrinter(ObjectView root, const TreeOptions& options, Writer& writer)
      : options_(options),
        writer_(writer),
        // Cut before it says its kind, it may be one: JSON has `data` before `kind`.
        mask_(options.mask_secrets, options.mask_secrets ? root.StringAt("kind") : std::string_view()) {}

  void Value(ObjectView value, Place place) {
    if (SecretMask::Hides(place, value.is_map())) return writer_.String(kSecretMask);
    switch (value.kind()) {
      case NodeKind::kMap:
        writer_.BeginMap();
        Members(value, place);
        return writer_.EndMap();
      case NodeKind::kList:
        writer_.BeginList();
        for (const ObjectView item : value) Value(item, Place::kElsewhere);
        return writer_.EndList();
      case NodeKind::kString:
        return writer_.String(value.text());
      case NodeKind::kNumber:
        return options_.keep_numbers ? writer_.WrittenNumber(value.text()) : writer_.Number(value.text());
      case NodeKind::kInteger:
        return writer_.Digits(value.text());
      case NodeKind::kTrue:
      case NodeKind::kFalse:
        return writer_.Bool(value.is_true());
      default:
        return writer_.Null();
    }
  }

 private:
  void Members(ObjectView map, Place place) {
    const size_t first = entries_.size();
    const bool hides = options_.hide_managed_fields && place == Place::kMetadata;
    for (const ObjectView member : map) {
      if (!hides || member.key() != "managedFields")
        entries_.push_back({member.key(), member, entries_.size()});
    }
    if (place == Place::kMetadata && !options_.resource_version.empty())
      entries_.push_back({kResourceVersion, {}, entries_.size()});
    Arrange(first);
    const size_t last = entries_.size();
    for (size_t i = first; i < last; ++i) {
      const Entry entry = entries_[i];
      writer_.Key(entry.key);
      if (entry.value)
        Value(entry.value, mask_.Below(place, entry.key));
      else
        writer_.String(options_.resource_version);
    }
    entries_.resize(first);
  }

  // Puts the entries from `first` on in order; of a repeated key the last one stays.
  void Arrange(size_t first) {
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto repeats = [](const Entry& a, const Entry& b) { return !(a.key < b.key); };
    const Less less = kLess[static_cast<size_t>(options_.order)];
    if (std::adjacent_find(begin, entries_.end(), repeats) != entries_.end()) {
      std::stable_sort(begin, entries_.end(), BytewiseLess);
      const auto same = [](const Entry& a, const Entry& b) { return a.key == b.key; };
      const auto kept = std::unique(entries_.rbegin(), std::make_reverse_iterator(begin), same).base();
      entries_.erase(begin, kept);
    }
    if (less != BytewiseLess && !std::is_sorted(begin, entries_.end(), less))
      std::stable_sort(begin, entries_.end(), less);
  }

  const TreeOptions& options_;
  Writer& writer_;
  const SecretMask mask_;
  std::vector<Entry> entries_;
};

template <class Writer>
void Write(ObjectView value, const TreeOptions& options, Writer& writer) {
  TreePrinter(value, options, writer).Value(value, SecretMask::Place::kRoot);
}

}  // namespace

void WriteTree(ObjectView value, const TreeOptions& options, YamlWriter& writer) {
  Write(value, options, writer);
}
void WriteTree(ObjectView value, const TreeOptions& options, JsonWriter& writer) {
  Write(value, options, writer);
}
void WriteTree(ObjectView value, const TreeOptions& options, TreeWriter& writer) {
  Write(value, options, writer);
}

}  // namespace etcdmedic::text
