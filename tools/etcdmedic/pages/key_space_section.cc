// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "pages/report_page.h"
#include "render/text.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

using report::Grouping;
using report::KeySpace;
using report::LargeKey;
using report::RevisionBar;
using report::SpaceGroup;

struct GroupingText {
  std::string_view title, column, none;
};
constexpr GroupingText kKinds{"By resource", "Resource", "not of Kubernetes"};
constexpr GroupingText kNamespaces{"By namespace", "Namespace", "without a namespace"};
constexpr GroupingText kPrefixes{"By prefix", "Prefix", "without a slash"};

void WriteUse(PageTable::Row& row, const objects::SpaceUse& use, uint64_t greatest) {
  row.Number(use.keys)
      .Size(use.size)
      .Number(use.revisions)
      .Size(use.history)
      .Bar(use.size, use.history, greatest);
}

void WriteGrouping(html::Writer& page, const Grouping& grouping, const GroupingText& text,
                   const std::string& id, int level) {
  const Section section(page, level, text.title, id);
  PageTable table(
      page, fmt::format("{}: room that keys take", text.title),
      {{text.column}, {"Keys", true}, {"Now", true}, {"Revisions", true}, {"With history", true}, {"Share"}});
  uint64_t greatest = grouping.others.history;
  for (const SpaceGroup& group : grouping.largest) greatest = std::max(greatest, group.use.history);
  for (const SpaceGroup& group : grouping.largest) {
    PageTable::Row row(table);
    group.name.empty() ? row.Text(text.none) : row.Name(group.name);
    WriteUse(row, group.use, greatest);
  }
  if (grouping.left_out == 0) return;
  PageTable::Row row(table);
  row.Text(fmt::format("{} more", Grouped(grouping.left_out)));
  WriteUse(row, grouping.others, greatest);
}

void DrawBar(html::Picture& picture, uint64_t at, const RevisionBar& bar, uint64_t greatest,
             uint64_t height) {
  uint64_t y = height;
  for (const auto& [css_class, count] : {std::pair("c-live", bar.live), std::pair("c-history", bar.history),
                                         std::pair("c-deleted", bar.deleted)}) {
    if (count == 0) continue;
    const auto share =
        static_cast<double>(count) / static_cast<double>(greatest) * static_cast<double>(height);
    const uint64_t tall = std::min(y, std::max<uint64_t>(1, static_cast<uint64_t>(share)));
    y -= tall;
    picture.Box(css_class, at * 10, y, 9, tall);
  }
}

void WriteHistogram(html::Writer& page, const KeySpace& keys, const std::string& id, int level) {
  const std::vector<RevisionBar>& bars = keys.histogram.bars();
  uint64_t greatest = 0, live = 0, history = 0, deleted = 0;
  for (const RevisionBar& bar : bars) {
    greatest = std::max(greatest, bar.total());
    live += bar.live, history += bar.history, deleted += bar.deleted;
  }
  if (greatest == 0) return;
  const Section section(page, level, "Revisions", id);
  Legend(page,
         {{"c-live", "newest of a key that exists", Grouped(live)},
          {"c-history", "history", Grouped(history)},
          {"c-deleted", "deletions", Grouped(deleted)},
          {"c-mark", "compacted to", keys.compact_revision > 0 ? Grouped(keys.compact_revision) : "never"}});
  constexpr uint64_t kHeight = 300;
  const int64_t first = bars.front().first, last = bars.back().last;
  html::Picture picture(
      {bars.size() * 10, kHeight, "histogram", fmt::format("Retained revisions from {} to {}", first, last),
       fmt::format("{} newest of keys that exist, {} in history, {} deletions", live, history, deleted)});
  for (size_t i = 0; i < bars.size(); ++i) {
    DrawBar(picture, i, bars[i], greatest, kHeight);
    const bool compacted = bars[i].first <= keys.compact_revision && keys.compact_revision <= bars[i].last;
    if (compacted) picture.Box("c-mark", i * 10 + 9, 0, 1, kHeight);
  }
  picture.Write(page);
  const int64_t width = bars.front().last - bars.front().first + 1;
  Axis(page, Grouped(first),
       fmt::format("{} a bar, {} at most", Counted(static_cast<uint64_t>(width), "revision number"),
                   Counted(greatest, "change")),
       Grouped(last));
}

void WriteKeys(html::Writer& page, const std::vector<LargeKey>& keys, std::string_view title,
               const std::string& id, int level) {
  if (keys.empty()) return;
  const Section section(page, level, title, id);
  PageTable table(
      page, title,
      {{"Key"}, {"Value", true}, {"Revisions", true}, {"With history", true}, {"Changed at", true}});
  for (const LargeKey& key : keys) {
    PageTable::Row row(table);
    row.Name(key.key).Size(key.value_size).Number(key.revisions).Size(key.history).Number(key.mod_revision);
  }
}

void WriteLeases(html::Writer& page, const KeySpace& keys, const std::string& id, int level) {
  if (keys.lease_count == 0) return;
  const Section section(page, level, "Leases", id);
  page.Element("p", keys.unknown_lease_count == 0
                        ? fmt::format("{}.", Counted(keys.lease_count, "lease"))
                        : fmt::format("{}, of which {} do not exist: keys name them, and never expire.",
                                      Counted(keys.lease_count, "lease"), keys.unknown_lease_count));
  PageTable table(page, "Leases, those with most keys first",
                  {{"Lease"}, {"Seconds", true}, {"Left", true}, {"Keys", true}, {"The first key"}});
  for (const mvcc::Lease& lease : keys.leases) {
    PageTable::Row row(table);
    row.Code(Hex(static_cast<uint64_t>(lease.id)));
    lease.known ? row.Number(lease.ttl) : row.Text("no such lease");
    lease.remaining_ttl > 0 ? row.Number(lease.remaining_ttl) : row.Text("");
    row.Number(uint64_t{lease.keys.size()});
    row.Name(lease.keys.empty() ? std::string_view() : lease.keys.front());
  }
}

}  // namespace

void WriteKeySpace(html::Writer& page, const KeySpace& keys, const std::string& id, int level) {
  {
    const Section section(page, level, "What fills the key space", id + "space");
    Legend(page, {{"c-live", "now"}, {"c-history", "with history"}});
    if (keys.is_kubernetes()) {
      WriteGrouping(page, keys.kinds, kKinds, id + "kinds", level + 1);
      WriteGrouping(page, keys.namespaces, kNamespaces, id + "namespaces", level + 1);
    } else {
      WriteGrouping(page, keys.prefixes, kPrefixes, id + "prefixes", level + 1);
    }
  }
  WriteHistogram(page, keys, id + "revisions", level);
  WriteKeys(page, keys.largest, "Largest values", id + "largest", level);
  WriteKeys(page, keys.rewritten, "Keys with most history", id + "rewritten", level);
  WriteLeases(page, keys, id + "leases", level);
}

}  // namespace etcdmedic::tool
