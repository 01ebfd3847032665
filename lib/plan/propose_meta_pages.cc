// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "plan/backend_ways.h"
#include "plan/edit.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

constexpr size_t kMostRoots = 8;  // candidates for the directory of buckets that are tried

// The one bit whose flip makes the page's checksum fit; nothing where there is none.
std::optional<Edit> OneBit(const Draft& draft, const bolt::MetaPage& page) {
  const uint64_t begin = page.offset + bolt::kHeaderSize;
  if (page.valid() || begin + bolt::kMetaSize > Db(draft).size()) return std::nullopt;
  std::string body(AsText(Db(draft).subspan(begin, bolt::kMetaSize)));
  for (size_t bit = 0; bit < body.size() * 8; ++bit) {
    const char was = body[bit / 8];
    body[bit / 8] = static_cast<char>(was ^ (1 << bit % 8));
    if (bolt::ReadMeta(AsBytes(body)).valid())
      return WriteEdit(DbName(draft), Db(draft), begin + bit / 8, body.substr(bit / 8, 1));
    body[bit / 8] = was;
  }
  return std::nullopt;
}

// The page that the newer meta page names as the directory of buckets is not one.
bool DirectoryIsLost(const Draft& draft) {
  const bolt::Metas& metas = draft.state.db->metas;
  const bolt::Meta& meta = metas.pages[*metas.active].meta;
  const bolt::NodeRead read = bolt::Pages{Db(draft), metas.page_size, meta.high_water}.Read(meta.root);
  return !read.usable || read.fault != bolt::NodeFault::kNone;
}

}  // namespace

Edit MetaEdit(const Draft& draft, int slot, const bolt::Meta& meta) {
  const bolt::PageHeader header{static_cast<uint64_t>(slot), bolt::kMetaPage, 0, 0};
  return WriteEdit(DbName(draft), Db(draft), slot == 0 ? 0 : draft.state.db->metas.page_size,
                   bolt::EncodeHeader(header) + bolt::EncodeMeta(meta));
}

void HealMetaBits(Draft& draft) {
  std::vector<Edit> edits;
  std::string places;
  for (const bolt::MetaPage& page : draft.state.db->metas.pages) {
    auto edit = OneBit(draft, page);
    if (!edit) continue;
    places += (places.empty() ? "" : " and ") + std::to_string(edit->offset);
    edits.push_back(std::move(*edit));
  }
  if (edits.empty()) return;
  draft.Add(WayTo(draft, fmt::format("flip one bit back at {} of db, in a meta page", places),
                  "it is the only bit whose flip makes the page's checksum fit", std::move(edits)));
}

// One page from the other: what bbolt does itself with its next transaction.
void CopyMeta(Draft& draft) {
  const bolt::Metas& metas = draft.state.db->metas;
  if (!metas.active || metas.pages[1 - *metas.active].valid()) return;
  const int bad = 1 - *metas.active;
  draft.Add(WayTo(
      draft, fmt::format("write meta page {} of db again, from page {}", bad, *metas.active),
      "the other meta page is valid, everything that it leads to is sound, and etcd opens the db with it",
      {MetaEdit(draft, bad, metas.pages[*metas.active].meta)}));
}

// A list of free pages is not needed: bbolt makes one from what is in use.
void DropFreelist(Draft& draft) {
  const bolt::Metas& metas = draft.state.db->metas;
  if (!metas.active || !Found(draft, {Code::kDbFreelist, Code::kDbFreelistId, Code::kDbFreelistInUse,
                                      Code::kDbMetaImplausible}))
    return;
  bolt::Meta meta = metas.pages[*metas.active].meta;
  meta.freelist = bolt::kNoFreelist;
  if (draft.Add(
          WayTo(draft, "leave the free list of db out, in its newer meta page",
                "etcd lists the free pages again when it opens a db without a list: all that no bucket uses",
                {MetaEdit(draft, *metas.active, meta)})))
    return;
  if (!Found(draft, {Code::kDbMetaImplausible})) return;
  meta.high_water = draft.state.db->file_pages;
  draft.Add(WayTo(
      draft, fmt::format("set the high water mark of db to {}, in its newer meta page", meta.high_water),
      "the file has so many pages; with them every bucket is sound", {MetaEdit(draft, *metas.active, meta)}));
}

// Where no meta page leads to a tree: the directory of buckets is found by what it looks like.
void FindRoot(Draft& draft) {
  const bolt::Metas& metas = draft.state.db->metas;
  if (metas.active && !Found(draft, {Code::kDbMetaImplausible}) && !DirectoryIsLost(draft)) return;
  const Bytes db = Db(draft).first(bolt::SizeWithoutTrailer(Db(draft).size()));
  const bolt::Pages pages{db, metas.page_size, 0};
  size_t tried = 0;
  for (const uint64_t root : bolt::SearchRoots(pages)) {
    if (++tried > kMostRoots) return;
    const bolt::Meta meta{metas.page_size, root, bolt::kNoFreelist, pages.whole(), 1};
    std::vector<Edit> edits;
    for (const int slot : {0, 1}) edits.push_back(MetaEdit(draft, slot, meta));
    Step step = WayTo(
        draft,
        fmt::format("write both meta pages of db again, with the directory of buckets at page {}", root),
        "the page holds nothing but etcd's buckets, and every page below it is sound", std::move(edits));
    if (draft.state.log.surviving.empty()) {
      step.safety = Safety::kLossy;
      step.loss =
          "what newer transactions wrote, if these buckets are not the newest; there is no log to tell";
    }
    if (draft.Add(std::move(step))) return;
  }
}

}  // namespace etcdmedic::plan
