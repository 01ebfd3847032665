// SPDX-License-Identifier: Apache-2.0
// The copies of all sources in one order, and the source that tells what is still in use.
#pragma once

#include <vector>

#include "salvage/db_source.h"

namespace etcdmedic::salvage {

// Every copy of every record, by revision, of each revision the best first (Copy::Rank). On `threads` threads
// (0: one a core). Entries of the newest state that are not records join what the sources have lost.
std::vector<Copy> FindCopies(std::vector<DbSource>& sources, unsigned threads);

// The source that etcd has brought furthest, by its consistent index; null where there is none.
const DbSource* PrimaryOf(const std::vector<DbSource>& sources);

// The copies of one revision after another, in the order of revisions: calls each(copies).
template <class Any, class Each>
void ForEachRevision(std::span<Any> copies, const Each& each) {
  for (size_t begin = 0; begin < copies.size();) {
    size_t end = begin + 1;
    while (end < copies.size() && copies[end].Revision() == copies[begin].Revision()) ++end;
    each(copies.subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace etcdmedic::salvage
