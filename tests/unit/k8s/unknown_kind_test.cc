// SPDX-License-Identifier: Apache-2.0
// Kinds that no table knows, as Decode shows them.
#include "k8s/unknown_kind.h"

#include <gtest/gtest.h>

#include "k8s/value.h"
#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Number;

std::string Shown(Bytes value, diag::FindingList& found) {
  std::string out;
  Decode(value, {}, out, {"value", 0}, found);
  return out;
}
std::string Shown(const std::string& raw) {
  const std::string value = test::Stored("example.com/v1", "Thing", raw);
  diag::FindingList found;
  return Shown(AsBytes(value), found);
}

TEST(ByNumber, ShowsNumbersTextAndMessages) {
  const std::string shown =
      Shown(Delimited(1, Delimited(1, "name")) + Number(2, 150) + Delimited(3, "plain text") +
            Delimited(4, "\xff\xfe") + Number(5, 1) + Number(5, 2));
  EXPECT_NE(shown.find("apiVersion: example.com/v1\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("kind: Thing\n"), std::string::npos);
  EXPECT_NE(shown.find("150"), std::string::npos);
  EXPECT_NE(shown.find("plain text"), std::string::npos);
  EXPECT_NE(shown.find("base64: //4="), std::string::npos) << shown;
  EXPECT_NE(shown.find("- 1\n"), std::string::npos) << "a field that occurs twice is a list";
  EXPECT_NE(shown.find("- 2\n"), std::string::npos);
}

TEST(ByNumber, SaysThatTheKindIsUnknown) {
  const std::string value = test::Stored("example.com/v1", "Thing", Number(2, 1));
  diag::FindingList found;
  Shown(AsBytes(value), found);
  ASSERT_FALSE(found.items.empty());
  EXPECT_TRUE(InfoOf(found.items[0].code).name.starts_with("K8S-"));
}

TEST(ByNumber, HasABottom) {
  std::string nested = Number(1, 1);
  for (int i = 0; i < 3000; ++i) nested = Delimited(1, nested);
  EXPECT_LT(Shown(nested).size(), 100 * nested.size());
}

TEST(ByNumber, ReadsNothingPastAnyCut) {
  const std::string whole = test::Stored(
      "example.com/v1", "Thing", Delimited(1, Delimited(1, "name")) + Number(2, 150) + Delimited(3, "text"));
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    diag::FindingList found;
    const std::string shown = Shown(prefix, found);
    EXPECT_EQ(shown.empty(), prefix.empty()) << prefix.size();
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
