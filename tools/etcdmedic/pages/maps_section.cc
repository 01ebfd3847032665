// SPDX-License-Identifier: Apache-2.0
// Pictures of the files: the segments of the log and the pages of the backend.
#include <fmt/format.h>

#include <algorithm>

#include "pages/report_page.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

using report::ByteState;
using report::PageGroup;
using report::PageMap;
using report::PageState;
using report::SegmentMap;

constexpr size_t kMostSegments = 40;
constexpr uint64_t kColumns = 64;  // cells a line of the map
constexpr uint64_t kPitch = 10;    // units from cell to cell

struct StateText {
  std::string_view css_class, text;
};
constexpr StateText kBytes[] = {{"c-live", "records"},
                                {"c-unused", "set aside for records to come"},
                                {"c-history", "overwritten by later entries"},
                                {"c-stray", "stray bytes after the end of the log"},
                                {"c-damaged", "damaged"}};

const StateText& TextOf(ByteState state) { return kBytes[static_cast<size_t>(state)]; }

// The newest segments, and of the others those that are damaged.
std::vector<const SegmentMap*> Chosen(const std::vector<SegmentMap>& segments) {
  std::vector<const SegmentMap*> chosen;
  size_t damaged = 0;
  for (size_t i = 0; i < segments.size(); ++i) {
    const bool newest = i + kMostSegments / 2 >= segments.size();
    const bool shown = segments.size() <= kMostSegments || newest ||
                       (segments[i].damages > 0 && damaged++ < kMostSegments / 2);
    if (shown) chosen.push_back(&segments[i]);
  }
  return chosen;
}

std::string Describe(const SegmentMap& segment) {
  std::string text = render::HumanSize(segment.size);
  if (segment.first_index != 0)
    text += fmt::format(", entries {} to {}", Grouped(segment.first_index), Grouped(segment.last_index));
  text += fmt::format(", {}", Counted(segment.records, "record"));
  if (segment.unused_size > 0) text += fmt::format(", {} unused", render::HumanSize(segment.unused_size));
  if (segment.damages > 0)
    text += fmt::format(", {} damaged in {}", render::HumanSize(segment.damaged_size),
                        Counted(segment.damages, "place"));
  return text;
}

void WriteStrip(html::Writer& page, const SegmentMap& segment) {
  const auto item = page.In("li");
  Name(page, segment.file);
  page.Element("small", Describe(segment));
  html::Picture strip(
      {SegmentMap::kCells, 10, "strip", fmt::format("Segment {}", segment.file), Describe(segment)});
  for (size_t begin = 0, end = 0; begin < segment.cells.size(); begin = end) {
    while (end < segment.cells.size() && segment.cells[end] == segment.cells[begin]) ++end;
    strip.Box(TextOf(segment.cells[begin]).css_class, begin, 0, end - begin, 10);
  }
  strip.Write(page);
}

std::vector<LegendItem> LegendOf(const std::vector<const SegmentMap*>& segments) {
  std::vector<LegendItem> items;
  for (size_t state = 0; state < std::size(kBytes); ++state) {
    const bool seen = std::ranges::any_of(segments, [&](const SegmentMap* segment) {
      return std::ranges::find(segment->cells, static_cast<ByteState>(state)) != segment->cells.end();
    });
    if (seen) items.push_back({kBytes[state].css_class, std::string(kBytes[state].text)});
  }
  return items;
}

// --- pages ---

constexpr std::string_view kBucketClasses[] = {"c-b0", "c-b1", "c-b2", "c-b3", "c-b4"};
constexpr StateText kPages[] = {{"c-structure", "metas, free list, directory of buckets"},
                                {"", ""},
                                {"c-other", "other buckets"},
                                {"c-pending", "freed by the last commit, kept until the next"},
                                {"c-free", "free"},
                                {"c-unreachable", "unreachable"},
                                {"c-damaged", "damaged"},
                                {"c-unused", "never used yet, not drawn"}};

