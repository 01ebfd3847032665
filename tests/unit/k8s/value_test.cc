// SPDX-License-Identifier: Apache-2.0
#include "k8s/value.h"

#include <gtest/gtest.h>

#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Entry;
using test::Number;
using test::Stored;

struct Outcome {
  std::string text;
  DecodeResult decoded;
  std::vector<std::string> codes;
  std::string messages;
};

Outcome Decode(const std::string& value, DecodeOptions options = {}) {
  Outcome outcome;
  diag::FindingList found;
  outcome.decoded = Decode(AsBytes(value), options, outcome.text, Where{"value"}, found);
  for (const auto& finding : found.items) {
    outcome.codes.emplace_back(diag::InfoOf(finding.code).name);
    outcome.messages += finding.message + '\n';
  }
  return outcome;
}

Outcome DecodeJson(const std::string& value) { return Decode(value, {.format = TextFormat::kJson}); }

std::string Metadata(const std::string& name, const std::string& more = "") {
  return Delimited(1, Delimited(1, name) + more);
}

TEST(Value, PrintsAConfigMap) {
  const std::string value =
      Stored("v1", "ConfigMap", Metadata("cm") + Entry(2, "a10", "x") + Entry(2, "a2", "y"));
  const Outcome yaml = Decode(value);
  EXPECT_EQ(yaml.text,
            "apiVersion: v1\ndata:\n  a2: \"y\"\n  a10: x\nkind: ConfigMap\nmetadata:\n  name: cm\n");
  EXPECT_EQ(yaml.decoded.kind, "ConfigMap");
  EXPECT_TRUE(yaml.decoded.complete);
  EXPECT_EQ(DecodeJson(value).text,
            "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"cm\"},"
            "\"data\":{\"a10\":\"x\",\"a2\":\"y\"}}\n");
}

