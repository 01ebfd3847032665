// SPDX-License-Identifier: Apache-2.0
#include "plan/planner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

#include "plan/journal.h"
#include "plan/undo.h"
#include "support/wal_builder.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;  // below the data directory

Files ReadFiles(const fs::path& root) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    files[entry.path().lexically_relative(root).string()] = text.str();
  }
  return files;
}

// Up to three segments of one log without a backend, so that nothing but the log can tell.
Files RandomLog(std::mt19937_64& random) {
  Files files;
  uint32_t seed = 0;
  uint64_t index = 0, term = 1;
  const uint64_t segments = 1 + random() % 3;
  for (uint64_t sequence = 0; sequence < segments; ++sequence) {
    support::WalBuilder log(seed);
    const std::string name =
        "member/wal/" + wal::FormatSegmentName({sequence, sequence == 0 ? 0 : index + 1});
    if (sequence == 0) log.Snapshot(0, 0);
    for (uint64_t i = 0; i < 4 + random() % 20; ++i) {
      ++index;
      log.Put(term, index, "/key", std::string(random() % 400, 'v')).State(term, 1, index);
      if (random() % 20 == 0) ++term;
    }
    seed = log.crc();
    if (sequence + 1 == segments) log.Zeros(4096);
    files[name] = log.bytes();
  }
  return files;
}

// Zeros, other bytes or one flipped bit in one segment, or its end cut off.
void Damage(Files& files, std::mt19937_64& random) {
  auto file = files.begin();
  std::advance(file, static_cast<std::ptrdiff_t>(random() % files.size()));
  std::string& bytes = file->second;
  const size_t at = random() % (bytes.size() - 100);
  switch (random() % 4) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
      break;
    case 1:
      bytes.replace(at, 100, std::string(100, '\0'));
      break;
    case 2:
      for (size_t i = 0; i < 60; ++i) bytes[at + i] = static_cast<char>(random());
      break;
    default:
      bytes.resize(at);
  }
}

struct Seen {
  check::Report report;
  Plan plan;
  std::map<uint64_t, uint64_t> entries;  // index -> term
};

Seen Look(const fs::path& root) {
  auto state = member::LoadMember(*member::Recognise(root.string()));
  Seen seen;
  seen.report = check::Verify(*state, startup::EtcdVersion{3, 6});
  seen.plan = MakePlan(*state, seen.report);
  for (const raft::Run& run : state->log.surviving) {
    for (uint64_t i = run.first; i <= run.last; ++i) seen.entries[i] = run.term;
  }
  return seen;
}

std::set<std::string_view> LogFaults(const check::Report& report) {
  std::set<std::string_view> codes;
  for (const diag::Finding& finding : report.findings) {
    const std::string_view name = InfoOf(finding.code).name;
    if (finding.severity > diag::Severity::kNote && !name.starts_with("DB-")) codes.insert(name);
  }
  return codes;
}

class PlannerTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/etcdmedic-planner-XXXXXX";
    base_ = mkdtemp(pattern);
    root_ = base_ / "data";
  }
  void TearDown() override { fs::remove_all(base_); }
  void Fill(const Files& files) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "member/wal");
    fs::create_directories(root_ / "member/snap");
    for (const auto& [name, bytes] : files) {
      std::ofstream(root_ / name, std::ios::binary) << bytes;
      fs::permissions(root_ / name, fs::perms::owner_read | fs::perms::owner_write);
    }
  }
  fs::path base_, root_;
};

TEST_F(PlannerTest, MendsWhatItSaysItMendsKeepsWhatItSaysItKeepsAndTakesItBack) {
  std::mt19937_64 random(13);
  int mended = 0;
  for (int round = 0; round < 80; ++round) {
    Files files = RandomLog(random);
    Fill(files);
    const Seen sound = Look(root_);
    ASSERT_TRUE(sound.plan.steps.empty()) << "round " << round;
    Damage(files, random);
    Fill(files);
    const Seen before = Look(root_);
    for (const auto& [index, term] : before.entries) {
      const auto original = sound.entries.find(index);
      ASSERT_TRUE(original != sound.entries.end() && original->second == term) << "round " << round;
    }
    if (before.plan.steps.empty()) continue;
    uint64_t lost = UINT64_MAX;
    for (const Step& step : before.plan.steps) {
      if (step.lost_first != 0) lost = std::min(lost, step.lost_first);
    }
    for (const Doubt& doubt : before.plan.doubts) lost = std::min(lost, doubt.first_index);
    const std::string journal = (base_ / ("undo-" + std::to_string(round))).string();
    ASSERT_TRUE(ApplyInPlace(before.plan, {journal, {}})) << "round " << round;
    const Seen after = Look(root_);
    if (before.plan.advice.empty()) {
      ASSERT_EQ(LogFaults(after.report), std::set<std::string_view>{}) << "round " << round;
      ++mended;
    }
    for (const auto& [index, term] : sound.entries) {
      if (index >= lost) break;
      ASSERT_TRUE(after.entries.contains(index)) << "round " << round << ", entry " << index;
    }
    ASSERT_TRUE(Undo(journal)) << "round " << round;
    ASSERT_EQ(ReadFiles(root_), files) << "round " << round;
  }
  EXPECT_GT(mended, 30);
}

