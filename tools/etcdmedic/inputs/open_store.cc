// SPDX-License-Identifier: Apache-2.0
#include "inputs/open_store.h"

#include <algorithm>
#include <limits>

#include "member/live_backend.h"
#include "render/text.h"
#include "startup/unapplied.h"
#include "text/text_block.h"

namespace etcdmedic::tool {
namespace {

// UTF-8 without control characters but those of lines.
bool IsText(std::string_view value) {
  return text::ForEachTextBlock(value, [](std::string_view part, const text::TextBlock& block,
                                          uint64_t sequences) {
    const uint64_t lines = block.Is('\n') | block.Is('\t') | block.Is('\r');
    return ((block.Between(0x20, 0x7F) | lines | sequences) | ~text::FirstBits(part.size())) == ~uint64_t{0};
  });
}

// Beside a running etcd the backend is always a little behind.
void NoteUnapplied(Context& context, const OpenedStore& opened) {
  if (opened.running) return;
  const auto missing = startup::FindUnapplied(opened.layout, opened.map->bytes());
  if (!missing) return;
  if (missing->first == missing->last) {
    context.err.Print(
        "etcdmedic: the log holds a committed entry ({}) that the backend has not applied yet; it is not "
        "shown\n",
        missing->first);
    return;
  }
  context.err.Print(
      "etcdmedic: the log holds {} committed entries ({} to {}) that the backend has not applied yet; they "
      "are not shown\n",
      missing->last - missing->first + 1, missing->first, missing->last);
}

}  // namespace

Result<std::unique_ptr<OpenedStore>> OpenStore(Context& context, const std::string& path,
                                               const std::string& wal_dir, Unapplied unapplied) {
  auto layout = member::Recognise(path, wal_dir);
  if (!layout) return tl::make_unexpected(layout.error());
  if (layout->db.empty())
    return tl::make_unexpected(member::Lacking(*layout, "holds no backend (member/snap/db)"));
  auto opened = std::make_unique<OpenedStore>();
  opened->layout = std::move(*layout);
  const member::InUse in_use = member::IsRunning(opened->layout);
  opened->running = in_use.running;
  NoteRunning(context, in_use);
  const member::File& file = opened->layout.db.front();
  auto map = opened->running ? member::MapAfterCommit(file.path) : MappedFile::Open(file.path);
  if (!map) return tl::make_unexpected(map.error());
  opened->map.emplace(std::move(*map));
  auto store = mvcc::Store::Open(opened->map->bytes(), file.name, opened->found);
  if (!store) return tl::make_unexpected(store.error());
  opened->store.emplace(std::move(*store));
  if (unapplied == Unapplied::kNotShown) NoteUnapplied(context, *opened);
  return opened;
}

Result<std::unique_ptr<OpenedStore>> OpenStore(Context& context, const Args& args, Unapplied unapplied) {
  return OpenStore(context, args.positional()[0], args.Get("--wal-dir").value_or(""), unapplied);
}

int Finish(Context& context, const OpenedStore& opened, int code) {
  std::vector<diag::Finding> found = opened.found.items;
  if (opened.map->unreadable_pages() > 0) {
    found.push_back({diag::Code::kFileUnreadable,
                     {opened.layout.db.front().name, opened.map->first_unreadable_offset()},
                     opened.map->unreadable_pages() * 4096,
                     fmt::format("{} pages read as zeros", opened.map->unreadable_pages())});
  }
  if (opened.running && member::HasCommittedSince(opened.store->view().meta().txid, *opened.map)) {
    found.clear();  // pages of two states look like damage
    found.push_back({diag::Code::kDbChangedDuringRead,
                     {opened.layout.db.front().name, 0},
                     0,
                     "etcd has committed since this was begun, and may have reused pages that were read"});
  }
  const bool damaged = diag::WorstOf(found) > diag::Severity::kNote;
  diag::SortFindings(found);
  NoteFindings(context, std::move(found));
  return damaged ? code | kDamaged : code;
}

Result<int64_t> RevisionOf(const Args& args, std::string_view flag) {
  const auto number = args.Number(flag, 0);
  if (!number) return tl::make_unexpected(number.error());
  if (*number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return Fail(Errc::kUsage, "", fmt::format("{} is not a revision", *number));
  }
  return static_cast<int64_t>(*number);
}

Result<int64_t> RevisionAt(const Args& args, const mvcc::Store& store) {
  const auto revision = RevisionOf(args);
  return revision ? store.RevisionOr(*revision) : revision;
}

std::string ShortValue(std::string_view value) {
  if (IsText(value)) return std::string(value);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = std::to_string(value.size()) + " bytes, not text: ";
  for (const char c : value.substr(0, 16)) {
    const auto byte = static_cast<unsigned char>(c);
    (text += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return text += value.size() > 16 ? "…" : "";
}

}  // namespace etcdmedic::tool
