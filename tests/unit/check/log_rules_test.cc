// SPDX-License-Identifier: Apache-2.0
#include "check/log_rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "member/member_state.h"
#include "support/wal_builder.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using support::WalBuilder;

constexpr const char* kFirst = "0000000000000000-0000000000000000.wal";

struct File {
  std::string name;
  std::string bytes;
};

raft::Log ReadFiles(const std::vector<File>& files) {
  std::vector<raft::SegmentInput> inputs;
  for (const File& file : files) inputs.push_back({file.name, AsBytes(file.bytes)});
  return raft::ReadLog(inputs, 1);
}

std::set<std::string_view> CodesOf(const std::vector<File>& files) {
  diag::FindingList found;
  CheckLog(ReadFiles(files), found);
  std::set<std::string_view> codes;
  for (const diag::Finding& finding : found.items) codes.insert(InfoOf(finding.code).name);
  return codes;
}

// Entries [first, last] of one term, each followed by the state that commits it.
WalBuilder& Fill(WalBuilder& log, uint64_t term, uint64_t first, uint64_t last) {
  for (uint64_t i = first; i <= last; ++i) log.Put(term, i, "/key", std::string(200, 'v')).State(term, 1, i);
  return log;
}

std::string NameOf(uint64_t sequence, uint64_t index) { return wal::FormatSegmentName({sequence, index}); }

// The second of two segments of one log, and the first beside it.
std::vector<File> TwoSegments() {
  WalBuilder first, second(Fill(first, 2, 1, 10).crc());
  return {{kFirst, first.bytes()}, {NameOf(1, 11), Fill(second, 2, 11, 20).Zeros(600).bytes()}};
}

TEST(LogRules, FindNothingInASoundLog) { EXPECT_EQ(CodesOf(TwoSegments()), std::set<std::string_view>{}); }

struct Case {
  const char* code;
  std::function<std::vector<File>()> make;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.code; }

