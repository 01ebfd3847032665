// SPDX-License-Identifier: Apache-2.0
#include "plan/planner.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "plan/journal.h"
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
  auto state = check::LoadMember(*member::Recognise(root.string()));
  Seen seen;
  seen.report = check::Verify(*state, check::EtcdVersion{3, 6});
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

}  // namespace
}  // namespace etcdmedic::plan