TEST(Value, PrintsAsAnOlderReleaseDid) {
  const std::string value = Stored("v1", "ConfigMap", Metadata("cm"));
  EXPECT_EQ(Decode(value, {.release = "1.33"}).text,
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  creationTimestamp: null\n  name: cm\n");
  EXPECT_EQ(Decode(value, {.release = "1.34"}).text,
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\n");
}

TEST(Value, ShowsFieldsOfOldReleases) {
  constexpr uint64_t kClusterName = 15;
  EXPECT_NE(Decode(Stored("v1", "ConfigMap", Metadata("cm", Delimited(kClusterName, "east"))))
                .text.find("  clusterName: east\n"),
            std::string::npos);
}

// A claim's resources had `claims` (3) in 1.26 to 1.28, in a type that the newest release replaced.
TEST(Value, TakesTheNewestTypeThatFitsTheBytes) {
  const auto claim = [](const std::string& resources) {
    return Stored("v1", "PersistentVolumeClaim", Metadata("c") + Delimited(2, Delimited(2, resources)));
  };
  const Outcome old = Decode(claim(Delimited(3, Delimited(1, "gpu"))));
  EXPECT_NE(old.text.find("  resources:\n    claims:\n    - name: gpu\n"), std::string::npos) << old.text;
  EXPECT_TRUE(old.codes.empty());
  EXPECT_NE(Decode(claim("")).text.find("  resources: {}\n"), std::string::npos);
}

TEST(Value, MergesPartsAndTakesTheLastScalar) {
  const std::string value =
      Stored("v1", "ConfigMap", Metadata("first") + Delimited(1, Delimited(1, "last") + Delimited(3, "ns")));
  EXPECT_EQ(Decode(value).text,
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: last\n  namespace: ns\n");
}

TEST(Value, MergesPartsOfAnInlineMessage) {
  // A volume's source is inline: secret.secretName in one part, secret.optional in the next.
  const std::string first = Delimited(2, Delimited(6, Delimited(1, "s")));
  const std::string second = Delimited(2, Delimited(6, Number(4, 1)));
  const std::string volume = Delimited(1, "v") + first + second;
  const std::string pod = Stored("v1", "Pod", Metadata("p") + Delimited(2, Delimited(1, volume)));
  EXPECT_NE(Decode(pod).text.find("  - name: v\n    secret:\n      optional: true\n      secretName: s\n"),
            std::string::npos)
      << Decode(pod).text;
}

TEST(Value, ReadsPackedNumbers) {
  // spec.securityContext.supplementalGroups
  const auto pod = [](const std::string& groups) {
    return Stored("v1", "Pod", Metadata("p") + Delimited(2, Delimited(14, groups)));
  };
  const std::string packed = Decode(pod(Delimited(4, "\x01\x02\xac\x02"))).text;
  EXPECT_NE(packed.find("supplementalGroups:\n    - 1\n    - 2\n    - 300\n"), std::string::npos) << packed;
  EXPECT_EQ(Decode(pod(Number(4, 1) + Number(4, 2) + Number(4, 300))).text, packed);
}

TEST(Value, LastEntryOfAMapKeyWins) {
  const std::string value =
      Stored("v1", "ConfigMap", Metadata("cm") + Entry(2, "k", "old") + Entry(2, "k", "new"));
  EXPECT_EQ(DecodeJson(value).text,
            "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"cm\"},\"data\":{\"k\":"
            "\"new\"}}\n");
}

TEST(Value, MasksSecrets) {
  const std::string last_applied = "kubectl.kubernetes.io/last-applied-configuration";
  const std::string value = Stored("v1", "Secret",
                                   Metadata("s", Entry(12, last_applied, "{\"data\":\"hidden\"}")) +
                                       Entry(2, "password", "hidden") + Delimited(99, "hidden"));
  const Outcome masked = Decode(value, {.mask_secrets = true});
  EXPECT_NE(masked.text.find("  password: '***'\n"), std::string::npos) << masked.text;
  EXPECT_NE(masked.text.find(last_applied + ": '***'\n"), std::string::npos) << masked.text;
  EXPECT_EQ(masked.text.find("hidden"), std::string::npos);
  EXPECT_EQ(masked.text.find("aGlkZGVu"), std::string::npos);
  EXPECT_EQ(masked.text.find("68696464656e"), std::string::npos);
  EXPECT_NE(Decode(value).text.find("  password: aGlkZGVu\n"), std::string::npos);
}

TEST(Value, AddsTheResourceVersion) {
  const std::string value = Stored("v1", "ConfigMap", Metadata("cm"));
  EXPECT_EQ(Decode(value, {.resource_version = 42}).text,
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\n  resourceVersion: \"42\"\n");
  EXPECT_EQ(Decode(value, {.format = TextFormat::kJson, .resource_version = 42}).text,
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"cm\",\"resourceVersion\":"
            "\"42\"}}\n");
}

TEST(Value, KeepsUnknownFieldsInComments) {
  const std::string container = Delimited(1, "c") + Delimited(1999, "new");
  const std::string value = Stored("v1", "Pod", Metadata("p") + Delimited(2, Delimited(2, container)));
  const Outcome outcome = Decode(value);
  EXPECT_NE(outcome.text.find("# unknown-field spec.containers[0] number=1999 wire=2 bytes=fa7c036e6577\n"),
            std::string::npos)
      << outcome.text;
  EXPECT_EQ(outcome.codes, std::vector<std::string>{"K8S-FIELD-UNKNOWN"});
  EXPECT_TRUE(outcome.decoded.complete);
}

TEST(Value, ShowsUnknownKindsByNumber) {
  const std::string value =
      Stored("route.openshift.io/v1", "Route",
             Metadata("r") + Delimited(2, Delimited(1, "www.example.com") + Number(4, 7)) +
                 Delimited(9, "\xff\xfe") + Delimited(10, "a") + Delimited(10, "b"));
  const Outcome outcome = Decode(value);
  EXPECT_EQ(outcome.text,
            "# etcdmedic has no table for route.openshift.io/v1 Route; its fields are shown by number\n"
            "\"1\":\n  \"1\": r\n\"2\":\n  \"1\": www.example.com\n  \"4\": 7\n\"9\":\n  base64: //4=\n"
            "\"10\":\n- a\n- b\napiVersion: route.openshift.io/v1\nkind: Route\n");
  EXPECT_EQ(outcome.codes, std::vector<std::string>{"K8S-KIND-UNKNOWN"});
}

// What is not UTF-8 as Go reads it must not be printed as text: a writer would put U+FFFD in its place.
TEST(Value, KeepsBytesThatAreNotUtf8InFieldsOfUnknownKinds) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"\xED\xA0\x80"
       "abc",
       "7aCAYWJj"},  // a surrogate
      {"\xC0\xAF"
       "abc",
       "wK9hYmM="},  // an overlong form, two bytes
      {"\xE0\x80\xAF"
       "abc",
       "4ICvYWJj"},                      // three
      {"\xF0\x80\x80\xAF", "8ICArw=="},  // four
      {"\xF4\x90\x80\x80", "9JCAgA=="},  // beyond U+10FFFF
      {"abc\xE2\x82", "YWJj4oI="},       // cut short
  };
  for (const auto& [bytes, base64] : cases) {
    const std::string value =
        Stored("example.com/v1", "Unknown", Metadata("r") + Delimited(2, std::string(bytes)));
    const std::string text = Decode(value).text;
    EXPECT_NE(text.find("\"2\":\n  base64: " + std::string(base64) + "\n"), std::string::npos) << text;
    EXPECT_NE(DecodeJson(value).text.find("\"2\":{\"base64\":\"" + std::string(base64) + "\"}"),
              std::string::npos);
  }
}

