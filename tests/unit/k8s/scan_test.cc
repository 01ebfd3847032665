// SPDX-License-Identifier: Apache-2.0
#include "k8s/scan.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using diag::Code;
using test::Delimited;
using test::Entry;
using test::Number;

// The fields of a ConfigMap: 1 metadata, 2 data, 3 binaryData, 4 immutable.
const Message& ConfigMap() { return MessageAt(FindKind("v1", "ConfigMap")->message); }

struct Scanned {
  explicit Scanned(std::string message) : bytes(std::move(message)) { Scan(AsBytes(bytes)); }
  explicit Scanned(Bytes message) { Scan(message); }
  void Scan(Bytes message) { scanner.Scan(ConfigMap(), message, FieldPath{}, slots); }
  const Slot* Of(uint64_t number) const {
    const Field& field = *FindField(ConfigMap(), number);
    return slots.Has(field.slots[kByName]) ? &slots.at[field.slots[kByName]] : nullptr;
  }
  bool Again(uint64_t number) const {
    return (slots.again >> FindField(ConfigMap(), number)->slots[kByName] & 1) != 0;
  }
  std::vector<Code> Codes() const {
    std::vector<Code> codes;
    for (const auto& finding : found.items) codes.push_back(finding.code);
    return codes;
  }
  std::string bytes;
  diag::FindingList found;
  Where where{"db", 0};
  Remarks remarks{AsBytes(bytes), where, found};
  Scanner scanner{remarks, 1000, kByName};
  Slots slots;
};

TEST(Scanner, NotesWhereFieldsLie) {
  const Scanned scanned(Delimited(1, "meta") + Entry(2, "a", "1") + Number(4, 1));
  ASSERT_NE(scanned.Of(1), nullptr);
  EXPECT_EQ(AsText(scanned.Of(1)->bytes()), "meta");
  EXPECT_EQ(scanned.Of(4)->value, 1U);
  EXPECT_EQ(scanned.Of(4)->data, nullptr);
  EXPECT_EQ(scanned.Of(3), nullptr);
  EXPECT_TRUE(scanned.found.items.empty());
}

TEST(Scanner, KeepsTheRangeOfWhatComesSeveralTimes) {
  const Scanned scanned(Entry(2, "a", "1") + Number(4, 0) + Entry(2, "b", "2") + Number(4, 1));
  EXPECT_TRUE(scanned.Again(2));
  EXPECT_TRUE(scanned.Again(4));
  EXPECT_EQ(scanned.Of(4)->value, 1U) << "the last one counts";
  size_t entries = 0;
  ForEachOccurrence(*FindField(ConfigMap(), 2), *scanned.Of(2), [&](const proto::WireField&) { ++entries; });
  EXPECT_EQ(entries, 2U);
}

TEST(Scanner, MergesAMessageThatCameInParts) {
  Scanned scanned(Delimited(1, "one") + Number(4, 1) + Delimited(1, "two"));
  const Field& metadata = *FindField(ConfigMap(), 1);
  EXPECT_EQ(AsText(scanned.scanner.Merged(metadata, *scanned.Of(1), FieldPath{})), "onetwo");
}

// Each copy takes from one budget: a message split in ever more parts costs no square.
TEST(Scanner, StopsCopyingWhereItsBudgetEnds) {
  Scanned scanned(Delimited(1, std::string(700, 'x')) + Delimited(1, "last"));
  const Field& metadata = *FindField(ConfigMap(), 1);
  for (int i = 0; i < 11; ++i)
    EXPECT_EQ(scanned.scanner.Merged(metadata, *scanned.Of(1), FieldPath{}).size(), 704U) << i;
  EXPECT_EQ(AsText(scanned.scanner.Merged(metadata, *scanned.Of(1), FieldPath{})), "last");
  EXPECT_EQ(scanned.Codes(), std::vector{Code::kK8sValueNesting});
}

TEST(Scanner, RemarksOnWhatItDoesNotKnow) {
  Scanned unknown(Number(99, 7));
  unknown.remarks.Finish();
  EXPECT_EQ(unknown.Codes(), std::vector{Code::kK8sFieldUnknown});
  Scanned type(Delimited(4, "x"));
  EXPECT_EQ(type.Codes().front(), Code::kK8sFieldType);
  EXPECT_EQ(type.Of(4), nullptr);
  EXPECT_EQ(Scanned("\x0A\x05"
                    "ab")
                .Codes(),
            std::vector{Code::kK8sValueTruncated});
  EXPECT_EQ(Scanned("\x80").Codes(), std::vector{Code::kK8sValueMalformed});
}

// Whole fields before the cut are found, the cut one is said to be cut.
TEST(Scanner, FindsEveryWholeFieldAtEveryCut) {
  const std::string first = Delimited(1, "meta"), second = Entry(2, "a", "1"), third = Number(4, 1);
  const std::string whole = first + second + third;
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    const Scanned scanned(prefix);
    const size_t size = prefix.size();
    EXPECT_EQ(scanned.Of(4) != nullptr, size == whole.size()) << size;
    if (size >= first.size()) {
      EXPECT_EQ(AsText(scanned.Of(1)->bytes()), "meta");
    }
    const bool between =
        size == 0 || size == first.size() || size == first.size() + second.size() || size == whole.size();
    EXPECT_EQ(scanned.found.items.empty(), between) << size;
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
