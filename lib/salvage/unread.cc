// SPDX-License-Identifier: Apache-2.0
#include "salvage/unread.h"

#include <algorithm>
#include <iterator>

#include "mvcc/revision.h"

namespace etcdmedic::salvage {
namespace {

// Of an entry that is a record: its revision.
std::optional<int64_t> RevisionOf(const bolt::Node& node, uint32_t at) {
  bolt::Element element;
  if (!bolt::ReadElement(node, at, element) || element.is_bucket) return std::nullopt;
  const auto id = mvcc::ParseRevisionKey(element.key);
  if (!id || !Agree(element.key, element.value)) return std::nullopt;
  return id->revision.main;
}

class Finder {
 public:
  Finder(const DbSource& source, std::span<const Copy> copies) : source_(source), copies_(copies) {}

  std::vector<Span> Find() {
    CountRecords();
    const std::vector<PageUse>& uses = source_.scan.uses;
    for (uint64_t page = 0; page < uses.size(); ++page) {
      if (uses[page] != PageUse::kLive) continue;
      const bolt::NodeRead read = source_.scan.pages.Read(page);
      if (read.usable && read.node.leaf && read.node.count != records_[page]) Look(read.node);
    }
    return std::move(spans_);
  }

 private:
  bool IsLive(const Copy& copy) const {
    return copy.origin == Origin::kLive && !copy.unframed && copy.source == source_.scan.source;
  }

  // By the page that a leaf begins on.
  void CountRecords() {
    const std::vector<PageUse>& uses = source_.scan.uses;
    records_.assign(uses.size(), 0);
    for (const Copy& copy : copies_) {
      if (!IsLive(copy)) continue;
      uint64_t page = copy.place / source_.scan.pages.page_size;
      while (page > 0 && uses[page] == PageUse::kInside) --page;
      ++records_[page];
    }
  }

  // A bucket that is small enough lies in its entry of the directory.
  void Look(const bolt::Node& node) {
    bolt::Element element;
    for (uint32_t at = 0; at < node.count; ++at) {
      if (!bolt::ReadElement(node, at, element) || !element.is_bucket || AsText(element.key) != "key")
        continue;
      const bolt::NodeRead inlined = bolt::ReadInline(node.page, element.value);
      if (inlined.usable) LookAtEntries(inlined.node);
      return;
    }
    LookAtEntries(node);
  }

  void LookAtEntries(const bolt::Node& node) {
    bool open = false;
    std::optional<int64_t> before;
    for (uint32_t at = 0; at < node.count; ++at) {
      const auto revision = RevisionOf(node, at);
      if (revision && std::exchange(open, false))
        spans_.push_back({before.value_or(Before(*revision)), *revision});
      if (revision) before = revision;
      open |= !revision;
    }
    if (open) spans_.push_back({before.value_or(0), before ? After(*before) : INT64_MAX - 1});
  }

  // The nearest record of the state on another leaf.
  int64_t Before(int64_t revision) const {
    auto at =
        std::ranges::lower_bound(copies_, revision, {}, [](const Copy& copy) { return int64_t{copy.main}; });
    while (at != copies_.begin()) {
      if (IsLive(*--at)) return at->main;
    }
    return 0;
  }
  int64_t After(int64_t revision) const {
    auto at =
        std::ranges::upper_bound(copies_, revision, {}, [](const Copy& copy) { return int64_t{copy.main}; });
    at = std::find_if(at, copies_.end(), [this](const Copy& copy) { return IsLive(copy); });
    return at == copies_.end() ? INT64_MAX : at->main;
  }

  const DbSource& source_;
  const std::span<const Copy> copies_;
  std::vector<uint32_t> records_;
  std::vector<Span> spans_;
};

}  // namespace

std::vector<Span> UnreadEntries(const DbSource& source, std::span<const Copy> copies) {
  return Finder(source, copies).Find();
}

}  // namespace etcdmedic::salvage
