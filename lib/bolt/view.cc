// SPDX-License-Identifier: Apache-2.0
#include "bolt/view.h"

#include <fmt/format.h>

#include <algorithm>

#include "bolt/metas.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;

// More than any release of etcd has.
constexpr uint32_t kMostBuckets = 64;

bool HoldsOnlyBuckets(const Node& node) {
  Element element;
  if (node.count > kMostBuckets) return false;
  for (uint32_t i = 0; i < node.count; ++i) {
    if (!ReadElement(node, i, element) || !element.is_bucket || element.value.size() < kBucketHeaderSize)
      return false;
  }
  return node.leaf && node.count > 0;
}

// Without a meta page the state is told from the pages themselves.
std::optional<Meta> MetaFromPages(Pages pages) {
  const auto roots = SearchRoots(pages);
  if (roots.empty()) return std::nullopt;
  return Meta{pages.page_size, roots.front(), kNoFreelist, pages.whole() + 1, 0};
}

}  // namespace

std::optional<View> View::Open(Bytes db, const std::string& file, diag::FindingSink& sink,
                               const OpenOptions& options) {
  db = db.first(SizeWithoutTrailer(db.size()));
  const Metas metas = ReadMetas(db);
  const std::optional<int> chosen = options.meta ? options.meta : metas.active;
  ReportMetas(db, metas, file, sink);
  View view;
  view.pages_ = {db, metas.page_size, 0};
  view.reporter_ = std::make_shared<Reporter>(file, sink);
  if (chosen && metas.pages[*chosen].valid()) {
    view.meta_ = metas.pages[*chosen].meta;
  } else if (const auto found =
                 options.search_root && !metas.active ? MetaFromPages(view.pages_) : std::nullopt) {
    view.meta_ = *found;
  } else {
    return std::nullopt;
  }
  // A mark that the root itself denies limits nothing.
  view.pages_.high_water = view.meta_.root < view.meta_.high_water ? view.meta_.high_water : 0;
  return view;
}

Cursor View::Over(std::string bucket, std::vector<Subtree> roots) const {
  return Cursor(pages_, reporter_, std::move(bucket), std::move(roots));
}

Cursor View::Buckets() const { return Over("", {{meta_.root, false, {}, {}, {}}}); }

std::optional<Cursor> View::Enter(const Cursor& at) const {
  if (!at.valid() || !at.is_bucket()) return std::nullopt;
  if (!at.bucket().empty()) {
    reporter_->Add(Code::kDbBucket, pages_.OffsetOf(at.value()), at.value().size(),
                   fmt::format("{} calls {} a bucket; those of etcd do not nest", BucketText(at.bucket()),
                               FormatKey(at.key())));
    return std::nullopt;
  }
  const std::string name(AsText(at.key()));
  if (at.value().size() < kBucketHeaderSize) {
    reporter_->Add(Code::kDbBucket, pages_.OffsetOf(at.value()), at.value().size(),
                   fmt::format("bucket {} has a header of {} bytes", FormatKey(at.key()), at.value().size()));
    return std::nullopt;
  }
  const auto root = LoadLittle<uint64_t>(at.value(), 0);
  if (root != 0) return Over(name, {{root, false, {}, {}, {}}});
  NodeRead read = ReadInline(at.page(), at.value());
  if (read.fault != NodeFault::kNone) {
    reporter_->Add(Code::kDbBucket, pages_.OffsetOf(at.value()), at.value().size(),
                   fmt::format("inline bucket {}: {}", FormatKey(at.key()), read.what));
  }
  if (!read.usable) return std::nullopt;
  return Over(name, {{0, true, read.node, {}, {}}});
}

std::optional<Cursor> View::CursorOf(std::string_view bucket) const {
  Cursor buckets = Buckets();
  if (buckets.Seek(bucket) && AsText(buckets.key()) == bucket) return Enter(buckets);
  // Where the directory is damaged a search may miss what a walk finds.
  for (bool more = buckets.First(); more; more = buckets.Next()) {
    if (AsText(buckets.key()) == bucket) return Enter(buckets);
  }
  return std::nullopt;
}

bool View::ForEach(std::string_view bucket, const EachEntry& each) const {
  auto cursor = CursorOf(bucket);
  if (!cursor) return false;
  for (bool more = cursor->First(); more; more = cursor->Next()) {
    if (!each(cursor->key(), cursor->value())) break;
  }
  return !cursor->damaged();
}

std::optional<Bytes> View::LastKey(std::string_view bucket) const {
  auto cursor = CursorOf(bucket);
  if (!cursor || !cursor->Last()) return std::nullopt;
  return cursor->key();
}

std::vector<uint64_t> SearchRoots(const Pages& pages) {
  struct Candidate {
    std::string last;  // the greatest key of its greatest bucket
    uint64_t page = 0;
  };
  diag::FindingList unused;
  const auto reporter = std::make_shared<Reporter>("", unused);
  std::vector<Candidate> candidates;
  for (uint64_t id = 2; id < pages.whole(); ++id) {
    const PageHeader header = HeaderAt(pages.db, id * pages.page_size);
    if (header.id != id || header.flags != kLeafPage) continue;
    const NodeRead read = pages.Read(id);
    if (!read.usable || !HoldsOnlyBuckets(read.node)) continue;
    Candidate candidate{"", id};
    Element element;
    for (uint32_t i = 0; i < read.node.count && ReadElement(read.node, i, element); ++i) {
      const auto root = LoadLittle<uint64_t>(element.value, 0);
      if (root == 0) continue;
      Cursor cursor(pages, reporter, "", {{root, false, {}, {}, {}}});
      if (cursor.Last()) candidate.last = std::max(candidate.last, std::string(AsText(cursor.key())));
    }
    candidates.push_back(std::move(candidate));
  }
  std::ranges::stable_sort(candidates, [](const auto& a, const auto& b) { return a.last > b.last; });
  std::vector<uint64_t> roots;
  for (const Candidate& candidate : candidates) roots.push_back(candidate.page);
  return roots;
}

}  // namespace etcdmedic::bolt
