// SPDX-License-Identifier: Apache-2.0
#include "k8s/unknown_fields.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

// What is moved to the message at `frame`, as text.
std::string Moved(UnknownFields& fields, const FieldPath& frame) {
  std::string out;
  fields.MoveTo(frame, out);
  return out;
}

TEST(UnknownFields, ComeBackWhereTheyWere) {
  auto fields = UnknownFields::Read(
      "# unknown-field . number=99 wire=2 bytes=6162\n"
      "kind: Pod\n"
      "# unknown-field spec.containers[1] number=7 wire=0 bytes=63\n"
      "# unknown-field spec.containers[1] number=8 wire=0 bytes=64\n"
      "# any other comment\n",
      "pod.yaml");
  ASSERT_TRUE(fields) << fields.error().what;
  const FieldPath root{};
  const FieldPath spec{&root, "spec"};
  const FieldPath second{&spec, "containers", 1};
  EXPECT_FALSE(fields->empty());
  EXPECT_EQ(Moved(*fields, spec), "");
  EXPECT_EQ(Moved(*fields, root), "ab");
  EXPECT_EQ(fields->first_path(), "spec.containers[1]") << "what was moved is gone";
  EXPECT_EQ(Moved(*fields, second), "cd") << "in the order of the comments";
  EXPECT_TRUE(fields->empty());
  EXPECT_EQ(Moved(*fields, second), "");
}

TEST(UnknownFields, AreRefusedWhereAnyIsNotWhole) {
  for (const char* line : {"# unknown-field spec bytes=61", "# unknown-field spec number=7",
                           "# unknown-field spec number=7 bytes=6", "# unknown-field spec number=7 bytes=***",
                           "# unknown-field "}) {
    const auto fields = UnknownFields::Read(line, "f");
    ASSERT_FALSE(fields) << line;
    EXPECT_EQ(fields.error().code, Errc::kMalformed);
  }
  EXPECT_TRUE(UnknownFields::Read("#unknown-field x\n  # unknown-field x\nunknown-field: x\n", "f")->empty())
      << "other comments";
}

TEST(UnknownFields, AreWholeOrRefusedAtEveryCut) {
  const std::string whole = "# unknown-field spec number=7 wire=2 bytes=616263";
  const FieldPath root{};
  const FieldPath spec{&root, "spec"};
  for (size_t size = 0; size <= whole.size(); ++size) {
    auto fields = UnknownFields::Read(whole.substr(0, size), "f");
    if (!fields || fields->empty()) continue;
    EXPECT_TRUE(std::string("abc").starts_with(Moved(*fields, spec))) << size;
  }
}

}  // namespace
}  // namespace etcdmedic::k8s