TEST(Value, DistinguishesEncodings) {
  EXPECT_EQ(EncodingOf(AsBytes(Stored("v1", "Pod", ""))), Encoding::kProtobuf);
  EXPECT_EQ(EncodingOf(AsBytes("{\"kind\":\"X\"}")), Encoding::kJson);
  EXPECT_EQ(EncodingOf(AsBytes("\xd9\xd9\xf7\xa0")), Encoding::kCbor);
  EXPECT_EQ(EncodingOf(AsBytes("k8s:enc:aescbc:v1:k:abc")), Encoding::kEncrypted);
  EXPECT_EQ(EncodingOf(AsBytes("1859")), Encoding::kText);
  EXPECT_EQ(EncodingOf(AsBytes("\x01\x02")), Encoding::kBinary);
  EXPECT_EQ(EncodingOf({}), Encoding::kEmpty);
}

TEST(Value, PeeksAtWhatAndWhose) {
  const std::string metadata =
      Metadata("p", Delimited(3, "ns") + Delimited(5, "u-1") + Entry(11, "app", "web"));
  for (const std::string& value :
       {Stored("v1", "Pod", metadata), Stored("x.example.com/v1", "Pod", metadata),
        std::string(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\","
            "\"uid\":\"u-1\",\"labels\":{\"app\":\"web\"}}}")}) {
    const Peeked peeked = Peek(AsBytes(value));
    EXPECT_EQ(peeked.kind, "Pod");
    EXPECT_EQ(peeked.name, "p");
    EXPECT_EQ(peeked.namespace_name, "ns");
    EXPECT_EQ(peeked.uid, "u-1");
    ASSERT_EQ(peeked.labels.size(), 1U);
    EXPECT_EQ(peeked.labels[0].second, "web");
  }
  EXPECT_TRUE(Peek(AsBytes("1859")).kind.empty());
}

std::string RichPod() {
  const std::string variable = Delimited(1, "MODE") + Delimited(2, "fast");
  const std::string container = Delimited(1, "c") + Delimited(2, "image:1") + Delimited(7, variable);
  return Stored("v1", "Pod",
                Metadata("p", Entry(11, "app", "web") + Delimited(8, Number(1, 1700000000))) +
                    Delimited(2, Delimited(2, container) + Number(4, 30)));
}

struct Damage {
  const char* name;
  void (*apply)(std::string& value);
  const char* code;
  const char* path;
};

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

