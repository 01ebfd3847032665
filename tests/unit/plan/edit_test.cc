// SPDX-License-Identifier: Apache-2.0
// Edits on the disk and in memory: the same, and only on the file that they were made for.
#include "plan/edit.h"

#include <gtest/gtest.h>

#include "plan/disk.h"
#include "plan/overlay.h"
#include "support/temp_folder.h"

namespace etcdmedic::plan {
namespace {

constexpr Ownership kOwner{0, 0, 0600};
const std::string kContent = "0123456789";

std::string Read(const Files& files, const std::string& path) {
  const auto file = files.Read(path);
  return file ? std::string(AsText(file->bytes())) : "(" + file.error().what + ")";
}

// Each edit of a file "a", and what is there afterwards.
struct Row {
  const char* name;
  Edit edit;
  const char* a;  // null: gone
  const char* b;
};

std::vector<Row> Rows() {
  const Bytes content = AsBytes(kContent);
  return {{"write", WriteEdit("a", content, 2, "xyz"), "01xyz56789", nullptr},
          {"write past the end", WriteEdit("a", content, 9, "xyz"), "012345678xyz", nullptr},
          {"truncate", TruncateEdit("a", content, 4), "0123", nullptr},
          {"rename", RenameEdit("a", content, "b"), nullptr, "0123456789"},
          {"remove", RemoveEdit("a", content), nullptr, nullptr},
          {"create", CreateEdit("b", "new"), "0123456789", "new"}};
}

void ExpectFiles(const Files& files, const std::string& root, const Row& row) {
  for (const auto& [name, expected] : {std::pair("a", row.a), std::pair("b", row.b)}) {
    EXPECT_EQ(files.Exists(root + "/" + name), expected != nullptr) << row.name << " " << name;
    if (expected != nullptr) {
      EXPECT_EQ(Read(files, root + "/" + name), expected) << row.name;
    }
  }
}

TEST(Edit, DoesTheSameOnDiskAndInMemory) {
  for (const Row& row : Rows()) {
    const support::TempFolder folder;
    folder.Write("a", kContent);
    const Ownership owner{getuid(), getgid(), 0600};
    Overlay overlay;
    ASSERT_TRUE(Perform(overlay, folder.path(), row.edit, owner)) << row.name;
    ExpectFiles(overlay, folder.path(), row);
    EXPECT_EQ(folder.Read("a"), kContent) << "nothing is written yet";
    EXPECT_FALSE(std::filesystem::exists(folder / "b"));
    Disk disk;
    ASSERT_TRUE(Perform(disk, folder.path(), row.edit, owner)) << row.name;
    ExpectFiles(disk, folder.path(), row);
  }
}

TEST(Edit, RefusesAFileThatIsNotAsItWas) {
  for (const Row& row : Rows()) {
    if (row.edit.kind == EditKind::kCreate) continue;
    for (const std::string& other :
         {std::string("012345678"), std::string("01234567890"), std::string("0x2x4x6x8x")}) {
      const support::TempFolder folder;
      folder.Write("a", other);
      Disk disk;
      const auto done = Perform(disk, folder.path(), row.edit, kOwner);
      ASSERT_FALSE(done) << row.name << " on " << other;
      EXPECT_EQ(done.error().code, Errc::kRefused);
      EXPECT_EQ(folder.Read("a"), other);
    }
    const support::TempFolder empty;
    Overlay overlay;
    EXPECT_EQ(Perform(overlay, empty.path(), row.edit, kOwner).error().code, Errc::kRefused) << row.name;
  }
}

TEST(Edit, MakesAFileOfASpooledOne) {
  auto spool = SpoolFile::Make("it");
  ASSERT_TRUE(spool && spool->WriteAt(0, AsBytes(kContent)) && spool->Seal());
  const Edit edit = CreateEdit("b", std::make_shared<const SpoolFile>(std::move(*spool)));
  const support::TempFolder folder;
  Overlay overlay;
  ASSERT_TRUE(Perform(overlay, folder.path(), edit, kOwner));
  EXPECT_EQ(AsText(overlay.Read(folder / "b")->bytes()), kContent);
  EXPECT_TRUE(overlay.Unchanged(folder / "b")) << "it takes no memory";
  ASSERT_TRUE(overlay.WriteAt(folder / "b", 0, AsBytes("X")));
  EXPECT_EQ(AsText(overlay.Read(folder / "b")->bytes()), "X" + std::string(kContent).substr(1));
  EXPECT_FALSE(std::filesystem::exists(folder / "b"));
  Disk disk;
  ASSERT_TRUE(Perform(disk, folder.path(), edit, kOwner));
  EXPECT_EQ(folder.Read("b"), kContent);
}

TEST(Edit, RefusesANameThatIsTaken) {
  const support::TempFolder folder;
  folder.Write("a", kContent);
  folder.Write("b", "precious");
  Disk disk;
  EXPECT_EQ(Perform(disk, folder.path(), RenameEdit("a", AsBytes(kContent), "b"), kOwner).error().what,
            "already exists");
  EXPECT_EQ(Perform(disk, folder.path(), CreateEdit("b", "new"), kOwner).error().what, "already exists");
  EXPECT_EQ(folder.Read("b"), "precious");
}

TEST(PathOf, TakesAbsoluteNamesAsTheyAre) {
  EXPECT_EQ(PathOf("/data", "member/wal/x"), "/data/member/wal/x");
  EXPECT_EQ(PathOf("/data", "/wal/x"), "/wal/x");
}

}  // namespace
}  // namespace etcdmedic::plan
