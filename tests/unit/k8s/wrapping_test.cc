// SPDX-License-Identifier: Apache-2.0
#include "k8s/wrapping.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "k8s/text_codec.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_literals;

const std::string kKey = "/registry/configmaps/default/a";
// An envelope with a line feed in its bytes, and one that could be taken for a key.
const std::string kValue =
    "k8s\0\x0a\x0f\x0a\x02v1\x12\x09"
    "ConfigMap\x12\x09\n/reg\nabc\x1a\x00\x22\x00"s;

Unwrapped Of(const std::string& input) { return Unwrap(AsBytes(input)); }

void ExpectValue(const std::string& input, std::string_view recognised) {
  const Unwrapped unwrapped = Of(input);
  EXPECT_EQ(unwrapped.recognised, recognised);
  ASSERT_EQ(unwrapped.items.size(), 1U) << recognised;
  EXPECT_EQ(unwrapped.items[0].value, kValue) << recognised;
}

std::string Base64(const std::string& bytes) {
  std::string out;
  AppendBase64(out, AsBytes(bytes));
  return out;
}

std::string Hex(const std::string& bytes, size_t group = 0) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (group != 0 && i % group == 0 && i > 0) out += ' ';
    AppendHex(AsBytes(std::string_view(bytes).substr(i, 1)), out);
  }
  return out;
}

// As Go's %q: printable characters as they are.
std::string Quoted(const std::string& bytes) {
  std::string out = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte >= 0x7F)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  }
  return out + '"';
}

std::string Field(int number, const std::string& bytes) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  for (size_t size = bytes.size();; size >>= 7) {
    out += static_cast<char>((size & 0x7F) | (size > 0x7F ? 0x80 : 0));
    if (size <= 0x7F) break;
  }
  return out + bytes;
}

std::string KeyValue(const std::string& key = kKey) {
  return Field(1, key) + "\x10\x04\x18\x07\x20\x01" + Field(5, kValue);
}

TEST(Wrapping, KnowsTextThatStandsForBytes) {
  ExpectValue(kValue, "raw bytes");
  ExpectValue(kValue + "\n", "raw bytes, a line feed behind the value");
  ExpectValue(Hex(kValue), "hex");
  ExpectValue(Hex(kValue, 1) + "\n", "hex");
  ExpectValue("0x" + Hex(kValue), "hex");
  ExpectValue(Base64(kValue), "base64");
  ExpectValue(Base64(kValue).insert(20, "\n") + "\n", "base64");
  ExpectValue(Base64(kValue + "\n"), "base64, a line feed behind the value");
  ExpectValue(Quoted(kValue), "a quoted string");
  const std::string quoted = Quoted(kValue);
  ExpectValue(quoted.substr(1, quoted.size() - 2), "a string with escapes");
}

TEST(Wrapping, KnowsDumpsOfBytes) {
  std::string hexdump;
  std::string xxd;
  for (size_t at = 0; at < kValue.size(); at += 16) {
    const std::string part = kValue.substr(at, 16);
    hexdump += fmt::format("{:08x}  {}", at, Hex(part.substr(0, 8), 1));
    if (part.size() > 8) hexdump += "  " + Hex(part.substr(8), 1);
    hexdump += "  |k8s 6b 38.|\n";
    xxd += fmt::format("{:08x}: {}  ab cd.8s\n", at, Hex(part, 2));
  }
  ExpectValue(hexdump + fmt::format("{:08x}\n", kValue.size()), "a dump of bytes");
  ExpectValue(xxd, "a dump of bytes");
}

TEST(Wrapping, FillsInRepeatedLinesAndNoMore) {
  const std::string start = "00000000  6b 38 73 00 00 00 00 00  00 00 00 00 00 00 00 00  |k8s.|\n";
  const std::string zeros = "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |....|\n*\n";
  EXPECT_EQ(Of(start + zeros + "00000050\n").items[0].value, "k8s" + std::string(77, '\0'));
  const std::string absurd = start + zeros + "fffffff0\n";
  EXPECT_EQ(Of(absurd).items[0].value, absurd) << "not believed";
}

TEST(Wrapping, KnowsWhatEtcdctlPrints) {
  const std::string json = R"({"header":{"revision":9},"kvs":[{"key":")" + Base64(kKey) +
                           R"(","create_revision":4,"mod_revision":7,"version":1,"value":")" +
                           Base64(kValue) + R"("}],"count":1})";
  const std::string fields =
      "\"ClusterID\" : 14841639068965178418\n\"Revision\" : 9\n\"Key\" : \"" + kKey +
      "\"\n\"CreateRevision\" : 4\n\"ModRevision\" : 7\n\"Version\" : 1\n\"Value\" : " + Quoted(kValue) +
      "\n\"Lease\" : 0\n\"More\" : false\n\"Count\" : 1\n";
  const std::string protobuf = Field(1, "\x18\x09") + Field(2, KeyValue()) + "\x20\x01";
  const std::pair<std::string, std::string_view> cases[] = {
      {json, "the output of etcdctl -w json"},
      {fields, "the output of etcdctl -w fields"},
      {protobuf, "the output of etcdctl -w protobuf"},
      {KeyValue(), "an etcd KeyValue"},
      {Base64(protobuf), "base64 of the output of etcdctl -w protobuf"},
      {Hex(KeyValue()), "hex of an etcd KeyValue"},
  };
  for (const auto& [input, recognised] : cases) {
    ExpectValue(input, recognised);
    const Unwrapped unwrapped = Of(input);
    EXPECT_EQ(unwrapped.items[0].key, kKey) << recognised;
    EXPECT_EQ(unwrapped.items[0].mod_revision, 7) << recognised;
  }
  ExpectValue(kKey + "\n" + kValue + "\n", "the output of etcdctl");
}

TEST(Wrapping, FindsSeveralValues) {
  const std::string simple = kKey + "\n" + kValue + "\n/registry/pods/a/b\n{\"kind\":\"Pod\"}\n\n";
  const Unwrapped unwrapped = Of(simple);
  ASSERT_EQ(unwrapped.items.size(), 2U);
  EXPECT_EQ(unwrapped.items[0].value, kValue);
  EXPECT_EQ(unwrapped.items[1].key, "/registry/pods/a/b");
  EXPECT_EQ(unwrapped.items[1].value, "{\"kind\":\"Pod\"}\n");
  EXPECT_EQ(Of(Field(2, KeyValue()) + Field(2, KeyValue("/b"))).items.size(), 2U);
}

TEST(Wrapping, LeavesEverythingElseAsItIs) {
  for (const std::string& input :
       {""s, "1234"s, "deadbeef"s, "hello"s, "{\"kind\":\"Pod\"}"s, "\"text\""s, "k8s:enc:aescbc:v1:a:\n"s,
        "\xD9\xD9\xF7\xA0"s, "{\"kvs\":[]}"s, "/a/b"s, std::string(1000, '\xFF')}) {
    const Unwrapped unwrapped = Of(input);
    EXPECT_EQ(unwrapped.recognised, "raw bytes") << input;
    ASSERT_EQ(unwrapped.items.size(), 1U);
    EXPECT_EQ(unwrapped.items[0].value, input);
  }
}

}  // namespace
}  // namespace etcdmedic::k8s
