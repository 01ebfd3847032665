// SPDX-License-Identifier: Apache-2.0
#include "bolt/format.h"

#include <gtest/gtest.h>

#include "base/fnv.h"
#include "support/db_builder.h"
#include "support/page_end.h"

namespace etcdmedic::bolt {
namespace {

using support::LittleEndian;

std::string Sample(uint32_t page_size = 1024) {
  return support::DbBuilder(page_size).Add("key", "a", "1").Add("meta", "b", "2").Build();
}

// Replaces a field of meta page `page`, and its checksum too where `sum` is set.
std::string Edit(std::string file, uint32_t page_size, uint64_t page, size_t at, uint64_t value, int bytes,
                 bool sum) {
  const size_t body = page * page_size + kHeaderSize;
  file.replace(body + at, static_cast<size_t>(bytes), LittleEndian(value, bytes));
  if (sum) file.replace(body + 56, 8, LittleEndian(Fnv1a64(AsBytes(file).subspan(body, 56)), 8));
  return file;
}

TEST(Metas, AreReadAtEveryPageSize) {
  for (uint32_t size = 1024; size <= kLargestPage; size *= 2) {
    const std::string file = Sample(size);
    const Metas metas = ReadMetas(AsBytes(file));
    EXPECT_EQ(metas.page_size, size);
    EXPECT_EQ(metas.source, SizeSource::kMeta);
    EXPECT_EQ(metas.active, 0) << "the builder gives page 0 the greater txid";
    EXPECT_EQ(metas.pages[0].meta.txid, 4U);
    EXPECT_EQ(metas.pages[1].meta.txid, 3U);
    EXPECT_TRUE(metas.pages[1].valid());
  }
}

TEST(Metas, TheirFieldsFollowOneAnother) {
  uint64_t end = 0;
  for (const MetaField& field : {kMetaMagic, kMetaVersion, kMetaPageSize, kMetaFlags, kMetaRoot,
                                 kMetaSequence, kMetaFreelist, kMetaHighWater, kMetaTxid, kMetaChecksum}) {
    EXPECT_EQ(field.offset, end) << field.name;
    end += field.size;
  }
  EXPECT_EQ(end, kMetaSize);
}

TEST(Pages, HaveNamesForTheirTypes) {
  EXPECT_EQ(TypeName(kBranchPage), "branch");
  EXPECT_EQ(TypeName(kLeafPage), "leaf");
  EXPECT_EQ(TypeName(kMetaPage), "meta");
  EXPECT_EQ(TypeName(kFreelistPage), "freelist");
  EXPECT_EQ(TypeName(0), "unknown");
  EXPECT_EQ(TypeName(kBranchPage | kLeafPage), "unknown");
}

TEST(Metas, SayWhatIsWrong) {
  struct Row {
    size_t at;
    uint64_t value;
    int bytes;
    bool sum;
    MetaFault fault;
  };
  const Row rows[] = {{0, 0, 4, true, MetaFault::kMagic},       {4, 3, 4, true, MetaFault::kVersion},
                      {48, 99, 8, false, MetaFault::kChecksum}, {8, 1000, 4, true, MetaFault::kPageSize},
                      {8, 256, 4, true, MetaFault::kPageSize},  {8, 131072, 4, true, MetaFault::kPageSize}};
  for (const Row& row : rows) {
    const std::string file = Edit(Sample(), 1024, 0, row.at, row.value, row.bytes, row.sum);
    ASSERT_NE(file, Sample());
    const Metas metas = ReadMetas(AsBytes(file));
    EXPECT_EQ(metas.pages[0].fault, row.fault) << TextOf(metas.pages[0].fault);
    EXPECT_EQ(metas.active, 1) << "the other one is found without it";
    EXPECT_EQ(metas.page_size, 1024U);
  }
}

TEST(Metas, TellThePageSizeFromOtherPagesWhereBothAreBad) {
  for (uint32_t size = 1024; size <= kLargestPage; size *= 2) {
    std::string file = Sample(size);
    file.replace(0, 2 * size, std::string(2 * size, '\0'));
    const Metas metas = ReadMetas(AsBytes(file));
    EXPECT_EQ(metas.active, std::nullopt);
    EXPECT_EQ(metas.source, SizeSource::kPages);
    EXPECT_EQ(metas.page_size, size);
  }
}

TEST(Metas, RecogniseTheOtherByteOrder) {
  std::string file(4096, '\0');
  file.replace(kHeaderSize, 4, "\xED\x0C\xDA\xED");
  EXPECT_TRUE(ReadMetas(AsBytes(file)).big_endian);
  EXPECT_FALSE(ReadMetas(AsBytes(Sample())).big_endian);
}

TEST(Metas, AreNeverReadPastTheEnd) {
  const std::string whole = Sample();
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    const Metas metas = ReadMetas(prefix);
    EXPECT_EQ(metas.pages[0].valid(), prefix.size() >= kHeaderSize + kMetaSize) << prefix.size();
    EXPECT_EQ(metas.pages[1].valid(), prefix.size() >= 1024 + kHeaderSize + kMetaSize) << prefix.size();
  });
}

TEST(SizeWithoutTrailer, LeavesOutTheHashOfASnapshot) {
  EXPECT_EQ(SizeWithoutTrailer(8192), 8192U);
  EXPECT_EQ(SizeWithoutTrailer(8192 + 32), 8192U);
  EXPECT_EQ(SizeWithoutTrailer(8192 + 31), 8192U + 31);
  EXPECT_EQ(SizeWithoutTrailer(32), 32U);
  EXPECT_EQ(SizeWithoutTrailer(0), 0U);
}

TEST(MetaFault, HasWordsForEach) {
  EXPECT_EQ(TextOf(MetaFault::kNone), "valid");
  EXPECT_EQ(TextOf(MetaFault::kPageSize), "its page size is impossible");
}

}  // namespace
}  // namespace etcdmedic::bolt
