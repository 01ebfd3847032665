// SPDX-License-Identifier: Apache-2.0
#include "bolt/format.h"

#include <algorithm>

#include "base/fnv.h"

namespace etcdmedic::bolt {
namespace {

constexpr uint64_t kSha256Size = 32;
constexpr uint64_t kHeadersRead = 4096;  // pages looked at to tell a page size

template <class T>
void Append(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xFF));
}

bool IsPageSize(uint64_t size) {
  return size >= kSmallestPage && size <= kLargestPage && std::has_single_bit(size);
}

MetaPage MetaAt(Bytes db, uint64_t offset) {
  MetaPage page;
  if (offset + kHeaderSize + kMetaSize <= db.size())
    page = ReadMeta(db.subspan(offset + kHeaderSize, kMetaSize));
  page.offset = offset;
  return page;
}

bool BigEndianMagicAt(Bytes db, uint64_t offset) {
  return offset + kHeaderSize + 4 <= db.size() &&
         *ByteReader(db, offset + kHeaderSize).Big<uint32_t>() == kMagicNumber;
}

// How many pages of the file have the id of their place, if `size` were the page size.
uint64_t PagesThatFit(Bytes db, uint64_t size) {
  uint64_t fit = 0;
  for (uint64_t id = 2; id < kHeadersRead && (id + 1) * size <= db.size(); ++id) {
    const PageHeader header = HeaderAt(db, id * size);
    const bool typed =
        header.flags == kBranchPage || header.flags == kLeafPage || header.flags == kFreelistPage;
    fit += header.id == id && typed && header.overflow < db.size() / size ? 1 : 0;
  }
  return fit;
}

void TellSizeFromPages(Bytes db, Metas& metas) {
  uint64_t most = 0;
  for (uint32_t size = kSmallestPage; size <= kLargestPage; size *= 2) {
    const uint64_t fit = PagesThatFit(db, size);
    if (fit <= most) continue;
    most = fit;
    metas.page_size = size;
    metas.source = SizeSource::kPages;
  }
}

// The second meta page is at the page size, which only the first one states for sure.
void FindSecondMeta(Bytes db, Metas& metas) {
  for (uint32_t size = kSmallestPage; size <= kLargestPage; size *= 2) {
    metas.big_endian = metas.big_endian || BigEndianMagicAt(db, size);
    const MetaPage page = MetaAt(db, size);
    if (!page.valid() || page.meta.page_size != size) continue;
    metas.pages[1] = page;
    metas.page_size = size;
    metas.source = SizeSource::kMeta;
    return;
  }
  TellSizeFromPages(db, metas);
  metas.pages[1] = MetaAt(db, metas.page_size);
}

}  // namespace

std::string_view TypeName(uint16_t flags) {
  switch (flags) {
    case kBranchPage:
      return "branch";
    case kLeafPage:
      return "leaf";
    case kMetaPage:
      return "meta";
    case kFreelistPage:
      return "freelist";
    default:
      return "unknown";
  }
}

PageHeader HeaderAt(Bytes bytes, uint64_t offset) {
  return {LoadLittle<uint64_t>(bytes, offset), LoadLittle<uint16_t>(bytes, offset + 8),
          LoadLittle<uint16_t>(bytes, offset + 10), LoadLittle<uint32_t>(bytes, offset + 12)};
}

std::string EncodeHeader(const PageHeader& header) {
  std::string bytes;
  Append(bytes, header.id);
  Append(bytes, header.flags);
  Append(bytes, header.count);
  Append(bytes, header.overflow);
  return bytes;
}

std::string EncodeMeta(const Meta& meta) {
  std::string bytes;
  Append(bytes, kMagicNumber);
  Append(bytes, kFormatVersion);
  Append(bytes, meta.page_size);
  Append(bytes, uint32_t{0});  // flags
  Append(bytes, meta.root);
  Append(bytes, uint64_t{0});  // the directory's sequence
  Append(bytes, meta.freelist);
  Append(bytes, meta.high_water);
  Append(bytes, meta.txid);
  Append(bytes, Fnv1a64(AsBytes(bytes)));
  return bytes;
}

std::string_view TextOf(MetaFault fault) {
  constexpr std::string_view kTexts[] = {"valid",
                                         "the file ends before it",
                                         "its magic number is wrong",
                                         "its version is not 2",
                                         "its checksum does not fit",
                                         "its page size is impossible"};
  return kTexts[static_cast<size_t>(fault)];
}

MetaPage ReadMeta(Bytes body) {
  MetaPage page;
  const auto number = [&](const MetaField& field) { return LoadLittle<uint64_t>(body, field.offset); };
  const auto half = [&](const MetaField& field) { return LoadLittle<uint32_t>(body, field.offset); };
  page.version = half(kMetaVersion);
  page.meta = {half(kMetaPageSize), number(kMetaRoot), number(kMetaFreelist), number(kMetaHighWater),
               number(kMetaTxid)};
  page.checksum = number(kMetaChecksum);
  page.computed = Fnv1a64(body.first(kMetaChecksum.offset));
  page.fault = half(kMetaMagic) != kMagicNumber   ? MetaFault::kMagic
               : page.version != kFormatVersion   ? MetaFault::kVersion
               : page.checksum != page.computed   ? MetaFault::kChecksum
               : !IsPageSize(page.meta.page_size) ? MetaFault::kPageSize
                                                  : MetaFault::kNone;
  return page;
}

Metas ReadMetas(Bytes db) {
  Metas metas;
  metas.pages[0] = MetaAt(db, 0);
  if (metas.pages[0].valid()) {
    metas.page_size = metas.pages[0].meta.page_size;
    metas.source = SizeSource::kMeta;
    metas.pages[1] = MetaAt(db, metas.page_size);
  } else {
    metas.big_endian = BigEndianMagicAt(db, 0);
    FindSecondMeta(db, metas);
  }
  const auto& [first, second] = metas.pages;
  if (first.valid() && second.valid()) {
    metas.active = second.meta.txid > first.meta.txid ? 1 : 0;
  } else if (first.valid() || second.valid()) {
    metas.active = first.valid() ? 0 : 1;
  }
  return metas;
}

uint64_t SizeWithoutTrailer(uint64_t size) {
  return size > kSha256Size && size % kSmallestPage == kSha256Size ? size - kSha256Size : size;
}

}  // namespace etcdmedic::bolt
