// SPDX-License-Identifier: Apache-2.0
#include "member/trailer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/sha256.h"
#include "support/db_builder.h"
#include "support/page_end.h"

namespace etcdmedic::member {
namespace {

using diag::Code;

const std::string& Pages() {
  static const std::string pages = support::DbBuilder(4096).Add("key", "a", "1").Build();
  return pages;
}
std::string Hash() { return Sha256(AsBytes(Pages())); }

Trailer Read(const std::string& file) { return ReadTrailer(AsBytes(file), bolt::ReadMetas(AsBytes(file))); }

std::vector<diag::Finding> Check(const std::string& file) {
  diag::FindingList found;
  const bolt::Metas metas = bolt::ReadMetas(AsBytes(file));
  CheckTrailer(ReadTrailer(AsBytes(file), metas), AsBytes(file), metas, "backup.db", found);
  return found.items;
}

TEST(Trailer, TellsHowAFileEnds) {
  std::string other = Hash();
  other[0] = static_cast<char>(other[0] ^ 1);
  struct Row {
    const char* name;
    std::string file;
    Ending ending;
    bool found;
  };
  const Row rows[] = {
      {"a db", Pages(), Ending::kNoHash, false},
      {"a db with allocated pages after it", Pages() + std::string(8192, '\0'), Ending::kNoHash, false},
      {"a saved snapshot", Pages() + Hash(), Ending::kMatches, false},
      {"another hash", Pages() + other, Ending::kDiffers, true},
      {"half of the hash", Pages() + Hash().substr(0, 16), Ending::kCutHash, true},
      {"a byte of the hash", Pages() + Hash().substr(0, 1), Ending::kCutHash, true},
      {"more after the hash", Pages() + Hash() + "\n", Ending::kAppended, true},
      {"cut in a page", Pages().substr(0, Pages().size() - 1000), Ending::kWrong, true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Read(row.file).ending, row.ending) << row.name;
    EXPECT_EQ(!Check(row.file).empty(), row.found) << row.name;
  }
}

TEST(Trailer, CountsWhatIsMissingOrTooMuch) {
  EXPECT_EQ(Read(Pages() + Hash().substr(0, 20)).missing, 12U);
  EXPECT_EQ(Read(Pages() + Hash() + "abc").surplus, 3U);
  const Trailer sound = Read(Pages() + Hash());
  EXPECT_EQ(sound.pages_end, Pages().size());
  EXPECT_TRUE(sound.etcd_sees_hash);
  EXPECT_TRUE(sound.etcd_accepts);
  EXPECT_EQ(sound.stored, Hash());
  EXPECT_EQ(sound.computed, Hash());
  EXPECT_FALSE(Read(Pages()).etcd_sees_hash);
}

TEST(Trailer, ReportsAHashThatDoesNotMatch) {
  std::string file = Pages() + Hash();
  file[5000] = static_cast<char>(file[5000] ^ 1);
  const auto found = Check(file);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].code, Code::kDbSnapshotHash);
  EXPECT_EQ(found[0].where.file, "backup.db");
}

TEST(Trailer, IsReadAtEveryLength) {
  const std::string whole = Pages() + Hash();
  support::PageEnd memory(whole.size());
  for (size_t size = 0; size <= whole.size(); size += size + 64 < Pages().size() ? 61 : 1) {
    const Bytes file = memory.Place(whole.substr(0, size));
    const Trailer trailer = ReadTrailer(file, bolt::ReadMetas(file));
    EXPECT_EQ(trailer.ending == Ending::kMatches, size == whole.size()) << size;
  }
}

}  // namespace
}  // namespace etcdmedic::member
