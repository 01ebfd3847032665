// SPDX-License-Identifier: Apache-2.0
#include "diag/codes.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace etcdmedic::diag {
namespace {

TEST(Codes, FindEveryCodeByItsName) {
  std::set<std::string_view> names;
  ASSERT_GT(AllCodes().size(), 80U);
  for (const CodeInfo& info : AllCodes()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name << " is there twice";
    EXPECT_EQ(&InfoOf(info.code), &info) << info.name;
    EXPECT_EQ(FindCode(info.name), &info);
    std::string lower(info.name);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ(FindCode(lower), &info);
  }
}

TEST(Codes, SayWhatTheyMeanAndWhatToDo) {
  for (const CodeInfo& info : AllCodes()) {
    EXPECT_FALSE(info.title.empty()) << info.name;
    EXPECT_FALSE(info.loss.empty()) << info.name;
    EXPECT_FALSE(info.remedy.empty()) << info.name;
  }
}

TEST(Codes, KeepTheNamesOfEarlierReleases) {
  const std::pair<std::string_view, std::string_view> renamed[] = {
      {"file-mode-closed", "FILE-PERMISSION"},
      {"DB-GROUND-MOVED", "DB-CHANGED-DURING-READ"},
      {"MVCC-TOMBSTONE-ODD", "MVCC-TOMBSTONE-INVALID"},
      {"K8S-VALUE-CLOSED", "K8S-VALUE-UNDECRYPTED"},
      {"K8S-VALUE-NO-OBJECT", "K8S-VALUE-NOT-OBJECT"},
      {"K8S-VERSION-GONE", "K8S-VERSION-REMOVED"},
      {"SNAPSHOT-HASH-ABSENT", "SNAPSHOT-HASH-MISSING"},
      {"CLUSTER-MEMBER-TWICE", "CLUSTER-MEMBER-DUPLICATE"}};
  for (const auto& [former, now] : renamed) {
    const CodeInfo* info = FindCode(former);
    ASSERT_NE(info, nullptr) << former;
    EXPECT_EQ(info->name, now);
    EXPECT_EQ(FormerNamesOf(info->code).size(), 1U) << former;
  }
  EXPECT_EQ(FormerNamesOf(Code::kFilePermission), std::vector<std::string_view>{"FILE-MODE-CLOSED"});
  EXPECT_TRUE(FormerNamesOf(Code::kWalTailTorn).empty());
}

TEST(Codes, DoNotFindWhatIsNotThere) {
  EXPECT_EQ(FindCode(""), nullptr);
  EXPECT_EQ(FindCode("WAL-NO-SUCH-THING"), nullptr);
}

TEST(Severity, GetsWorseInItsOrder) {
  EXPECT_LT(Severity::kNote, Severity::kWarning);
  EXPECT_LT(Severity::kError, Severity::kFatal);
  EXPECT_EQ(NameOf(Severity::kNote), "note");
  EXPECT_EQ(NameOf(Severity::kFatal), "fatal");
}

}  // namespace
}  // namespace etcdmedic::diag