// The records that can be read below a directory, entries by index. In order: what a reader of the whole log
// is left with. Else: all that any segment holds.
struct Readable final : wal::SegmentVisitor {
  Readable(const Files& files, bool in_order) : replaces(in_order) {
    for (const auto& [name, bytes] : files) {
      if (name.ends_with(".wal")) wal::ReadSegment(AsBytes(bytes), {std::nullopt, false}, *this);
    }
  }
  void OnRecord(const wal::Record& record) override {
    raft::Entry entry;
    if (record.type != wal::RecordType::kEntry || !raft::ParseEntry(record.data, entry)) return;
    if (replaces) entries.erase(entries.lower_bound(entry.index), entries.end());
    entries[entry.index].insert(std::string(AsText(record.data)));
  }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage& damage) override {
    if (!damage.healings.empty() && damage.record) OnRecord(*damage.record);
  }
  const bool replaces;
  std::map<uint64_t, std::set<std::string>> entries;
};

std::string& Pick(Files& files, std::mt19937_64& random) {
  auto file = files.begin();
  std::advance(file, static_cast<std::ptrdiff_t>(random() % files.size()));
  return file->second;
}

// One of the ways in which disks and people damage a log; several may meet in one file.
std::string DamageOnce(Files& files, std::mt19937_64& random) {
  std::string& bytes = Pick(files, random);
  std::string& other = Pick(files, random);
  const size_t at = bytes.size() < 700 ? 0 : random() % (bytes.size() - 600);
  switch (random() % 10) {
    case 0:
    case 1:
      if (bytes.empty()) return "none";
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
      return "bit";
    case 2:
    case 3:
      std::swap(bytes, other);
      return "swap";
    case 4:
      bytes += std::string(40, '\0') + "left over from a file that was here before";
      return "tail";
    case 5:
      for (size_t i = at / 512 * 512; i < std::min(bytes.size(), at / 512 * 512 + 512); ++i) bytes[i] = '\0';
      return "zeros";
    case 6:
      for (size_t i = 0; i < 60 && at + i < bytes.size(); ++i) bytes[at + i] = static_cast<char>(random());
      return "garbage";
    case 7:
      bytes.resize(at);
      return "cut";
    case 8:
      bytes.clear();
      return "emptied";
    default:
      other = bytes;
      return "copied";
  }
}

int Goodness(const check::Report& report) { return startup::IsGood(report.prediction.outcome) ? 1 : 0; }

class PropertyTest : public PlannerTest {
 protected:
  // Applies the plan and checks what must hold whatever the damage was.
  void Check(const Files& damaged, const Seen& before, Plan plan, bool accept_loss, const std::string& what) {
    if (!accept_loss) {
      std::erase_if(plan.steps,
                    [](const Step& step) { return step.safety == Safety::kLossy || step.follows_loss; });
    }
    if (plan.steps.empty()) return;
    const std::string journal = (base_ / "undo.journal").string();
    fs::remove(journal);
    const auto applied = ApplyInPlace(plan, {journal, {}});
    ASSERT_TRUE(applied) << what << ": " << applied.error().where.file << " " << applied.error().what;
    const Seen after = Look(root_);
    EXPECT_GE(Goodness(after.report), Goodness(before.report)) << what;
    if (accept_loss) {
      EXPECT_LE(LogFaults(after.report).size(), LogFaults(before.report).size()) << what;
    }
    CheckEntries(damaged, plan, what);
    ASSERT_TRUE(Undo(journal)) << what;
    ASSERT_TRUE(ReadFiles(root_) == damaged) << what << ": undo left a difference";
  }

  // Every entry of the original log that could be read can be read as it was, unless the plan names it as
  // lost.
  void CheckEntries(const Files& damaged, const Plan& plan, const std::string& what) {
    const Readable found(damaged, false), kept(ReadFiles(root_), false);
    for (const auto& [index, data] : original_->entries) {
      if (!found.entries.contains(index) || !found.entries.at(index).contains(*data.begin())) continue;
      const bool lost = std::ranges::any_of(plan.steps, [index = index](const Step& step) {
        return step.lost_first != 0 && index >= step.lost_first &&
               (step.lost_last == 0 || index <= step.lost_last);
      });
      if (lost) continue;
      ASSERT_TRUE(kept.entries.contains(index) && kept.entries.at(index).contains(*data.begin()))
          << what << ": entry " << index << " is gone or changed";
    }
  }

  std::optional<Readable> original_;
};

