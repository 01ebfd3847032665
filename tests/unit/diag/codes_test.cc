// SPDX-License-Identifier: Apache-2.0
#include "diag/codes.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>

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
  ASSERT_NE(FindCode("file-mode-closed"), nullptr);
  EXPECT_EQ(FindCode("file-mode-closed")->code, Code::kFilePermission);
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
