// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <set>

#include "bolt/heal_page.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

constexpr std::string_view kBuckets[] = {"alarm", "auth",  "authRoles", "authUsers",       "cluster",
                                         "key",   "lease", "members",   "members_removed", "meta"};

bool OneBitApart(std::string_view a, std::string_view b) {
  int bits = a.size() == b.size() ? 0 : 2;
  for (size_t i = 0; i < a.size() && bits < 2; ++i)
    bits += std::popcount(static_cast<unsigned>(static_cast<unsigned char>(a[i] ^ b[i])));
  return bits == 1;
}

}  // namespace

void HealPages(Draft& draft) {
  if (!draft.state.db->meta) return;
  constexpr Code kOfPage[] = {Code::kDbPageId,       Code::kDbPageType, Code::kDbPageCount,
                              Code::kDbPageOverflow, Code::kDbElement,  Code::kDbBucket};
  const bolt::Metas& metas = draft.state.db->metas;
  const bolt::Meta& meta = metas.pages[*metas.active].meta;
  const Bytes db = Db(draft).first(bolt::SizeWithoutTrailer(Db(draft).size()));
  const bolt::Pages pages{db, metas.page_size, meta.high_water};
  std::set<uint64_t> ids;
  for (const diag::Finding& finding : draft.report.findings) {
    if (std::ranges::find(kOfPage, finding.code) != std::end(kOfPage))
      ids.insert(finding.where.offset / metas.page_size);
  }
  std::vector<Edit> edits;
  std::string names;
  for (const uint64_t id : ids) {
    auto head = bolt::HealPage(pages, id, id == meta.root);
    if (!head) return;
    if (AsText(db.subspan(id * metas.page_size, head->size())) == *head) continue;
    edits.push_back(WriteEdit(DbName(draft), Db(draft), id * metas.page_size, std::move(*head)));
    names += (names.empty() ? "" : ", ") + std::to_string(id);
  }
  if (edits.empty()) return;
  draft.Add(WayTo(draft, fmt::format("put header and elements of page {} of db right", names),
                  "a page's id is its place, and its data stands without gaps, which tells type, number, "
                  "positions and sizes of its elements",
                  std::move(edits)));
}

// A bucket under a name that is one bit from the name of one that is missing.
void HealNames(Draft& draft) {
  if (!draft.state.db->meta) return;
  diag::FindingList found;
  const auto view = bolt::View::Open(Db(draft), DbName(draft), found);
  if (!view) return;
  std::set<std::string_view> present;
  auto cursor = view->Buckets();
  for (bool more = cursor.First(); more; more = cursor.Next()) present.insert(AsText(cursor.key()));
  std::vector<Edit> edits;
  std::string names;
  for (const std::string_view name : present) {
    for (const std::string_view known : kBuckets) {
      if (present.contains(known) || !OneBitApart(name, known)) continue;
      edits.push_back(
          WriteEdit(DbName(draft), Db(draft), view->pages().OffsetOf(AsBytes(name)), std::string(known)));
      names += (names.empty() ? "" : ", ") + std::string(known);
    }
  }
  if (edits.empty()) return;
  draft.Add(WayTo(draft, fmt::format("flip one bit back in the name of bucket {} of db", names),
                  "etcd always has a bucket of that name and never one of the other", std::move(edits)));
}

// The term beside consistent_index, where the log proves the records and has another term for that entry.
void HealTerm(Draft& draft) {
  if (!Found(draft, {Code::kMvccTerm}) || !draft.RecordsProven()) return;
  const uint64_t applied = draft.Applied();
  const auto term = draft.state.log.TermAt(applied);
  diag::FindingList found;
  const auto view = bolt::View::Open(Db(draft), DbName(draft), found);
  const auto place = view ? NumberInMeta(*view, "term") : std::nullopt;
  if (!term || !place) return;
  draft.Add(WayTo(
      draft, fmt::format("set meta/term of db to {}", *term),
      fmt::format("entry {}, which the backend applied last, is of that term in the log, and the log proves "
                  "the backend's records",
                  applied),
      {WriteEdit(DbName(draft), Db(draft), view->pages().OffsetOf(*place), BigEndian(*term))}));
}

}  // namespace etcdmedic::plan