TEST_F(PropertyTest, NeverChangesASoundRecordWhereDamagesMeet) {
  std::mt19937_64 random(20251127);
  int repaired = 0;
  for (int round = 0; round < 260; ++round) {
    const Files sound = RandomLog(random);
    original_.emplace(sound, true);
    Files damaged = sound;
    std::string what = "round " + std::to_string(round) + ":";
    const uint64_t damages = 2 + random() % 2;
    for (uint64_t i = 0; i < damages; ++i) what += " " + DamageOnce(damaged, random);
    if (damaged == sound) continue;
    Fill(damaged);
    const Seen before = Look(root_);
    ASSERT_TRUE(ReadFiles(root_) == damaged) << what << ": a plan changed something";
    repaired += before.plan.steps.empty() ? 0 : 1;
    for (const Step& step : before.plan.steps) what += "\n  " + step.title + "; lost: " + step.loss;
    for (const bool accept_loss : {false, true}) {
      Check(damaged, before, before.plan, accept_loss, what);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(repaired, 150);
}

// Two segments under each other's names and a bit in one of them: the bit belongs to the content, not to the
// name.
TEST_F(PropertyTest, HealsTheContentThatWasLookedAtWhereNamesChangeHands) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 12; ++round) {
    Files files;
    do files = RandomLog(random);
    while (files.size() < 2);
    const Files sound = files;
    std::swap(files.begin()->second, std::next(files.begin())->second);
    std::string& bytes = (round % 2 == 0 ? files.begin() : std::next(files.begin()))->second;
    const size_t at = 40 + random() % 200;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    if (round % 3 == 0)
      files.begin()->second += std::string(24, '\0') + "a tail of bytes that are never read";
    Fill(files);
    const Seen before = Look(root_);
    ASSERT_FALSE(before.plan.steps.empty());
    ASSERT_TRUE(ApplyInPlace(before.plan, {(base_ / ("undo" + std::to_string(round))).string(), {}}));
    Files after = ReadFiles(root_);
    for (auto& [name, content] : after) content.resize(sound.at(name).size());
    EXPECT_TRUE(after == sound) << "round " << round;
  }
}

// A log whose own end is torn: how much followed is not known, and the plan says so.
TEST_F(PlannerTest, SaysThatALossIsOpenWhereTheEndIsTorn) {
  support::WalBuilder log;
  log.Snapshot(0, 0);
  for (uint64_t i = 1; i <= 40; ++i) log.Put(1, i, "/key", std::string(100, 'v')).State(1, 1, i);
  std::string bytes = log.bytes();
  const auto at = log.placed()[30].offset;
  for (size_t i = 0; i < 300; ++i) bytes[at + i] = static_cast<char>(i * 37);
  for (const bool torn : {false, true}) {
    Fill({{"member/wal/" + wal::FormatSegmentName({0, 0}),
           torn ? bytes.substr(0, log.placed()[70].offset + 30) : bytes + std::string(5000, '\0')}});
    const Plan plan = Look(root_).plan;
    const auto lossy = std::ranges::find(plan.steps, Safety::kLossy, &Step::safety);
    ASSERT_NE(lossy, plan.steps.end());
    EXPECT_GT(lossy->lost_first, 0U);
    EXPECT_EQ(lossy->lost_last, torn ? 0U : 40U);
    EXPECT_EQ(lossy->loss.find("at least") == std::string::npos, false);
  }
}

// Segments of another member are never made part of a log.
TEST_F(PlannerTest, JoinsNothingForeign) {
  support::WalBuilder own(0, 1), foreign(0, 2);
  own.Snapshot(0, 0);
  for (uint64_t i = 1; i <= 10; ++i) own.Put(1, i, "/own", "v").State(1, 1, i);
  for (uint64_t i = 11; i <= 20; ++i) foreign.Put(1, i, "/foreign", "v").State(1, 1, i);
  Fill({{"member/wal/" + wal::FormatSegmentName({0, 0}), own.bytes()},
        {"member/wal/" + wal::FormatSegmentName({1, 11}), foreign.bytes() + std::string(4096, '\0')}});
  const Plan plan = Look(root_).plan;
  EXPECT_TRUE(plan.steps.empty());
  ASSERT_FALSE(plan.advice.empty());
  EXPECT_NE(plan.advice[0].find("node 1 of cluster 2"), std::string::npos) << plan.advice[0];
  EXPECT_NE(plan.advice[0].find("node 2 of cluster 2"), std::string::npos) << plan.advice[0];
}

// A copied file's name says nothing about the log that it is of.
TEST_F(PlannerTest, NeverRenamesASegmentThatWasGivenAlone) {
  support::WalBuilder log(12345);
  for (uint64_t i = 432; i <= 440; ++i) log.Put(1, i, "/key", "v").State(1, 1, i);
  Fill({{"copied.wal", log.bytes() + std::string(4096, '\0')}});
  EXPECT_TRUE(Look(root_ / "copied.wal").plan.steps.empty());
}

}  // namespace
}  // namespace etcdmedic::plan