// The classes of the groups: buckets by their order.
std::vector<std::string_view> ClassesOf(const PageMap& map) {
  std::vector<std::string_view> classes;
  size_t buckets = 0;
  for (const PageGroup& group : map.groups)
    classes.push_back(group.state == PageState::kBucket
                          ? kBucketClasses[std::min(buckets++, std::size(kBucketClasses) - 1)]
                          : kPages[static_cast<size_t>(group.state)].css_class);
  return classes;
}

std::string NameOfGroup(const PageGroup& group) {
  return group.state == PageState::kBucket ? fmt::format("bucket {}", group.bucket)
                                           : std::string(kPages[static_cast<size_t>(group.state)].text);
}

void DrawCells(const PageMap& map, const std::vector<std::string_view>& classes, html::Picture& picture) {
  for (uint64_t i = 0; i < map.cells.size(); ++i) {
    const uint64_t x = i % kColumns * kPitch, y = i / kColumns * kPitch;
    const bool damaged = map.groups[map.cells[i]].state == PageState::kDamaged;
    // Told apart without colour too: without a gap, and with a hole.
    picture.Box(classes[map.cells[i]], x, y, damaged ? kPitch : kPitch - 1, damaged ? kPitch : kPitch - 1);
    if (damaged) picture.Box("c-hole", x + 3, y + 3, 4, 4);
  }
}

std::string DescribePages(const PageMap& map) {
  std::string text;
  for (const PageGroup& group : map.groups)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", NameOfGroup(group), Grouped(group.pages));
  return text;
}

std::string ScaleOf(const PageMap& map) {
  const uint64_t bytes = map.pages_a_cell * map.page_size;
  return map.pages_a_cell == 1
             ? fmt::format("A cell is one page of {}.", render::HumanSize(bytes))
             : fmt::format(
                   "A cell is {} pages ({}) and has the colour of most of them; one damaged page makes it "
                   "damaged.",
                   map.pages_a_cell, render::HumanSize(bytes));
}

}  // namespace

void WriteSegments(html::Writer& page, const ReportedMember& member, const std::string& id, int level) {
  const std::vector<SegmentMap>& segments = member.gathered.segments;
  if (segments.empty()) return;
  const Section section(page, level, "Segments of the log", id);
  const std::vector<const SegmentMap*> chosen = Chosen(segments);
  Legend(page, LegendOf(chosen));
  {
    const auto list = page.In("ol", {{"class", "strips"}});
    for (const SegmentMap* segment : chosen) WriteStrip(page, *segment);
  }
  if (chosen.size() < segments.size())
    page.Element("p", fmt::format("{} that are sound and older are not shown.",
                                  Counted(segments.size() - chosen.size(), "segment")));
}

void WritePages(html::Writer& page, const ReportedMember& member, const std::string& id, int level) {
  if (!member.gathered.pages) return;
  const PageMap& map = *member.gathered.pages;
  const Section section(page, level, "Pages of the backend", id);
  const std::vector<std::string_view> classes = ClassesOf(map);
  std::vector<LegendItem> items;
  for (size_t i = 0; i < map.groups.size(); ++i) {
    const uint64_t pages = map.groups[i].pages;
    items.push_back(
        {classes[i], NameOfGroup(map.groups[i]),
         fmt::format("{}, {}", Counted(pages, "page"), render::HumanSize(pages * map.page_size))});
  }
  Legend(page, items);
  const uint64_t lines = (map.cells.size() + kColumns - 1) / kColumns;
  html::Picture picture({.width = kColumns * kPitch,
                         .height = std::max<uint64_t>(lines, 1) * kPitch,
                         .css_class = "map",
                         .title = "Map of the pages",
                         .description = DescribePages(map),
                         .stretches = false});
  DrawCells(map, classes, picture);
  picture.Write(page);
  Axis(page, "page 0", ScaleOf(map),
       fmt::format("page {}", Grouped(std::min(map.cells.size() * map.pages_a_cell, map.pages) - 1)));
}

}  // namespace etcdmedic::tool
