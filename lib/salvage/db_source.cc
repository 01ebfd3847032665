// SPDX-License-Identifier: Apache-2.0
#include "salvage/db_source.h"

#include <algorithm>

#include "bolt/view.h"
#include "diag/finding.h"
#include "mvcc/auth.h"
#include "mvcc/lease.h"
#include "mvcc/revision.h"

namespace etcdmedic::salvage {
namespace {

using bolt::View;
using diag::Code;

constexpr const char* kSmallBuckets[] = {"alarm", "auth",    "authRoles",       "authUsers", "cluster",
                                         "lease", "members", "members_removed", "meta"};
constexpr Span kEverything{0, INT64_MAX};

Span SpanOf(const bolt::LostKeys& lost) {
  const auto main = [](Bytes key, int64_t otherwise) {
    const auto id = mvcc::ParseRevisionKey(key);
    return id ? id->revision.main : otherwise;
  };
  return {main(lost.low, 0), main(lost.high, INT64_MAX)};
}

// Walks bucket `key` of one state and marks its leaves.
class TreeMarker {
 public:
  TreeMarker(DbSource& source, PageUse use) : source_(source), use_(use) {}

  // What could not be reached.
  std::vector<Span> Mark(const View& view, const diag::FindingList& found) {
    auto cursor = view.CursorOf("key");
    if (!cursor) return {kEverything};
    uint64_t page = 0;
    for (bool more = cursor->First(); more; more = cursor->Next()) {
      if (cursor->page() != page) MarkLeaf(page = cursor->page());
    }
    std::vector<Span> lost;
    for (const bolt::LostKeys& keys : cursor->lost()) lost.push_back(SpanOf(keys));
    // Of a page that counts its elements wrongly some may be missing that no range names.
    for (const diag::Finding& finding : found.items) {
      if (finding.code != Code::kDbPageCount) continue;
      const bool last = finding.where.offset / source_.scan.pages.page_size == page;
      lost.push_back({0, last ? INT64_MAX : INT64_MAX - 1});
    }
    return lost;
  }

 private:
  void MarkLeaf(uint64_t page) {
    std::vector<PageUse>& uses = source_.scan.uses;
    if (page >= uses.size() || uses[page] == PageUse::kLive) return;
    uses[page] = use_;
    const bolt::NodeRead read = source_.scan.pages.Read(page);
    const uint64_t pages = read.usable ? bolt::PagesNeeded(read.node, source_.scan.pages.page_size) : 1;
    for (uint64_t i = 1; i < pages && page + i < uses.size(); ++i) {
      if (uses[page + i] == PageUse::kUnused) uses[page + i] = PageUse::kInside;
    }
  }

  DbSource& source_;
  const PageUse use_;
};

// Whether etcd can read the entry. It refuses to start with a lease, a user or a role that it cannot.
bool IsReadable(std::string_view bucket, Bytes key, Bytes value) {
  return bucket == "lease" ? mvcc::IsLease(key, value) : mvcc::IsAuthEntry(bucket, key, value);
}

void ReadBuckets(const View& view, bool newest, DbSource& source) {
  for (const char* const name : kSmallBuckets) {
    SmallBucket& kept = source.buckets[name];
    if (kept.complete) continue;
    SmallBucket read;
    read.newest = newest;
    bool readable = true;
    read.complete = view.ForEach(name, [&](Bytes key, Bytes value) {
      if (IsReadable(name, key, value))
        read.entries.emplace(AsText(key), AsText(value));
      else
        readable = false;
      return true;
    }) && readable;
    if (read.complete || read.entries.size() > kept.entries.size()) kept = std::move(read);
  }
}

int64_t RevisionIn(const bolt::EntriesByKey& meta, std::string_view name) {
  const auto found = meta.find(name);
  const auto id = found == meta.end() ? std::nullopt : mvcc::ParseRevisionKey(AsBytes(found->second));
  return id ? id->revision.main : -1;
}

void ReadMeta(DbSource& source) {
  const bolt::EntriesByKey& meta = source.buckets["meta"].entries;
  source.compacted =
      std::max(RevisionIn(meta, "finishedCompactRev"), RevisionIn(meta, "scheduledCompactRev"));
  const auto index = meta.find(std::string_view("consistent_index"));
  if (index != meta.end() && index->second.size() == 8)
    source.consistent_index = bolt::LoadBig(AsBytes(index->second));
}

// The states to begin with, the newest first.
std::vector<bolt::OpenOptions> StatesOf(const bolt::Metas& metas) {
  if (!metas.active) return {{.meta = std::nullopt, .search_root = true}};
  std::vector<bolt::OpenOptions> states{{.meta = metas.active}};
  if (metas.pages[1 - *metas.active].valid()) states.push_back({.meta = 1 - *metas.active});
  return states;
}

}  // namespace

bool DbSource::Lost(int64_t revision) const {
  return std::ranges::any_of(
      lost, [&](const Span& span) { return span.first <= revision && revision <= span.last; });
}

DbSource OpenDbSource(Bytes bytes, std::string name, uint8_t number, bool proven) {
  DbSource source;
  source.name = std::move(name);
  source.bytes = bytes.first(bolt::SizeWithoutTrailer(bytes.size()));
  source.proven = proven;
  const bolt::Metas metas = bolt::ReadMetas(source.bytes);
  source.newest_meta = metas.pages[0].valid() && metas.pages[1].valid();
  source.scan.pages = {source.bytes, metas.page_size, 0};
  source.scan.uses.assign(source.scan.pages.whole() + 1, PageUse::kUnused);
  source.scan.source = number;
  source.scan.proven = proven;
  if (metas.active) source.scan.high_water = metas.pages[*metas.active].meta.high_water;
  source.lost = {kEverything};
  bool newest = true;
  for (const bolt::OpenOptions& state : StatesOf(metas)) {
    diag::FindingList found;
    const auto view = View::Open(source.bytes, source.name, found, state);
    if (!view) continue;
    source.readable = true;
    // Where no meta page is valid, what is found is a state, but not known to be the newest.
    const bool live = newest && metas.active;
    auto lost = TreeMarker(source, live ? PageUse::kLive : PageUse::kOlder).Mark(*view, found);
    if (live) source.lost = std::move(lost);
    ReadBuckets(*view, newest, source);
    newest = false;
  }
  ReadMeta(source);
  return source;
}

}  // namespace etcdmedic::salvage