class ValueDamage : public ::testing::TestWithParam<Damage> {};

TEST_P(ValueDamage, IsFoundAndTheRestIsPrinted) {
  const std::string good = RichPod();
  std::string bad = good;
  GetParam().apply(bad);
  ASSERT_NE(bad, good) << "damage must damage";
  const Outcome outcome = Decode(bad);
  ASSERT_FALSE(outcome.codes.empty());
  EXPECT_EQ(outcome.codes[0], GetParam().code) << outcome.messages;
  EXPECT_NE(outcome.messages.find(GetParam().path), std::string::npos) << outcome.messages;
  EXPECT_NE(outcome.text.find("kind: Pod\n"), std::string::npos);
  EXPECT_FALSE(outcome.decoded.complete);
}

INSTANTIATE_TEST_SUITE_P(
    All, ValueDamage,
    ::testing::Values(Damage{"cut_in_env", [](std::string& v) { v.resize(v.find("fast") + 2); },
                             "K8S-VALUE-TRUNCATED", "spec.containers[0].env[0].value"},
                      Damage{"length_too_long", [](std::string& v) { v[v.find("fast") - 1] = '\x7f'; },
                             "K8S-VALUE-TRUNCATED", "spec.containers[0].env[0].value"},
                      Damage{"no_wire_type", [](std::string& v) { v[v.find("fast") - 2] = '\x17'; },
                             "K8S-VALUE-MALFORMED", "spec.containers[0].env[0]"},
                      Damage{"wrong_wire_type", [](std::string& v) { v[v.find("image:1") - 2] = '\x10'; },
                             "K8S-FIELD-TYPE", "spec.containers[0].image"}),
    [](const auto& damage) { return damage.param.name; });

TEST(Value, DamageAtEveryLengthIsTold) {
  const std::string good = RichPod();
  ASSERT_TRUE(Decode(good).codes.empty());
  size_t silent = 0;
  for (size_t length = 4; length < good.size(); ++length) {
    const Outcome outcome = Decode(good.substr(0, length));
    silent += outcome.decoded.complete && outcome.codes.empty();
  }
  // Whole without raw (not even begun) or without the empty fields after it.
  EXPECT_LE(silent, 4U);
}

TEST(Value, FlippedBitsNeitherCrashNorHang) {
  const std::string good = RichPod();
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Decode(bad).text.empty());
    DecodeJson(bad);
    Peek(AsBytes(bad));
  }
}

TEST(Value, DeepNestingEndsInAFinding) {
  std::string schema;                                             // properties.a.properties.a…
  for (int i = 0; i < 2000; ++i) schema = Delimited(28, schema);  // `not` in JSONSchemaProps
  const std::string value = Stored("apiextensions.k8s.io/v1", "CustomResourceDefinition",
                                   Delimited(2, Delimited(7, Delimited(4, Delimited(1, schema)))));
  const Outcome outcome = Decode(value);
  EXPECT_EQ(outcome.codes, std::vector<std::string>{"K8S-VALUE-NESTING"}) << outcome.text.substr(0, 2000);
}

TEST(Value, ManyPartsCostNoSquare) {
  std::string parts;
  for (int i = 0; i < 200000; ++i) parts += Delimited(1, "");
  const Outcome outcome = Decode(Stored("v1", "Pod", parts + Delimited(2, parts)));
  EXPECT_NE(outcome.text.find("kind: Pod"), std::string::npos);
}

TEST(Value, ManyUnknownFieldsDoNotOutgrowTheValue) {
  std::string parts;
  for (int i = 0; i < 100000; ++i) parts += Number(999, 1);
  const std::string value =
      Stored("v1", "ConfigMap", Delimited(1, Entry(11, std::string(100000, 'k'), "v") + parts));
  const Outcome outcome = Decode(value);
  EXPECT_LT(outcome.text.size(), 40 * value.size());
  EXPECT_NE(outcome.text.find("more unknown fields are not shown"), std::string::npos);
}

}  // namespace
}  // namespace etcdmedic::k8s
