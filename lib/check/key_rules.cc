// SPDX-License-Identifier: Apache-2.0
#include "check/key_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/parallel.h"
#include "keyspace/key_checker.h"

namespace etcdmedic::check {
namespace {

constexpr size_t kPagesForThreads = 256;  // in the file; below that a thread costs more than it gains

// The revisions that may have been in keys [low, high) of the bucket; empty bounds are open.
keyspace::RevisionSpan SpanOf(const bolt::LostKeys& lost) {
  const auto low = mvcc::ParseRevisionKey(lost.low), high = mvcc::ParseRevisionKey(lost.high);
  return {low ? low->revision.main : 0, high ? high->revision.main + (high->revision.sub > 0 ? 1 : 0)
                                             : std::numeric_limits<int64_t>::max()};
}

}  // namespace

void CheckKeys(const mvcc::Store& store, diag::FindingSink& sink) {
  keyspace::KeyChecker pass(store);
  std::vector<bolt::Cursor> cursors;
  if (const auto cursor = store.view().CursorOf("key"))
    cursors = cursor->Split(PartsOf(store.view().pages().whole(), kPagesForThreads));
  pass.Begin(cursors.size());
  InParallel(cursors.size(), std::max<size_t>(cursors.size(), 1), [&](size_t, size_t begin, size_t end) {
    for (size_t part = begin; part < end; ++part) {
      bolt::Cursor& cursor = cursors[part];
      for (bool more = cursor.First(); more; more = cursor.Next())
        pass.OnEntry(part, cursor.key(), cursor.value());
    }
  });
  std::vector<keyspace::RevisionSpan> lost;
  for (const bolt::Cursor& cursor : cursors) {
    for (const bolt::LostKeys& each : cursor.lost()) lost.push_back(SpanOf(each));
  }
  pass.Finish(std::move(lost), sink);
}

void CheckSeparators(const bolt::FileReport& pages, const mvcc::Store& store, diag::FindingSink& sink) {
  const auto bucket = std::ranges::find(pages.buckets, "key", &bolt::BucketInfo::name);
  const auto number = static_cast<uint16_t>(bucket - pages.buckets.begin());
  for (uint64_t page = 0; bucket != pages.buckets.end() && page < pages.pages.size(); ++page) {
    if (pages.pages[page].use != bolt::PageUse::kBranch || pages.pages[page].bucket != number) continue;
    const bolt::NodeRead read = store.view().pages().Read(page);
    bolt::Element element;
    for (uint32_t i = 0; read.usable && i < read.node.count; ++i) {
      if (!ReadElement(read.node, i, element) || mvcc::ParseRevisionKey(element.key)) continue;
      sink.Add({diag::Code::kMvccSeparator,
                {store.file(), store.OffsetOf(element.key)},
                element.key.size(),
                fmt::format("element {} of branch page {} is not a revision", i, page)});
    }
  }
}

}  // namespace etcdmedic::check
