// SPDX-License-Identifier: Apache-2.0
// The rows of docs/wal-damage.md, on a log of three small segments: what was done to it, and how etcd starts.
// The messages are those that etcd logs; docs/format/startup.md lists them by step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "startup/predict.h"
#include "support/startup_member.h"

namespace etcdmedic::startup {
namespace {

using support::StartupMember;
using support::WalBuilder;
using testing::HasSubstr;

constexpr EtcdVersion k34{3, 4}, k35{3, 5}, k36{3, 6}, k37{3, 7};

std::string& Last(StartupMember& member) { return member.segments[StartupMember::kLast]; }
std::string& Middle(StartupMember& member) { return member.segments[StartupMember::kMiddle]; }
std::string& First(StartupMember& member) { return member.segments[StartupMember::kFirst]; }

void Flip(std::string& bytes, size_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 0x10); }
void Put(std::string& bytes, size_t at, const std::string& what) { bytes.replace(at, what.size(), what); }
// The end of the last record of the last segment, without the zeros after it.
size_t End(const StartupMember& member) { return member.LastFrame().end; }

struct Case {
  const char* name;  // of the row
  void (*damage)(StartupMember&);
  Outcome outcome;
  const char* message;  // a part of it
};

const Case kCases[] = {
    {"d01-db-missing", [](StartupMember& m) { m.has_db = false; }, Outcome::kStarts, ""},
    {"e01-zero-length-segment-appended",
     [](StartupMember& m) { m.segments["0000000000000003-000000000000000a.wal"] = ""; }, Outcome::kStarts,
     ""},
    {"e02-zero-length-last-segment", [](StartupMember& m) { Last(m).clear(); }, Outcome::kHangs, ""},
    {"e04-only-metadata",
     [](StartupMember& m) {
       m.segments.clear();
       First(m) = WalBuilder().Zeros(4096).bytes();
     },
     Outcome::kHangs, ""},
    {"e05-only-metadata-no-db",
     [](StartupMember& m) {
       m.segments.clear();
       First(m) = WalBuilder().Zeros(4096).bytes();
       m.has_db = false;
     },
     Outcome::kHangs, ""},
    {"f01-bitflip-middle-segment",
     [](StartupMember& m) { Flip(Middle(m), m.Frame(StartupMember::kMiddle, 4).data_offset + 12); },
     Outcome::kExits, "walpb: crc mismatch: expected: "},
    {"f05-bitflip-metadata-first-segment",
     [](StartupMember& m) { Flip(First(m), m.Frame(StartupMember::kFirst, 1).data_offset + 1); },
     Outcome::kExits, "in file '0000000000000000-0000000000000000.wal' at position: "},
    {"g01-garbage-tail", [](StartupMember& m) { Put(Last(m), End(m), std::string(300, '\x5A')); },
     Outcome::kRepairsAndStarts, ""},
    {"g02-garbage-appended", [](StartupMember& m) { Last(m) += std::string(300, '\x5A'); }, Outcome::kStarts,
     ""},
    {"l02-huge-length-last",
     [](StartupMember& m) { Put(Last(m), m.LastFrame().offset, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"); },
     Outcome::kRepairsAndStarts, ""},
    {"l04-length-40MB-last",
     [](StartupMember& m) { Put(Last(m), m.LastFrame().offset, std::string("\0\0\x80\2\0\0\0\0", 8)); },
     Outcome::kRepairsAndStarts, ""},
    {"s01-swapped-segments-1-2", [](StartupMember& m) { std::swap(Middle(m), Last(m)); }, Outcome::kExits,
     "crc mismatch"},
    {"s02-missing-middle", [](StartupMember& m) { m.segments.erase(StartupMember::kMiddle); },
     Outcome::kExits, "crc mismatch"},
    {"s03-missing-first", [](StartupMember& m) { m.segments.erase(StartupMember::kFirst); }, Outcome::kExits,
     "wal: file not found which matches the snapshot index '0'"},
    {"s04-missing-last", [](StartupMember& m) { m.segments.erase(StartupMember::kLast); }, Outcome::kHangs,
     ""},
    {"t01-trunc-in-length", [](StartupMember& m) { Last(m).resize(m.LastFrame().offset + 3); },
     Outcome::kRepairsAndStarts, ""},
    {"t02-trunc-after-length", [](StartupMember& m) { Last(m).resize(m.LastFrame().offset + 8); },
     Outcome::kRepairsAndStarts, ""},
    {"t04-trunc-in-data", [](StartupMember& m) { Last(m).resize(m.LastFrame().data_offset + 20); },
     Outcome::kRepairsAndStarts, ""},
    {"t06-trunc-at-frame-end", [](StartupMember& m) { Last(m).resize(End(m)); }, Outcome::kStarts, ""},
    {"z03-zero-half-of-last-record",
     [](StartupMember& m) {
       const size_t from = m.LastFrame().data_offset + 50;
       Put(Last(m), from, std::string(End(m) - from, '\0'));
     },
     Outcome::kRepairsAndStarts, ""},
    {"z04-append-4KiB-zeros", [](StartupMember& m) { Last(m) += std::string(4096, '\0'); }, Outcome::kStarts,
     ""},
};

class WalDamage : public testing::TestWithParam<Case> {};

TEST_P(WalDamage, EndsAsEtcd36WasMeasured) {
  StartupMember member;
  const auto sound = member.segments;
  ASSERT_EQ(member.Predict(k36).outcome, Outcome::kStarts) << "before the damage";
  GetParam().damage(member);
  ASSERT_TRUE(member.segments != sound || !member.has_db) << "nothing was damaged";
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(NameOf(prediction.outcome), NameOf(GetParam().outcome))
      << prediction.message << "; " << prediction.explanation;
  EXPECT_THAT(prediction.message, HasSubstr(GetParam().message));
  if (prediction.outcome != Outcome::kStarts) {
    EXPECT_FALSE(prediction.explanation.empty());
  }
}

std::string NameOfCase(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Predict, WalDamage, testing::ValuesIn(kCases), NameOfCase);

TEST(BootLog, IsRepairedInItsLastSegmentAlone) {
  StartupMember member;
  Middle(member).resize(member.Frame(StartupMember::kMiddle, 5).offset + 3);
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kExits);
  EXPECT_THAT(prediction.explanation, HasSubstr("repairs only the last segment"));
}

TEST(BootLog, LosesWhatLiesAfterAFaultOfTheLastSegment) {
  StartupMember member;
  Put(Last(member), member.Frame(StartupMember::kLast, 3).offset,
      "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F");  // of entry 7
  EXPECT_EQ(member.Predict(k36).outcome, Outcome::kHangs) << "l01: the backend has applied more";
  EXPECT_EQ(member.state.backend->consistent_index, 9U);
  member.space.Meta("consistent_index", support::BigEndian64(7));
  member.db.clear();
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kStartsAndLoses) << prediction.explanation;
  EXPECT_EQ(prediction.message, "repaired WAL");
  EXPECT_THAT(prediction.explanation, HasSubstr("entries 7 to 9"));
}

TEST(BootLog, DiffersByRelease) {
  struct Row {
    const char* name;
    void (*damage)(StartupMember&);
    EtcdVersion version;
    Outcome outcome;
    const char* message;
  };
  const auto cut_field = [](StartupMember& m) {
    // The length of the data in the last record reaches beyond its frame: a field that runs past its record.
    const size_t at = m.LastFrame().data_offset - 1;
    Put(Last(m), at, "\x7F");
  };
  const auto impossible = [](StartupMember& m) {
    Put(Last(m), m.LastFrame().offset, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F");
  };
  const auto first_gone = [](StartupMember& m) { m.segments.erase(StartupMember::kFirst); };
  const auto flipped = [](StartupMember& m) {
    Flip(Middle(m), m.Frame(StartupMember::kMiddle, 4).data_offset + 12);
  };
  const Row rows[] = {
      {"an impossible length", impossible, k34, Outcome::kExits, "wal: max entry size limit exceeded"},
      {"an impossible length", impossible, k35, Outcome::kRepairsAndStarts, ""},
      {"the first segment is gone", first_gone, k35, Outcome::kExits, "wal: file not found"},
      {"a flipped bit", flipped, k35, Outcome::kExits, "walpb: crc mismatch"},
      {"a field past its record", cut_field, k37, Outcome::kExits, ""},
  };
  for (const Row& row : rows) {
    StartupMember member;
    row.damage(member);
    const Prediction prediction = member.Predict(row.version);
    EXPECT_EQ(NameOf(prediction.outcome), NameOf(row.outcome))
        << row.name << ", 3." << row.version.minor << ": " << prediction.message << "; "
        << prediction.explanation;
    EXPECT_THAT(prediction.message, HasSubstr(row.message)) << row.name;
  }
}

TEST(BootLog, RefusesWhatTheRecordsContradict) {
  struct Row {
    const char* name;
    WalBuilder log;
    Outcome outcome;
    const char* message;
  };
  const std::string other_metadata = "\x08\x07\x10\x02";
  const std::string add = StartupMember::AddNode(1);
  const Row rows[] = {
      {"a gap", WalBuilder().Snapshot(0, 0).Entry(1, 1, add, 1).Entry(2, 5, "").State(2, 1, 1),
       Outcome::kExits, "slice bounds out of range"},
      {"another member", WalBuilder().Snapshot(0, 0).Record(1, other_metadata).Entry(1, 1, add, 1),
       Outcome::kExits, "conflicting metadata found"},
      {"a type that etcd does not know", WalBuilder().Snapshot(0, 0).Entry(1, 1, add, 1).Record(9, "x"),
       Outcome::kExits, "unexpected block type 9"},
      {"a commit index beyond the log", WalBuilder().Snapshot(0, 0).Entry(1, 1, add, 1).State(2, 1, 77),
       Outcome::kPanics, "state.commit 77 is out of range [0, 1]"},
      {"no entry", WalBuilder().Snapshot(0, 0).State(2, 1, 0), Outcome::kHangs, ""},
  };
  for (const Row& row : rows) {
    StartupMember member;
    member.segments.clear();
    First(member) = WalBuilder(row.log).Zeros(4096).bytes();
    member.space.Meta("consistent_index", support::BigEndian64(0));
    member.has_db = false;
    const Prediction prediction = member.Predict(k36);
    EXPECT_EQ(NameOf(prediction.outcome), NameOf(row.outcome)) << row.name << ": " << prediction.message;
    EXPECT_THAT(prediction.message, HasSubstr(row.message)) << row.name;
  }
}

TEST(BootLog, NeedsAMetadataRecord) {
  StartupMember member;
  member.segments.clear();
  First(member) = WalBuilder().bytes().substr(0, 16) + std::string(4096, '\0');  // the crc record alone
  EXPECT_EQ(member.Predict(k36).message, "cannot use none as id");
  EXPECT_EQ(member.Predict(k36).outcome, Outcome::kPanics);
}

// Whatever is cut off the log, there is a prediction, and it is never "starts" where committed entries are
// gone.
TEST(BootLog, IsPredictedAtEveryCut) {
  StartupMember member;
  const std::string whole = Last(member).substr(0, End(member));
  for (size_t length = 0; length <= whole.size(); length += length < 700 ? 1 : 13) {
    Last(member) = whole.substr(0, length);
    for (const EtcdVersion version : KnownVersions()) {
      const Prediction prediction = member.Predict(version);
      const uint64_t held = member.state.log.last_index();
      if (prediction.outcome == Outcome::kStarts) {
        EXPECT_GE(held + 1, 9U) << length;
      }
      EXPECT_NE(prediction.outcome, Outcome::kUnknown) << length;
    }
  }
}

}  // namespace
}  // namespace etcdmedic::startup
