// SPDX-License-Identifier: Apache-2.0
#include "plan/journal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/sha256.h"
#include "plan/edit.h"
#include "plan/undo.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Everything below a directory: content and mode.
std::map<std::string, std::string> Picture(const fs::path& root) {
  std::map<std::string, std::string> picture;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    struct stat info {};
    stat(entry.path().c_str(), &info);
    picture[entry.path().lexically_relative(root).string()] =
        std::to_string(info.st_mode) + (entry.is_regular_file() ? ReadAll(entry.path()) : "");
  }
  return picture;
}

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/etcdmedic-journal-XXXXXX";
    base_ = mkdtemp(pattern);
    root_ = base_ / "data";
    journal_ = (base_ / "undo.journal").string();
    Fill();
  }
  void TearDown() override { fs::remove_all(base_); }

  void Fill() {
    fs::remove_all(root_);
    fs::remove(journal_);
    fs::create_directories(root_ / "wal");
    Write("wal/a", std::string(5000, 'a') + std::string(20000, '\0') + "tail");
    Write("wal/b", "content of b");
    Write("wal/c", std::string(100, 'c'));
    fs::permissions(root_ / "wal/c", fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  }
  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(root_ / name, std::ios::binary) << bytes;
  }

  // Every kind of edit; names change hands on the way.
  Plan EveryKind() const {
    Step step;
    step.edits = {{EditKind::kWrite, "wal/a", {}, 10, 0, "XYZ"},
                  {EditKind::kTruncate, "wal/a", {}, 0, 6000, {}},
                  {EditKind::kRename, "wal/a", "wal/a.broken", 0, 0, {}},
                  {EditKind::kCreate, "wal/a", {}, 0, 0, "a new file under the old name"},
                  {EditKind::kRemove, "wal/b", {}, 0, 0, {}},
                  {EditKind::kWrite, "wal/c", {}, 90, 0, std::string(30, 'd')},
                  MakeFolderEdit("new", {geteuid(), getegid(), 0750}),
                  CreateEdit("new/file", "in the new directory"),
                  SetOwnerEdit("wal/c", {geteuid(), getegid(), 0604}),
                  SetOwnerEdit("wal", {geteuid(), getegid(), 0700})};
    Plan plan;
    plan.root = root_.string();
    plan.steps.push_back(step);
    return plan;
  }

  // Runs `work` in a child that is killed at its n-th write; true where it got through before that.
  static bool RunsThrough(int n, const std::function<bool(const std::function<void()>&)>& work) {
    const pid_t child = fork();
    if (child == 0) {
      int left = n;
      const bool done = work([&left] {
        if (left-- == 0) raise(SIGKILL);
      });
      _exit(done ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0)
        << "the work failed by itself at write " << n;
    return WIFEXITED(status);
  }

  fs::path base_;
  fs::path root_;
  std::string journal_;
};

TEST_F(JournalTest, AppliesAndUndoesBitForBit) {
  const auto before = Picture(root_);
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  const auto after = Picture(root_);
  EXPECT_TRUE(after != before);
  EXPECT_EQ(ReadAll(root_ / "wal/a"), "a new file under the old name");
  EXPECT_FALSE(fs::exists(root_ / "wal/b"));
  ASSERT_TRUE(Undo(journal_));
  EXPECT_TRUE(Picture(root_) == before);
  EXPECT_FALSE(Undo(journal_)) << "nothing is left to undo";
}

TEST_F(JournalTest, UndoesAfterAKillAtAnyWriteOfApply) {
  const auto before = Picture(root_);
  int writes = 0;
  for (bool through = false; !through; ++writes) {
    ASSERT_LT(writes, 200);
    Fill();
    through = RunsThrough(writes, [&](const auto& hook) {
      return ApplyInPlace(EveryKind(), {journal_, hook}).has_value();
    });
    auto undone = Undo(journal_);
    for (const char* half : {"wal/a.etcdmedic-new"}) EXPECT_FALSE(fs::exists(root_ / half));
    ASSERT_TRUE(Picture(root_) == before) << "killed at write " << writes;
  }
  EXPECT_GT(writes, 15) << "every write was tried";
}

TEST_F(JournalTest, UndoesAfterAKillAtAnyWriteOfUndo) {
  const auto before = Picture(root_);
  int writes = 0;
  for (bool through = false; !through; ++writes) {
    ASSERT_LT(writes, 200);
    Fill();
    ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
    through = RunsThrough(
        writes, [&](const auto& hook) { return Undo(journal_, {.before_write = hook}).has_value(); });
    if (!through) {
      const auto again = Undo(journal_);
      ASSERT_TRUE(again) << "killed at write " << writes << ": " << again.error().what;
    }
    ASSERT_TRUE(Picture(root_) == before) << "killed at write " << writes;
  }
  EXPECT_GT(writes, 10);
}

