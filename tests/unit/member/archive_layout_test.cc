// SPDX-License-Identifier: Apache-2.0
#include "member/archive_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bolt/builder.h"
#include "support/make_archive.h"
#include "support/memory_db.h"
#include "support/temp_folder.h"

namespace etcdmedic::member {
namespace {

using support::MakeArchive;
using support::Packed;
using support::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kSegmentName = "0000000000000000-0000000000000000.wal",
                  kSnapName = "0000000000000002-0000000000000001.snap";

std::string Db() {
  support::MemoryDb sink;
  bolt::Builder builder(sink, {});
  EXPECT_TRUE(builder.Begin("key"));
  EXPECT_TRUE(builder.Add(AsBytes("k"), AsBytes("v")));
  EXPECT_TRUE(builder.End() && builder.Finish());
  return sink.image;
}

std::vector<Packed> MemberAt(const std::string& root) {
  return {{root + "member/wal/" + kSegmentName, "log"},
          {root + "member/wal/0.tmp", "next"},
          {root + "member/snap/" + kSnapName, "snap"},
          {root + "member/snap/db", Db()}};
}

std::vector<Packed> Together(std::vector<Packed> files, const std::vector<Packed>& more) {
  files.insert(files.end(), more.begin(), more.end());
  return files;
}

Result<Layout> Recognised(const std::vector<Packed>& files, const std::string& inside = "",
                          const char* format = "pax") {
  Layout layout;
  layout.given = "a.tar";
  const std::string bytes = MakeArchive(files, format);
  return RecogniseArchive(AsBytes(bytes), std::move(layout), inside);
}

std::string Refused(const std::vector<Packed>& files, Errc code, const std::string& inside = "") {
  const auto layout = Recognised(files, inside);
  if (layout) return "(it is recognised)";
  EXPECT_EQ(layout.error().code, code) << layout.error().what;
  return layout.error().what;
}

std::vector<std::string> NamesOf(const std::vector<File>& files) {
  std::vector<std::string> names;
  for (const File& file : files) names.push_back(file.name);
  return names;
}

TEST(RecogniseArchive, FindsAMemberAtAnyDepth) {
  for (const char* root : {"", "var/lib/etcd/", "./node1/etcd/"}) {
    const auto layout = Recognised(Together(MemberAt(root), {{"notes.txt", "notes"}}));
    ASSERT_TRUE(layout) << root << layout.error().what;
    EXPECT_EQ(layout->kind, Kind::kDataDir);
    EXPECT_THAT(NamesOf(layout->segments), ElementsAre("member/wal/" + kSegmentName));
    EXPECT_THAT(NamesOf(layout->wal_tmp), ElementsAre("member/wal/0.tmp"));
    EXPECT_THAT(NamesOf(layout->snapshots), ElementsAre("member/snap/" + kSnapName));
    EXPECT_THAT(NamesOf(layout->db), ElementsAre("member/snap/db"));
    EXPECT_FALSE(layout->wal_dir.empty());
    EXPECT_EQ(layout->member_folder->name, "member");
    EXPECT_EQ(layout->wal_folder->mode, 0700U);
    EXPECT_TRUE(IsUnpacked(*layout));
    EXPECT_EQ(MappedFile::Open(layout->db.front().path)->bytes().size(), Db().size());
  }
}

TEST(RecogniseArchive, FindsPartsOfAMember) {
  const auto member = Recognised({{"m/wal/" + kSegmentName, "log"}, {"m/snap/db", Db()}});
  ASSERT_TRUE(member);
  EXPECT_EQ(member->kind, Kind::kMemberDir);
  EXPECT_EQ(member->member_folder->name, ".");
  const auto wal = Recognised({{"copied/" + kSegmentName, "log"}});
  ASSERT_TRUE(wal);
  EXPECT_EQ(wal->kind, Kind::kWalDir);
  EXPECT_THAT(NamesOf(wal->segments), ElementsAre(kSegmentName));
  const auto snap = Recognised({{"copied/" + kSnapName, "snap"}, {"copied/db", "damaged"}});
  ASSERT_TRUE(snap);
  EXPECT_EQ(snap->kind, Kind::kSnapDir);
  EXPECT_EQ(snap->db.size(), 1U);
}

TEST(RecogniseArchive, FindsABackupByItsContentAndElseByItsName) {
  const auto k3s = Recognised(
      {{"etcd-snapshot-node-1764234000", Db()}, {"metadata.json", "{}"}, {"other.db", "sqlite"}}, "", "zip");
  ASSERT_TRUE(k3s) << k3s.error().what;
  EXPECT_EQ(k3s->kind, Kind::kDb);
  EXPECT_THAT(NamesOf(k3s->db), ElementsAre("etcd-snapshot-node-1764234000"));
  EXPECT_TRUE(IsUnpacked(*k3s));
  const auto damaged = Recognised({{"backup/snapshot.db", "damaged"}, {"backup/._snapshot.db", "of Finder"}});
  ASSERT_TRUE(damaged);
  EXPECT_THAT(NamesOf(damaged->db), ElementsAre("backup/snapshot.db"));
}

TEST(RecogniseArchive, NamesSeveralAndTakesTheOneThatIsPicked) {
  const auto files = Together(Together(MemberAt("m1/"), MemberAt("m2/")), {{"saved.db", Db()}});
  const std::string said = Refused(files, Errc::kUsage);
  EXPECT_THAT(said, HasSubstr("holds 3 members and backups: m1, m2, saved.db; pick one: a.tar!m1"));
  EXPECT_EQ(Recognised(files, "m2")->kind, Kind::kDataDir);
  EXPECT_EQ(Recognised(files, "m2/member/wal")->kind, Kind::kDataDir) << "the member of which it is a part";
  EXPECT_THAT(NamesOf(Recognised(files, "saved.db")->db), ElementsAre("saved.db"));
  EXPECT_THAT(NamesOf(Recognised(files, "m1/member/snap/db")->db), ElementsAre("m1/member/snap/db"));
  EXPECT_THAT(Refused(files, Errc::kUnsupported, "m3"), HasSubstr("the archive holds nothing below m3"));
}

ArchiveContent Listed(const std::string& path) {
  auto content = ListArchive(path);
  EXPECT_TRUE(content && *content) << path;
  return content && *content ? **content : ArchiveContent();
}

TEST(ListArchive, NamesWhatItHoldsAsPaths) {
  const TempFolder folder;
  const auto files = Together(Together(MemberAt("c/m2/"), MemberAt("c/m1/")), {{"saved.db", Db()}});
  const std::string path = folder.Write("a.tar", MakeArchive(files, "pax"));
  for (const std::string& place : {path, path + "!c"})
    EXPECT_THAT(Listed(place).members, ElementsAre(path + "!c/m1", path + "!c/m2"));
  EXPECT_THAT(Listed(path + "!c/m2").members, ElementsAre(path + "!c/m2"));
  EXPECT_THAT(Listed(path).others, ElementsAre(path + "!saved.db"));
  EXPECT_TRUE(Listed(path + "!c").others.empty());
  for (const std::string& member : Listed(path).members) EXPECT_TRUE(Recognise(member)) << member;
  EXPECT_TRUE(Recognise(path + "!saved.db"));
}

TEST(ListArchive, KnowsWhatIsNotAnArchive) {
  const TempFolder folder;
  const auto plain = ListArchive(folder.Write("db", Db()));
  ASSERT_TRUE(plain);
  EXPECT_FALSE(*plain);
  EXPECT_FALSE(ListArchive(folder / "none"));
  const std::string bytes = MakeArchive(MemberAt("m1/"), "pax");
  EXPECT_FALSE(ListArchive(folder.Write("short.tar", bytes.substr(0, 700))));
}

TEST(ListArchive, IsBounded) {
  const TempFolder folder;
  std::vector<Packed> files;
  for (int i = 0; i < 65; ++i)
    files.push_back({"m" + std::to_string(i) + "/member/wal/" + kSegmentName, "log"});
  const auto many = ListArchive(folder.Write("a.tar", MakeArchive(files, "pax")));
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, Errc::kLimit);
}

TEST(RecogniseArchive, SaysWhatElseThereIs) {
  EXPECT_THAT(Refused({{"a.txt", "a"}, {"b/c.txt", "c"}}, Errc::kUnsupported),
              HasSubstr("no db, but a.txt, b/c.txt"));
  EXPECT_THAT(Refused({{"../db", Db()}}, Errc::kUnsupported), HasSubstr("holds nothing"));
  Layout layout;
  EXPECT_EQ(RecogniseArchive(AsBytes("plain"), layout, "x").error().code, Errc::kUnsupported);
}

TEST(RecogniseArchive, FollowsNoLinks) {
  const auto files = Together(
      MemberAt(""), {{"member/snap/0000000000000003-0000000000000009.snap", "", AE_IFLNK, "/etc/passwd"}});
  EXPECT_THAT(Refused(files, Errc::kUnsupported), HasSubstr("is a link in the archive"));
  EXPECT_THAT(Refused({{"member/snap/db", "", AE_IFCHR}}, Errc::kUnsupported), HasSubstr("device"));
}

TEST(SplitArchivePath, BeginsWithAFile) {
  const TempFolder folder;
  const std::string path = folder.Write("a!b.tar", "x");
  EXPECT_EQ(SplitArchivePath(path + "!m1/etcd/")->archive, path);
  EXPECT_EQ(SplitArchivePath(path + "!m1/etcd/")->inside, "m1/etcd");
  EXPECT_EQ(SplitArchivePath(path + "!./m1")->inside, "m1");
  EXPECT_EQ(SplitArchivePath(folder / "none!m1"), std::nullopt);
  EXPECT_EQ(SplitArchivePath("plain"), std::nullopt);
}

TEST(Recognise, LooksIntoArchives) {
  const TempFolder folder;
  for (const char* filter : {"none", "gzip", "xz", "zstd"}) {
    const std::string path =
        folder.Write("bundle", MakeArchive(Together(MemberAt("m1/"), MemberAt("m2/")), "gnutar", filter));
    EXPECT_EQ(Recognise(path).error().code, Errc::kUsage);
    const auto layout = Recognise(path + "!m2");
    ASSERT_TRUE(layout) << filter << layout.error().what;
    EXPECT_EQ(layout->given, path + "!m2");
    EXPECT_EQ(layout->segments.size(), 1U);
  }
  EXPECT_EQ(Recognise(folder / "none!m2").error().code, Errc::kIo);
}

}  // namespace
}  // namespace etcdmedic::member
