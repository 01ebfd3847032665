// SPDX-License-Identifier: Apache-2.0
#include "report/page_map.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "bolt/pending_pages.h"

namespace etcdmedic::report {
namespace {

using bolt::PageUse;

constexpr size_t kMostBuckets = 5;  // with a group of their own

// Errors that do not say that the bytes are wrong to which they point: they are about the file as a whole, or
// about what is missing before.
constexpr diag::Code kOfNoPage[] = {
    diag::Code::kDbSnapshotHash,   diag::Code::kDbFileTruncated,  diag::Code::kDbIndexBehind,
    diag::Code::kDbRevisionBehind, diag::Code::kDbHistoryForeign, diag::Code::kDbAhead,
    diag::Code::kDbBehindSnapshot, diag::Code::kDbBehindLog,      diag::Code::kDbMemberForeign,
    diag::Code::kMvccRevisionGap,  diag::Code::kMvccHistory,      diag::Code::kMvccTerm,
};

uint64_t PagesOf(const bolt::BucketInfo& bucket) { return bucket.branches.pages + bucket.leaves.pages; }

class Mapper {
 public:
  Mapper(Bytes db, const bolt::FileReport& report) : report_(report) {
    map_.page_size = report.metas.page_size;
    map_.pages = std::max<uint64_t>(report.file_pages, report.pages.size());
    Groups();
    group_.resize(map_.pages, Of(PageState::kUnused));
    for (uint64_t page = 0; page < report.pages.size(); ++page) group_[page] = GroupOf(report.pages[page]);
    for (const uint64_t page : FindPendingPages(db, report)) group_[page] = Of(PageState::kPending);
  }

  void Damage(uint64_t offset, uint64_t length) {
    const uint64_t first = offset / map_.page_size, last = (offset + length - 1) / map_.page_size;
    for (uint64_t page = first; page <= last && page < group_.size(); ++page)
      group_[page] = Of(PageState::kDamaged);
  }

  PageMap Finish(size_t most_cells) {
    for (const uint8_t group : group_) ++map_.groups[group].pages;
    const uint64_t shown = report_.pages.size();
    while (shown > map_.pages_a_cell * most_cells) map_.pages_a_cell *= 2;
    for (uint64_t page = 0; page < shown; page += map_.pages_a_cell)
      map_.cells.push_back(CellOf(page, std::min(page + map_.pages_a_cell, shown)));
    DropEmpty();
    return std::move(map_);
  }

 private:
  void Add(PageState state, std::string bucket = {}) {
    of_[static_cast<size_t>(state)] = static_cast<uint8_t>(map_.groups.size());
    map_.groups.push_back({state, std::move(bucket)});
  }

  // The largest buckets get groups of their own.
  void Groups() {
    std::vector<uint16_t> order(report_.buckets.size());
    std::iota(order.begin(), order.end(), uint16_t{0});
    std::ranges::stable_sort(order, std::greater<>(),
                             [&](uint16_t at) { return PagesOf(report_.buckets[at]); });
    Add(PageState::kStructure);
    bucket_group_.assign(report_.buckets.size(), kOthers);
    for (const uint16_t at : order) {
      if (at == 0 || PagesOf(report_.buckets[at]) == 0 || map_.groups.size() > kMostBuckets) continue;
      Add(PageState::kBucket, report_.buckets[at].name);
      bucket_group_[at] = Of(PageState::kBucket);
    }
    for (auto state = PageState::kOtherBuckets; state <= PageState::kUnused;
         state = static_cast<PageState>(static_cast<int>(state) + 1))
      Add(state);
    std::ranges::replace(bucket_group_, kOthers, Of(PageState::kOtherBuckets));
    if (!bucket_group_.empty()) bucket_group_[0] = Of(PageState::kStructure);
  }

  uint8_t Of(PageState state) const { return of_[static_cast<size_t>(state)]; }

  uint8_t GroupOf(const bolt::PageInfo& page) const {
    if (page.use == PageUse::kFree) return Of(PageState::kFree);
    if (page.use == PageUse::kUnreachable) return Of(PageState::kUnreachable);
    if (page.bucket == bolt::PageInfo::kNobody) return Of(PageState::kStructure);
    return page.bucket < bucket_group_.size() ? bucket_group_[page.bucket] : Of(PageState::kOtherBuckets);
  }

  uint8_t CellOf(uint64_t begin, uint64_t end) const {
    std::array<uint32_t, 16> count{};
    for (uint64_t page = begin; page < end; ++page) {
      if (group_[page] == Of(PageState::kDamaged)) return group_[page];
      ++count[group_[page]];
    }
    return static_cast<uint8_t>(std::ranges::max_element(count) - count.begin());
  }

  void DropEmpty() {
    std::vector<uint8_t> now(map_.groups.size());
    std::vector<PageGroup> kept;
    for (size_t i = 0; i < map_.groups.size(); ++i) {
      now[i] = static_cast<uint8_t>(kept.size());
      if (map_.groups[i].pages > 0) kept.push_back(std::move(map_.groups[i]));
    }
    for (uint8_t& cell : map_.cells) cell = now[cell];
    map_.groups = std::move(kept);
  }

  static constexpr uint8_t kOthers = 0xFF;

  const bolt::FileReport& report_;
  PageMap map_;
  std::array<uint8_t, 8> of_{};        // group by state; of kBucket the one added last
  std::vector<uint8_t> bucket_group_;  // by position in the report
  std::vector<uint8_t> group_;         // by page
};

}  // namespace

std::string_view NameOf(PageState state) {
  constexpr std::string_view kNames[] = {"structure", "bucket",      "other-buckets", "pending",
                                         "free",      "unreachable", "damaged",       "unused"};
  return kNames[static_cast<size_t>(state)];
}

std::optional<PageMap> MapPages(Bytes db, const std::string& file, const bolt::FileReport& report,
                                const std::vector<diag::Finding>& findings, size_t most_cells) {
  if (!report.meta) return std::nullopt;
  Mapper mapper(db, report);
  for (const diag::Finding& finding : findings) {
    // One that stands for others spans what is between them too.
    if (finding.where.file != file || finding.severity < diag::Severity::kError || finding.length == 0 ||
        finding.folded > 0 || std::ranges::find(kOfNoPage, finding.code) != std::end(kOfNoPage))
      continue;
    mapper.Damage(finding.where.offset, finding.length);
  }
  return mapper.Finish(most_cells);
}

}  // namespace etcdmedic::report
