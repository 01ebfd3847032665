// SPDX-License-Identifier: Apache-2.0
#include "k8s/remarks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

using diag::Code;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kValue = "0123456789";

// Remarks about kValue.
struct Noted {
  explicit Noted(bool masked = false)
      : remarks(AsBytes(kValue), where, found, SecretMask(masked, "Secret")) {}
  void Damage(size_t at) { remarks.Damaged(Code::kK8sValueMalformed, {}, kValue.data() + at, "it is cut"); }
  // The field of two bytes at `at`.
  void Unknown(size_t at, const FieldPath& frame = {}) {
    proto::WireField field;
    field.tag = kValue.data() + at;
    field.number = 99;
    remarks.Unknown(frame, field, field.tag + 2);
  }
  Where where{"db", 0};
  diag::FindingList found;
  Remarks remarks;
};

TEST(PathText, SpellsAPathAsPeopleDo) {
  const FieldPath root{};
  const FieldPath spec{&root, "spec"};
  const FieldPath containers{&spec, "containers", 1};
  const FieldPath env{&containers, "env"};
  EXPECT_EQ(PathText(root), "");
  EXPECT_EQ(PathText(env), "spec.containers[1].env");
  EXPECT_EQ(PathText({&root, "data", FieldPath::kKey, "a.b"}), R"(data["a.b"])");
  EXPECT_EQ(PathText({&root, "data", FieldPath::kKey, "a\"\\\x01"}), R"(data["a\"\\\x01"])");
  EXPECT_EQ(PathText({&spec, "handler", FieldPath::kInlined}), "spec.(handler)");
  const std::string longest = PathText({&root, "data", FieldPath::kKey, std::string_view("kkkkkkkkkk")}, 4);
  EXPECT_EQ(longest, "data[\"kkkk\"…]");
}

TEST(Remarks, TellTheOffsetInTheValue) {
  Noted noted;
  EXPECT_TRUE(noted.remarks.complete());
  noted.Damage(7);
  EXPECT_FALSE(noted.remarks.complete());
  ASSERT_EQ(noted.found.items.size(), 1U);
  EXPECT_EQ(noted.found.items[0].message, "the object: it is cut, at byte 7 of the value");
  EXPECT_EQ(noted.found.items[0].where.file, "db");
}

TEST(Remarks, CountWhatIsTooMany) {
  Noted noted;
  for (int i = 0; i < 100; ++i) noted.Damage(1);
  noted.remarks.Finish();
  EXPECT_LT(noted.found.items.size(), 20U);
  EXPECT_THAT(noted.found.items.back().message, HasSubstr("more faults in this value"));
}

TEST(Remarks, KeepUnknownFieldsAsComments) {
  Noted noted;
  const FieldPath spec{nullptr, "spec"};
  noted.Unknown(2, spec);
  noted.remarks.Finish();
  EXPECT_THAT(noted.remarks.comments(), ElementsAre("unknown-field spec number=99 wire=0 bytes=3233"));
  ASSERT_EQ(noted.found.items.size(), 1U);
  EXPECT_EQ(noted.found.items[0].code, Code::kK8sFieldUnknown);
  EXPECT_TRUE(noted.remarks.complete());
}

TEST(Remarks, HideBytesOfSecrets) {
  Noted noted(true);
  noted.Unknown(2);
  ASSERT_EQ(noted.remarks.comments().size(), 1U);
  EXPECT_THAT(noted.remarks.comments()[0], HasSubstr("bytes=***"));
}

TEST(Remarks, NeverOutgrowTheValue) {
  Noted noted;
  for (int i = 0; i < 100000; ++i) noted.Unknown(2);
  noted.remarks.Finish();
  size_t bytes = 0;
  for (const std::string& comment : noted.remarks.comments()) bytes += comment.size();
  EXPECT_LT(bytes, 200000U);
  EXPECT_THAT(noted.remarks.comments().back(), HasSubstr("more unknown fields are not shown"));
  EXPECT_FALSE(noted.remarks.complete());
}

}  // namespace
}  // namespace etcdmedic::k8s
