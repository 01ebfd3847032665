// SPDX-License-Identifier: Apache-2.0
#include "k8s/encode.h"

#include <gtest/gtest.h>

#include "k8s/value.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Entry;
using test::Number;
using test::Stored;

std::string Encoded(std::string_view text, std::string_view release = "") {
  const auto bytes = Encode(text, {release}, "file");
  return bytes ? *bytes : "error: " + bytes.error().what;
}

std::string Yaml(const std::string& value) {
  std::string text;
  diag::FindingList found;
  Decode(AsBytes(value), {}, text, Where{}, found);
  return text;
}

// metav1.ObjectMeta as Go writes it: all strings and the generation, also where they are empty.
std::string ObjectMeta(const std::string& name) {
  return Delimited(1, name) + Delimited(2, "") + Delimited(3, "") + Delimited(4, "") + Delimited(5, "") +
         Delimited(6, "") + Number(7, 0) + Delimited(8, "");
}

TEST(Encode, WritesFieldsInCanonicalOrder) {
  EXPECT_EQ(
      Encoded(
          "kind: ConfigMap\napiVersion: v1\ndata: {b: x, a: \"1\"}\nmetadata: {name: cm}\nimmutable: true\n"),
      Stored("v1", "ConfigMap",
             Delimited(1, ObjectMeta("cm")) + Entry(2, "a", "1") + Entry(2, "b", "x") + Number(4, 1)));
}

TEST(Encode, WritesWhatTheReleaseKnew) {
  constexpr uint64_t kClusterName = 15;
  EXPECT_EQ(Encoded("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"cm\"}}", "1.24"),
            Stored("v1", "ConfigMap", Delimited(1, ObjectMeta("cm") + Delimited(kClusterName, ""))));
}

TEST(Encode, BringsUnknownFieldsBack) {
  const std::string plain =
      Encoded("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"cm\"}}");
  const std::string value =
      Stored("v1", "ConfigMap", Delimited(1, ObjectMeta("cm") + Delimited(999, "new")) + Number(500, 7));
  ASSERT_NE(value, plain);
  EXPECT_EQ(Encoded(Yaml(value)), value);
  EXPECT_EQ(Encoded(Yaml(value) + "# unknown-field spec.gone number=1 wire=0 bytes=0801\n"),
            "error: an unknown field belongs to spec.gone, which is not there");
}

TEST(Encode, StoresOtherKindsAsJson) {
  EXPECT_EQ(Encoded("apiVersion: stable.example.com/v1\nkind: CronTab\nspec: {n: 1.50, s: \"<\", big: "
                    "9007199254740993}\n"),
            "{\"apiVersion\":\"stable.example.com/v1\",\"kind\":\"CronTab\","
            "\"spec\":{\"big\":9007199254740993,\"n\":1.5,\"s\":\"\\u003c\"}}\n");
  EXPECT_TRUE(Encoded("apiVersion: apiregistration.k8s.io/v1\nkind: APIService\n").starts_with("{"));
}

TEST(Encode, DistinguishesPortNamesFromNumbers) {
  const std::string head = "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 1, targetPort: ";
  for (const std::string name : {"0---", "2026-11-24", "-", "http"}) {
    const std::string value = Encoded(head + name + "}]}\n");
    EXPECT_NE(value.find(Number(1, 1) + Number(2, 0) + Delimited(3, name)), std::string::npos) << name;
  }
  EXPECT_NE(Encoded(head + "-8}]}\n").find(Number(1, 0) + Number(2, static_cast<uint64_t>(-8))),
            std::string::npos);
}

TEST(Encode, RefusesWhatWouldBeLost) {
  const std::string head = "apiVersion: v1\nkind: Pod\n";
  EXPECT_EQ(Encoded(head + "spec: {nodeNam: x}\n"),
            "error: spec.nodeNam: no release has this field (line 3)");
  EXPECT_EQ(Encoded(head + "spec:\n  containers: [{name: c, ports: [{containerPort: 99999999999}]}]\n"),
            "error: spec.containers[0].ports[0].containerPort: no whole number of this size (line 4)");
  EXPECT_EQ(Encoded(head + "spec: []\n"), "error: spec: a map belongs here (line 3)");
  EXPECT_EQ(Encoded(head + "metadata: {creationTimestamp: yesterday}\n"),
            "error: metadata.creationTimestamp: no time as in 2006-01-02T15:04:05Z (line 3)");
  EXPECT_TRUE(Encoded("a: &x 1\nb: *x\n").starts_with("error: line 2: aliases"));
  EXPECT_TRUE(Encoded("a: [\n").starts_with("error: line"));
  EXPECT_TRUE(Encoded("").starts_with("error: no document"));
  EXPECT_TRUE(Encoded("a: 1\n---\nb: 1\n").starts_with("error: line 2: more than one document"));
  EXPECT_TRUE(Encoded(std::string(100000, '[')).starts_with("error: line 1: nested too deep"));
  EXPECT_TRUE(Encoded("{\"a\":" + std::string(100000, '[')).find("nested too deeply") != std::string::npos);
}

}  // namespace
}  // namespace etcdmedic::k8s
