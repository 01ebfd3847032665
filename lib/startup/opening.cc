// SPDX-License-Identifier: Apache-2.0
#include "startup/opening.h"

#include <algorithm>

#include "startup/opening_walk.h"

namespace etcdmedic::startup {

using diag::Code;

std::optional<OpenFault> OpeningWalk::Overlooked(const Reachable& in_use) const {
  if (unfound_ > 0) {
    return OpenFault{
        Code::kDbKeyOrder, "",
        fmt::format("bbolt does not see that keys are out of order, and does not find {} of them", unfound_)};
  }
  const auto listed = std::ranges::find_if(listed_, [&](uint64_t id) { return in_use.Has(id); });
  if (listed != listed_.end()) {
    return OpenFault{
        Code::kDbFreelistInUse, "",
        fmt::format("the freelist names page {}, which is in use: it will be overwritten", *listed)};
  }
  const bool wild = !listed_.empty() && (listed_.front() <= 1 || listed_.back() > meta_.high_water);
  if (wild) {
    return OpenFault{
        Code::kDbFreelistId, "",
        "the freelist names pages that do not exist; sooner or later a write uses one"};
  }
  for (uint64_t id = given_back_.id; given_back_.id != 0 && id <= given_back_.id + given_back_.overflow;
       ++id) {
    if (!in_use.Has(id)) continue;
    return OpenFault{
        Code::kDbFreelist, "",
        fmt::format("the first write frees page {} with the freelist, and it is in use", id)};
  }
  const auto free = std::ranges::find_if(used_, [&](uint64_t id) { return !reachable_.Has(id); });
  if (!walked_ || free == used_.end()) return std::nullopt;
  return OpenFault{
      Code::kDbPageId, "",
      fmt::format("bbolt takes page {} for free, as it has another page's id: it will be overwritten", *free)};
}

std::optional<OpenFault> OpeningWalk::FirstWrite() const {
  if (stale_) {
    return OpenFault{
        Code::kDbKeyOrder, "",
        fmt::format("the separator that leads to page {} is not its first key: a write to the page leaves "
                    "the old reference behind, to a page that is then used for something else",
                    *stale_)};
  }
  if (!too_long_) return std::nullopt;
  return OpenFault{
      Code::kDbPageOverflow, "",
      fmt::format("page {} says that {} pages more belong to it, beyond the high water mark {}: a "
                  "write that replaces it gives them out, and etcd panics",
                  too_long_->id, too_long_->overflow, meta_.high_water)};
}

namespace {

// How far opening goes that walks the tree, whatever the meta says of a list.
OpeningWalk Walked(Release release, Bytes db, const bolt::Meta& meta) {
  OpeningWalk walk(release, db, meta);
  walk.FreePages();
  return walk;
}

}  // namespace

Opening OpenAs(Release release, Bytes db, const bolt::Metas& metas) {
  Opening opening;
  if (!metas.active) return opening;
  const bolt::Meta& meta = metas.pages[*metas.active].meta;
  OpeningWalk walk(release, db, meta);
  const bool listed = meta.freelist != bolt::kNoFreelist;
  if (!(listed ? walk.ReadFreelist() : walk.FreePages()) || !walk.ReadAll()) {
    opening.fault = walk.fault();
    return opening;
  }
  if (!listed) {
    opening.overlooked = walk.Overlooked(walk.reachable());
    opening.first_write = walk.FirstWrite();
    return opening;
  }
  const OpeningWalk newest = Walked(Release::k14, db, meta);
  opening.overlooked = walk.Overlooked(newest.reachable());
  opening.first_write = newest.FirstWrite();
  if (!opening.overlooked && newest.fault()) {
    opening.overlooked = newest.fault();
    opening.overlooked->explanation =
        "bbolt trusts the freelist and does not walk the tree, so it does not see: " +
        (newest.fault()->message.empty() ? newest.fault()->explanation : newest.fault()->message);
  }
  return opening;
}

}  // namespace etcdmedic::startup
