// SPDX-License-Identifier: Apache-2.0
#include "bolt/metas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fnv.h"
#include "bolt/check.h"
#include "support/db_builder.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;
using support::LittleEndian;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Sample() { return support::DbBuilder(1024).Add("key", "a", "1").Build(); }

std::vector<diag::Finding> Report(const std::string& file) {
  diag::FindingList found;
  ReportMetas(AsBytes(file), ReadMetas(AsBytes(file)), "db", found);
  return found.items;
}

std::vector<Code> CodesOf(const std::vector<diag::Finding>& findings) {
  std::vector<Code> codes;
  for (const diag::Finding& finding : findings) codes.push_back(finding.code);
  return codes;
}

// Damages the magic number of a meta page.
std::string Break(std::string file, size_t page) {
  file[page * 1024 + kHeaderSize] = '\0';
  return file;
}

TEST(Metas, GiveNoFindingWhereTheyAreSound) { EXPECT_THAT(Report(Sample()), IsEmpty()); }

TEST(Metas, ReportWhichOneIsDamaged) {
  const auto first = Report(Break(Sample(), 0));
  ASSERT_THAT(CodesOf(first), ElementsAre(Code::kDbMetaDamaged));
  EXPECT_EQ(first[0].message, "meta page 0 is invalid: its magic number is wrong; etcd opens transaction 3");
  const auto second = Report(Break(Sample(), 1));
  ASSERT_THAT(CodesOf(second), ElementsAre(Code::kDbMetaDamaged));
  EXPECT_EQ(second[0].where.offset, 1024U);
  EXPECT_THAT(second[0].message, HasSubstr("etcd opens transaction 4"));
}

TEST(Metas, ReportThatNoneCanBeUsed) {
  EXPECT_THAT(CodesOf(Report("")), ElementsAre(Code::kDbEmpty));
  EXPECT_THAT(CodesOf(Report(Break(Break(Sample(), 0), 1))), ElementsAre(Code::kDbUnreadable));
  std::string foreign(4096, '\0');
  foreign.replace(kHeaderSize, 4, "\xED\x0C\xDA\xED");
  EXPECT_THAT(CodesOf(Report(foreign)), ElementsAre(Code::kDbByteOrder));
}

TEST(Metas, ReportAHeaderThatIsNotOfAMetaPage) {
  std::string file = Sample();
  file[8] = '\x02';
  const auto found = Report(file);
  ASSERT_THAT(CodesOf(found), ElementsAre(Code::kDbMetaHeader));
  EXPECT_EQ(found[0].message, "meta page 0: id 0, type 0x02, count 0, overflow 0");
}

TEST(Metas, ReportTheOlderOneAsANoteWhereItCannotBeTrue) {
  for (const size_t page : {0U, 1U}) {
    std::string file = Sample();
    const size_t body = page * 1024 + kHeaderSize;
    file.replace(body + 16, 8, LittleEndian(1000000, 8));
    file.replace(body + 56, 8, LittleEndian(Fnv1a64(AsBytes(file).subspan(body, 56)), 8));
    const auto found = Report(file);
    ASSERT_THAT(CodesOf(found), ElementsAre(Code::kDbMetaImplausible));
    EXPECT_EQ(found[0].severity, page == 0 ? diag::Severity::kError : diag::Severity::kNote);
    EXPECT_THAT(found[0].message, HasSubstr("the root is page 1000000"));
  }
}

TEST(Implausible, KnowsWhatCannotBeTrue) {
  struct Row {
    Meta meta;
    bool implausible;
  };
  const Row rows[] = {{{1024, 3, kNoFreelist, 10, 1}, false},
                      {{1024, 3, 4, 10, 1}, false},
                      {{1024, 1, 4, 10, 1}, true},
                      {{1024, 10, 4, 10, 1}, true},
                      {{1024, 3, 1, 10, 1}, true},
                      {{1024, 3, 10, 10, 1}, true},
                      {{1024, 3, 4, uint64_t{1} << 49, 1}, true}};
  for (const Row& row : rows)
    EXPECT_EQ(Implausible(row.meta, 10 * 1024).has_value(), row.implausible)
        << row.meta.root << " " << row.meta.freelist;
}

}  // namespace
}  // namespace etcdmedic::bolt
