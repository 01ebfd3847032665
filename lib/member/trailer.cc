// SPDX-License-Identifier: Apache-2.0
#include "member/trailer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.h"
#include "base/sha256.h"

namespace etcdmedic::member {
namespace {

using diag::Code;

constexpr uint64_t kHashSize = 32;
constexpr uint64_t kSector = 512;  // by which etcd's tools recognise a hash: size % 512 == 32

// Where the pages end by the active meta page; the whole pages of the file where no meta page is valid.
uint64_t PagesEnd(Bytes file, const bolt::Metas& metas) {
  const uint64_t whole = file.size() / metas.page_size * metas.page_size;
  if (!metas.active) return whole;
  const bolt::Meta& meta = metas.pages[*metas.active].meta;
  return meta.high_water > file.size() / meta.page_size ? file.size() + 1 : meta.high_water * meta.page_size;
}

// A file that `snapshot save` wrote has the same meta page twice, but for the number of the transaction.
bool AsSaved(const bolt::Metas& metas) {
  const auto& [first, second] = metas.pages;
  return first.valid() && second.valid() && first.meta.txid == second.meta.txid + 1 &&
         first.meta.root == second.meta.root && first.meta.high_water == second.meta.high_water &&
         first.meta.freelist == second.meta.freelist;
}

std::string CauseOfDifference(const Trailer& trailer, Bytes file, const bolt::Metas& metas) {
  if (AllZero(file.last(kHashSize))) return "the hash is all zeros: the end of the file was never written";
  const auto& [first, second] = metas.pages;
  if (metas.active && first.valid() && second.valid() && !AsSaved(metas)) {
    return fmt::format(
        "a tool has written to the pages since they were saved (the meta pages are of transactions {} and "
        "{}): `etcdutl hashkv` and anything else that opens the file as a db does that",
        first.meta.txid, second.meta.txid);
  }
  return fmt::format(
      "stored {}, computed {}; usual causes: a changed byte, a copy in text mode, an upload that was cut and "
      "resumed, two writers of one file",
      HexOf(AsBytes(trailer.stored)), HexOf(AsBytes(trailer.computed)));
}

void Wrong(const std::string& name, uint64_t offset, uint64_t length, std::string message,
           diag::FindingSink& sink) {
  sink.Add({Code::kSnapshotSize, {name, offset}, length, std::move(message)});
}

}  // namespace

Trailer ReadTrailer(Bytes file, const bolt::Metas& metas) {
  Trailer trailer;
  const uint64_t size = file.size();
  trailer.pages_end = PagesEnd(file, metas);
  trailer.etcd_sees_hash = size > kHashSize && size % kSector == kHashSize;
  if (trailer.etcd_sees_hash) {
    trailer.stored = AsText(file.last(kHashSize));
    trailer.computed = Sha256(file.first(size - kHashSize));
    trailer.etcd_accepts = trailer.stored == trailer.computed;
  }
  if (trailer.etcd_accepts) {
    trailer.ending = Ending::kMatches;
    trailer.pages_end = size - kHashSize;
    return trailer;
  }
  if (trailer.pages_end > size) {  // cut inside the pages, which DB-FILE-TRUNCATED says too
    trailer.ending = Ending::kWrong;
    return trailer;
  }
  const uint64_t rest = size - trailer.pages_end;
  const bool whole_pages = rest % metas.page_size == 0;
  if (rest == kHashSize) {
    trailer.ending = Ending::kDiffers;
    return trailer;
  }
  if (whole_pages) return trailer;
  const std::string computed = Sha256(file.first(trailer.pages_end));
  const std::string_view tail = AsText(file.subspan(trailer.pages_end, std::min(rest, kHashSize)));
  if (std::string_view(computed).starts_with(tail)) {
    trailer.ending = rest < kHashSize ? Ending::kCutHash : Ending::kAppended;
    trailer.missing = rest < kHashSize ? kHashSize - rest : 0;
    trailer.surplus = rest < kHashSize ? 0 : rest - kHashSize;
  } else {
    trailer.ending = rest % metas.page_size == kHashSize ? Ending::kDiffers : Ending::kWrong;
  }
  return trailer;
}

void CheckTrailer(const Trailer& trailer, Bytes file, const bolt::Metas& metas, const std::string& name,
                  diag::FindingSink& sink) {
  const uint64_t size = file.size();
  switch (trailer.ending) {
    case Ending::kNoHash:
    case Ending::kMatches:
      return;
    case Ending::kDiffers:
      return sink.Add({Code::kDbSnapshotHash,
                       {name, size - kHashSize},
                       kHashSize,
                       CauseOfDifference(trailer, file, metas)});
    case Ending::kCutHash:
      return Wrong(
          name, size, 0,
          fmt::format("the file was cut inside its SHA-256: {} of 32 bytes are missing; all pages are "
                      "there, and the bytes that are left of it match them",
                      trailer.missing),
          sink);
    case Ending::kAppended:
      return Wrong(name, trailer.pages_end + kHashSize, trailer.surplus,
                   fmt::format("{} byte{} appended after the SHA-256; without {} it matches: `head -c {}` of "
                               "the file is the backup",
                               trailer.surplus, trailer.surplus == 1 ? " was" : "s were",
                               trailer.surplus == 1 ? "it" : "them", trailer.pages_end + kHashSize),
                   sink);
    case Ending::kWrong:
      break;
  }
  if (trailer.pages_end > size && metas.active) {
    const bolt::Meta& meta = metas.pages[*metas.active].meta;
    return Wrong(name, size, 0,
                 fmt::format("the file has {} bytes, and its {} pages of {} bytes need {}: it was cut", size,
                             meta.high_water, meta.page_size,
                             meta.high_water > (uint64_t{1} << 48)
                                 ? std::string("more than any disk has")
                                 : fmt::format("{}", meta.high_water * meta.page_size)),
                 sink);
  }
  Wrong(name, trailer.pages_end, size - trailer.pages_end,
        fmt::format(
            "{} bytes follow the last whole page of {} bytes; a saved snapshot has the 32 of its SHA-256 "
            "there, a copy of a db has none",
            (size - trailer.pages_end) % metas.page_size, metas.page_size),
        sink);
}

}  // namespace etcdmedic::member