TEST_F(JournalTest, LeavesTheSourceAloneWhenItWorksOnACopy) {
  const auto before = Picture(root_);
  const std::string copy = (base_ / "copy").string();
  ASSERT_TRUE(ApplyToCopy(EveryKind(), copy));
  EXPECT_TRUE(Picture(root_) == before);
  EXPECT_EQ(ReadAll(fs::path(copy) / "wal/a"), "a new file under the old name");
  EXPECT_FALSE(ApplyToCopy(EveryKind(), copy)) << "the output is not empty";
  EXPECT_FALSE(ApplyToCopy(EveryKind(), (root_ / "inside").string()));
}

TEST_F(JournalTest, RefusesAPlanThatLeadsOutOfItsRoot) {
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  for (const char* name : {"../outside", "/etc/passwd", "wal/../../outside"}) {
    plan.steps[0].edits = {{EditKind::kCreate, name, {}, 0, 0, "x"}};
    EXPECT_FALSE(ApplyInPlace(plan, {journal_, {}})) << name;
    EXPECT_FALSE(fs::exists(journal_)) << "nothing is written before the plan is accepted";
  }
}

// What happened to a file between a repair and its undo.
struct Meddling {
  const char* what;
  std::function<void(const fs::path& root)> act;
};

std::vector<Meddling> Meddlings() {
  const auto append = [](const char* name) {
    return [name](const fs::path& root) {
      std::ofstream(root / name, std::ios::app) << "an acknowledged write";
    };
  };
  return {
      {"appended to the file that the repair made", append("wal/a")},
      {"appended to the file that it wrote into", append("wal/c")},
      {"appended to the file that it renamed", append("wal/a.broken")},
      {"a byte changed in place",
       [](const fs::path& root) {
         std::fstream(root / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(95) << "!";
       }},
      {"a byte changed beside what was written",
       [](const fs::path& root) {
         std::fstream(root / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(5) << "!";
       }},
      {"cut short", [](const fs::path& root) { fs::resize_file(root / "wal/c", 50); }},
      {"removed", [](const fs::path& root) { fs::remove(root / "wal/a"); }},
      {"what was set aside removed", [](const fs::path& root) { fs::remove(root / "wal/a.broken"); }},
      {"what was removed is back", [](const fs::path& root) { std::ofstream(root / "wal/b") << "another"; }},
  };
}

TEST_F(JournalTest, RefusesToUndoWhatHasChangedSince) {
  for (const Meddling& meddling : Meddlings()) {
    Fill();
    ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
    meddling.act(root_);
    const auto changed = Picture(root_);
    const auto undone = Undo(journal_);
    ASSERT_FALSE(undone) << meddling.what;
    EXPECT_EQ(undone.error().code, Errc::kRefused);
    EXPECT_NE(undone.error().what.find("wal/"), std::string::npos) << "it names the file";
    EXPECT_TRUE(Picture(root_) == changed) << meddling.what << ": nothing was touched";
  }
}

TEST_F(JournalTest, UndoesByForceAndNamesWhatIsNotAsBefore) {
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  std::fstream(root_ / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(5) << "!";
  const auto undone = Undo(journal_, {.force = true});
  ASSERT_TRUE(undone);
  ASSERT_EQ(undone->different.size(), 1U);
  EXPECT_NE(undone->different[0].find("wal/c"), std::string::npos);
  EXPECT_EQ(ReadAll(root_ / "wal/b"), "content of b");
}

// A file may be partly written where apply or undo was stopped; bytes of a third kind are nobody's to undo.
TEST_F(JournalTest, TellsAnInterruptedApplyFromWhatOthersWrote) {
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  plan.steps[0].edits = {{EditKind::kWrite, "wal/c", {}, 20, 0, std::string(60, 'd')}};
  for (const bool foreign : {false, true}) {
    Fill();
    const auto before = Picture(root_);
    ASSERT_FALSE(RunsThrough(4, [&](const auto& hook) {
      return ApplyInPlace(plan, {journal_, hook}).has_value();
    }));
    std::fstream(root_ / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(20)
        << std::string(30, foreign ? 'x' : 'd');
    const auto undone = Undo(journal_);
    EXPECT_EQ(undone.has_value(), !foreign);
    if (!foreign) {
      EXPECT_TRUE(Picture(root_) == before);
    }
  }
}

TEST_F(JournalTest, RefusesWhileAProcessHoldsAFile) {
  Write("wal/0000000000000000-0000000000000000.wal", "held");
  const fs::path held = root_ / "wal/0000000000000000-0000000000000000.wal";
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  const int file = open(held.c_str(), O_RDWR | O_CLOEXEC);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  ASSERT_EQ(fcntl(file, F_OFD_SETLK, &lock), 0);
  for (const bool force : {false, true}) {
    const auto undone = Undo(journal_, {.force = force});
    ASSERT_FALSE(undone);
    EXPECT_EQ(undone.error().code, Errc::kInUse);
  }
  Plan again;
  again.root = root_.string();
  again.steps.push_back({});
  again.steps[0].edits = {{EditKind::kWrite, "wal/c", {}, 0, 0, "x"}};
  const auto applied = ApplyInPlace(again, {journal_ + "2", {}});
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, Errc::kInUse);
  EXPECT_FALSE(fs::exists(journal_ + "2"));
  close(file);
  EXPECT_TRUE(Undo(journal_));
}

TEST_F(JournalTest, RefusesAFileThatIsNotAsThePlanFoundIt) {
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  plan.steps[0].edits = {{EditKind::kWrite, "wal/b", {}, 3, 0, "XY"}};
  const std::string content = ReadAll(root_ / "wal/b");
  plan.steps[0].edits[0].expected = Expected{content.size(), 3, 2, Sha256(AsBytes(content).subspan(3, 2))};
  for (const char* changed : {"conXent of b", "content of b and more"}) {
    Write("wal/b", changed);
    EXPECT_FALSE(ApplyInPlace(plan, {journal_, {}})) << changed;
    EXPECT_FALSE(fs::exists(journal_)) << changed;
  }
  Write("wal/b", content);
  EXPECT_TRUE(ApplyInPlace(plan, {journal_, {}}));
}

TEST_F(JournalTest, GivesNewFilesTheOwnerAndTheModeOfWhatTheyReplace) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  for (const char* name : {"", "wal", "wal/a", "wal/b", "wal/c"})
    ASSERT_EQ(lchown((root_ / name).c_str(), 65534, 65534), 0);
  fs::permissions(root_ / "wal/a", fs::perms(0640));
  const auto owner = [&](const char* name) {
    struct stat info {};
    EXPECT_EQ(stat((root_ / name).c_str(), &info), 0) << name;
    return std::tuple(info.st_uid, info.st_gid, info.st_mode & 07777U);
  };
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  EXPECT_EQ(owner("wal/a"), std::tuple(65534U, 65534U, 0640U));
  ASSERT_TRUE(Undo(journal_));
  EXPECT_EQ(owner("wal/a"), std::tuple(65534U, 65534U, 0640U));
  EXPECT_EQ(std::get<0>(owner("wal/b")), 65534U) << "a removed file comes back as its owner's";
  const fs::path copy = base_ / "copy";
  ASSERT_TRUE(ApplyToCopy(EveryKind(), copy.string()));
  for (const auto& entry : fs::recursive_directory_iterator(copy)) {
    struct stat info {};
    ASSERT_EQ(stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, 65534U) << entry.path();
  }
}

// Journals of the first form say nothing of what the repair left.
TEST_F(JournalTest, RefusesJournalsOfTheOldFormWithoutForce) {
  const auto before = Picture(root_);
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  std::string bytes = ReadAll(journal_);
  bytes.replace(0, 17, "etcdmedic undo 1\n");
  std::ofstream(journal_, std::ios::binary | std::ios::trunc) << bytes;
  const auto undone = Undo(journal_);
  ASSERT_FALSE(undone);
  EXPECT_EQ(undone.error().code, Errc::kRefused);
  ASSERT_TRUE(Undo(journal_, {.force = true}));
  EXPECT_TRUE(Picture(root_) == before);
}

// A member that ran since wrote to its log, in whatever segment.
TEST_F(JournalTest, RefusesWhereTheLogHasGrownSince) {
  const char* const untouched = "wal/0000000000000000-0000000000000000.wal";
  for (const bool fresh : {false, true}) {
    Fill();
    Write(untouched, "records");
    ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
    Write(fresh ? "wal/0000000000000001-0000000000000009.wal" : untouched,
          "records and an acknowledged write");
    const auto undone = Undo(journal_);
    ASSERT_FALSE(undone) << fresh;
    EXPECT_EQ(undone.error().code, Errc::kRefused);
    EXPECT_TRUE(Undo(journal_, {.force = true}));
  }
}

TEST_F(JournalTest, FindsTheNewestJournalOfADirectoryOnly) {
  fs::create_directories(root_ / "member");
  const auto name = [&](int number) {
    return (root_ / ("member/etcdmedic-undo-000" + std::to_string(number) + ".journal")).string();
  };
  EXPECT_FALSE(FindJournal(root_.string()));
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  plan.steps[0].edits = {{EditKind::kWrite, "wal/b", {}, 0, 0, "1"}};
  ASSERT_TRUE(ApplyInPlace(plan, {name(1), {}}));
  plan.steps[0].edits[0].bytes = "2";
  ASSERT_TRUE(ApplyInPlace(plan, {name(2), {}}));
  EXPECT_FALSE(Undo(name(1))) << "the second repair changed what the first one left";
  EXPECT_EQ(FindJournal(root_.string()).value_or(""), name(2));
  ASSERT_TRUE(Undo(name(2)));
  EXPECT_EQ(FindJournal(root_.string()).value_or(""), name(1));
  fs::copy(root_, base_ / "moved", fs::copy_options::recursive);
  EXPECT_FALSE(FindJournal((base_ / "moved").string())) << "its journals are about the original";
  ASSERT_TRUE(Undo(name(1)));
  EXPECT_FALSE(FindJournal(root_.string()));
}

TEST_F(JournalTest, SaysThatAHalfWrittenJournalMeansNothingWasDone) {
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  const std::string whole = ReadAll(journal_);
  for (const size_t size : {size_t{0}, size_t{10}, whole.size() / 2, whole.size() - 1}) {
    std::ofstream(journal_, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    EXPECT_FALSE(Undo(journal_)) << size;
  }
}

}  // namespace
}  // namespace etcdmedic::plan