const Case kCases[] = {
    {"WAL-RECORD-MALFORMED",
     [] {
       WalBuilder log;
       std::string bytes = Fill(log, 2, 1, 9).Zeros(100).bytes();
       bytes.replace(log.placed()[8].offset + 8, 6, std::string(6, '\xFF'));
       return std::vector<File>{{kFirst, bytes}};
     }},
    {"WAL-CRC-MISMATCH",
     [] {
       WalBuilder log;
       std::string bytes = Fill(log, 2, 1, 9).Zeros(100).bytes();
       const size_t at = log.placed()[8].data_offset + 20;
       bytes.replace(at, 7, "unlike!");
       return std::vector<File>{{kFirst, bytes}};
     }},
    {"WAL-SEGMENT-MISNAMED",
     [] {
       std::vector<File> files = TwoSegments();
       files[1].name = NameOf(5, 11);
       return files;
     }},
    {"WAL-RECORD-UNPROVEN",
     [] {
       WalBuilder log;
       std::string bytes = Fill(log, 2, 1, 9).Zeros(100).bytes();
       bytes.replace(512, 512, std::string(512, '\0'));
       return std::vector<File>{{kFirst, bytes}};
     }},
    {"WAL-RECORD-TYPE-UNKNOWN",
     [] {
       WalBuilder log;
       return std::vector<File>{{kFirst, log.Record(9, "what").Zeros(100).bytes()}};
     }},
    {"WAL-SEGMENT-FOREIGN",
     [] {
       std::vector<File> files = TwoSegments();
       WalBuilder other(77, 5);
       files[1].bytes = Fill(other, 2, 11, 12).Zeros(100).bytes();
       return files;
     }},
    {"WAL-METADATA-CONFLICT",
     [] {
       WalBuilder log;
       Fill(log, 2, 1, 3).Record(1, "\x08\x09\x10\x02");
       return std::vector<File>{{kFirst, log.Zeros(100).bytes()}};
     }},
    {"WAL-SEED-WRONG",
     [] {
       std::vector<File> files = TwoSegments();
       WalBuilder other(77);
       files[1].bytes = Fill(other, 2, 11, 12).Zeros(100).bytes();
       return files;
     }},
    {"WAL-SEED-WRONG",
     [] {
       std::vector<File> files = TwoSegments();
       files[1].bytes[12] = static_cast<char>(files[1].bytes[12] ^ 1);
       return files;
     }},
    {"WAL-LAYOUT-OLD",
     [] {
       WalBuilder log(0, 1, false);
       return std::vector<File>{{kFirst, Fill(log, 2, 1, 9).bytes()}};
     }},
    {"WAL-END-UNCERTAIN",  // cut
     [] {
       WalBuilder log;
       return std::vector<File>{{kFirst, Fill(log, 2, 1, 9).bytes()}};
     }},
    {"WAL-END-UNCERTAIN",  // zeros from the border of a sector on
     [] {
       WalBuilder log;
       Fill(log, 2, 1, 9);
       while (log.bytes().size() % 512 != 0) log.State(2, 1, 9);
       return std::vector<File>{{kFirst, log.Zeros(1024).bytes()}};
     }},
    {"WAL-SECTOR-ZEROED",
     [] {
       WalBuilder log;
       std::string bytes = Fill(log, 2, 1, 9).Zeros(100).bytes();
       const size_t from = log.placed()[12].offset;
       bytes.replace(from, log.placed().back().offset - from,
                     std::string(log.placed().back().offset - from, '\0'));
       return std::vector<File>{{kFirst, bytes}};
     }},
    {"RAFT-INDEX-GAP",
     [] {
       WalBuilder log;
       Fill(log, 2, 1, 3);
       return std::vector<File>{{kFirst, Fill(log, 2, 6, 8).Zeros(100).bytes()}};
     }},
    {"RAFT-TERM-BACKWARDS",
     [] {
       WalBuilder log;
       Fill(log, 3, 1, 3);
       return std::vector<File>{{kFirst, log.Put(2, 4, "k", "v").Zeros(100).bytes()}};
     }},
    {"RAFT-STATE-BACKWARDS",
     [] {
       WalBuilder log;
       Fill(log, 3, 1, 3);
       return std::vector<File>{{kFirst, log.State(3, 1, 1).Zeros(100).bytes()}};
     }},
    {"RAFT-STATE-BEYOND-LOG",
     [] {
       WalBuilder log;
       Fill(log, 3, 1, 3);
       return std::vector<File>{{kFirst, log.State(3, 1, 9).Zeros(100).bytes()}};
     }},
    {"RAFT-ENTRY-OVERWRITTEN",
     [] {
       WalBuilder log;
       log.Put(2, 1, "k", "v").Put(2, 2, "k", "v").Put(3, 2, "k", "w").State(3, 1, 2);
       return std::vector<File>{{kFirst, log.Zeros(100).bytes()}};
     }},
    {"RAFT-ENTRY-UNCOMMITTED",
     [] {
       WalBuilder log;
       Fill(log, 2, 1, 3);
       return std::vector<File>{{kFirst, log.Put(2, 4, "k", "v").Zeros(100).bytes()}};
     }},
    {"RAFT-ENTRY-MALFORMED",  // the record's data is not an entry
     [] {
       WalBuilder log;
       return std::vector<File>{{kFirst, log.Record(2, "\xFF\xFF").Zeros(100).bytes()}};
     }},
    {"RAFT-ENTRY-MALFORMED",  // the entry's data is not a request
     [] {
       WalBuilder log;
       return std::vector<File>{{kFirst, log.Entry(2, 1, "\xFF\xFF").State(2, 1, 1).Zeros(100).bytes()}};
     }},
    {"RAFT-ENTRY-TYPE-UNKNOWN",
     [] {
       WalBuilder log;
       return std::vector<File>{{kFirst, log.Entry(2, 1, "", 7).State(2, 1, 1).Zeros(100).bytes()}};
     }},
};

class LogRulesDamage : public testing::TestWithParam<Case> {};

TEST_P(LogRulesDamage, IsNamed) {
  const auto codes = CodesOf(GetParam().make());
  EXPECT_TRUE(codes.contains(GetParam().code)) << testing::PrintToString(codes);
}

INSTANTIATE_TEST_SUITE_P(Codes, LogRulesDamage, testing::ValuesIn(kCases), [](const auto& each) {
  std::string name = std::to_string(each.index) + "_" + each.param.code;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(MemberFiles, TellWhichPagesCouldNotBeRead) {
  const std::string path = testing::TempDir() + "/etcdmedic-shrinks";
  { std::ofstream(path) << std::string(5 * 4096, 'x'); }
  std::vector<MappedFile> maps;
  auto file = MappedFile::Open(path);
  ASSERT_TRUE(file);
  maps.push_back(std::move(*file));
  std::filesystem::resize_file(path, 4096);
  uint64_t sum = 0;
  for (const std::byte b : maps[0].bytes()) sum += std::to_integer<uint64_t>(b);
  EXPECT_EQ(sum, 4096U * 'x') << "what cannot be read reads as zeros";
  diag::FindingList found;
  member::ReportUnreadable(maps, found);
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(InfoOf(found.items[0].code).name, "FILE-READ-FAILED");
  EXPECT_EQ(found.items[0].where.offset, 4096U);
  EXPECT_EQ(found.items[0].length, 4U * 4096);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace etcdmedic::check
