// SPDX-License-Identifier: Apache-2.0
#include "plan/journal_format.h"

#include <gtest/gtest.h>

#include "support/page_end.h"

namespace etcdmedic::plan {
namespace {

Journal Sample() {
  Journal journal;
  journal.root = "/data";
  journal.wal_dir = "/wal";
  JournalEdit write{
      EditKind::kWrite, "member/snap/db", "", 100, {{10, "old"}}, 100, 10, {{10, "new"}}, 3, ""};
  JournalEdit rename{EditKind::kRename, "a", "b", 7, {}, 7, 0, {}, 0, ""};
  JournalEdit create{EditKind::kCreate, "c", "", 0, {}, 5, 0, {}, 0, std::string(32, 's')};
  JournalEdit folder{EditKind::kMakeFolder, "wal", "", 0, {}, 0, 0, {}, 0, "", {7, 8, 0700}};
  journal.edits = {write, rename, create, folder};
  journal.before = {{"member/snap/db", true, 100, std::string(32, 'b'), {{1, 2, 0600}, 3, 4}},
                    {"b", false, 0, "", {}},
                    {"snap", true, 0, "", {{1, 2, 0700}, 3, 4}, true}};
  journal.after = {{"member/snap/db", true, 100, std::string(32, 'a'), {{1, 2, 0600}, 5, 6}},
                   {"b", true, 7, std::string(32, 'x'), {}}};
  journal.log = {{"wal/x.wal", true, 64, "", {}}};
  journal.progress.assign(4, Progress::kNotBegun);
  return journal;
}

TEST(Journal, ReadsWhatItWrites) {
  const std::string bytes = EncodeJournal(Sample());
  const auto read = DecodeJournal(bytes, "j");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_FALSE(read->old_form);
  EXPECT_EQ(read->root, "/data");
  EXPECT_EQ(read->wal_dir, "/wal");
  ASSERT_EQ(read->edits.size(), 4U);
  EXPECT_EQ(read->edits[3].owner, (Ownership{7, 8, 0700}));
  EXPECT_EQ(read->edits[0].old.at(0).bytes, "old");
  EXPECT_EQ(read->edits[0].written.at(0).bytes, "new");
  EXPECT_EQ(read->edits[0].old_size, 100U);
  EXPECT_EQ(read->edits[1].target, "b");
  EXPECT_EQ(read->edits[2].sha256, std::string(32, 's'));
  ASSERT_EQ(read->before.size(), 3U);
  EXPECT_TRUE(read->before[2].folder);
  EXPECT_FALSE(read->before[0].folder);
  EXPECT_FALSE(read->before[1].exists);
  EXPECT_EQ(read->after[0].attributes.mtime_ns, 6);
  EXPECT_EQ(read->log.at(0).size, 64U);
  EXPECT_EQ(read->progress, std::vector<Progress>(4, Progress::kNotBegun));
  EXPECT_EQ(EncodeJournal(*read), bytes);
}

TEST(Journal, KeepsTheProgressOfEachEditInOneByte) {
  std::string bytes = EncodeJournal(Sample());
  for (size_t edit = 0; edit < 4; ++edit) {
    ASSERT_LT(ProgressOffset(edit), bytes.size());
    EXPECT_EQ(bytes[ProgressOffset(edit)], '0');
  }
  bytes[ProgressOffset(1)] = '2';
  const auto read = DecodeJournal(bytes, "j");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->progress[0], Progress::kNotBegun);
  EXPECT_EQ(read->progress[1], Progress::kDone);
}

TEST(Journal, IsRefusedAtEveryCut) {
  const std::string whole = EncodeJournal(Sample());
  for (size_t length = 0; length < whole.size(); ++length) {
    const auto read = DecodeJournal(whole.substr(0, length), "j");
    ASSERT_FALSE(read) << length;
    EXPECT_EQ(read.error().code, Errc::kMalformed);
  }
}

TEST(Journal, IsRefusedWithAnyFlippedBitButItsProgress) {
  const std::string whole = EncodeJournal(Sample());
  for (size_t at = 0; at < whole.size(); ++at) {
    if (at >= ProgressOffset(0) && at < ProgressOffset(4)) continue;
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x04);
    EXPECT_FALSE(DecodeJournal(damaged, "j")) << at;
  }
}

TEST(Journal, StaysWithinTheMember) {
  EXPECT_TRUE(StaysWithin("member/snap/db", ""));
  EXPECT_FALSE(StaysWithin("../db", ""));
  EXPECT_FALSE(StaysWithin("member/../../db", ""));
  EXPECT_FALSE(StaysWithin("/etc/passwd", ""));
  EXPECT_FALSE(StaysWithin("", ""));
  EXPECT_TRUE(StaysWithin("/wal/x.wal", "/wal"));
  EXPECT_FALSE(StaysWithin("/wal/../x.wal", "/wal"));
  EXPECT_FALSE(StaysWithin("/wal/deep/x.wal", "/wal"));
}

TEST(Extents, SkipZerosAndComeBackWhole) {
  std::string content(20000, '\0');
  content[5000] = 'x';
  content[19999] = 'y';
  const auto extents = NonZero(AsBytes(content), 0, content.size());
  uint64_t kept = 0;
  for (const Extent& extent : extents) kept += extent.bytes.size();
  EXPECT_LE(kept, 2U * 4096);
  EXPECT_EQ(Expand(extents, 0, content.size()), content);
  EXPECT_EQ(Expand(extents, 4990, 20), content.substr(4990, 20));
  EXPECT_EQ(Expand({{0, "abc"}, {100, "out"}}, 1, 5), std::string("bc\0\0\0", 5));
  EXPECT_TRUE(NonZero({}, 0, 0).empty());
}

}  // namespace
}  // namespace etcdmedic::plan
