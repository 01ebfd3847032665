// SPDX-License-Identifier: Apache-2.0
#include "k8s/wrapping.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "text/base64.h"
#include "text/text_codec.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_literals;

const std::string kKey = "/registry/configmaps/default/a";
// An envelope with a line feed in its bytes, and one that could be taken for a key.
const std::string kValue =
    "k8s\0\x0a\x0f\x0a\x02v1\x12\x09"
    "ConfigMap\x12\x09\n/reg\nabc\x1a\x00\x22\x00"s;

Unwrapped Of(const std::string& input) {
  auto unwrapped = Unwrap(AsBytes(input));
  EXPECT_TRUE(unwrapped.has_value()) << input.substr(0, 80) << ": " << unwrapped.error().what;
  return unwrapped ? *unwrapped : Unwrapped{"nothing", {{}}};
}

void ExpectValue(const std::string& input, std::string_view recognised) {
  const Unwrapped unwrapped = Of(input);
  EXPECT_EQ(unwrapped.recognised, recognised);
  ASSERT_EQ(unwrapped.items.size(), 1U) << recognised;
  EXPECT_EQ(unwrapped.items[0].value, kValue) << recognised;
}

std::string Base64(const std::string& bytes) {
  std::string out;
  text::AppendBase64(out, AsBytes(bytes));
  return out;
}

std::string Hex(const std::string& bytes, size_t group = 0) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (group != 0 && i % group == 0 && i > 0) out += ' ';
    text::AppendHex(AsBytes(std::string_view(bytes).substr(i, 1)), out);
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

// `value` with one more field after it that holds `text`.
std::string Delimited(const std::string& value, const std::string& text) { return value + Field(4, text); }

TEST(Wrapping, KnowsTextThatSpellsBytes) {
  ExpectValue(kValue, "raw bytes");
  ExpectValue(kValue + "\n", "raw bytes, a line feed after the value");
  ExpectValue(Hex(kValue), "hex");
  ExpectValue(Hex(kValue, 1) + "\n", "hex");
  ExpectValue("0x" + Hex(kValue), "hex");
  ExpectValue(Base64(kValue), "base64");
  ExpectValue(Base64(kValue).insert(20, "\n") + "\n", "base64");
  ExpectValue(Base64(kValue + "\n"), "base64, a line feed after the value");
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

// What od and hexdump print in their usual layouts. `offset`: how they count.
template <class Cells>
std::string Dump(const std::string& bytes, std::string_view offset, const Cells& cells) {
  std::string out;
  const auto count = [&](size_t at) {
    if (offset == "octal") return fmt::format("{:07o}", at);
    return offset == "hex" ? fmt::format("{:07x}", at) : fmt::format("{:07}", at);
  };
  for (size_t at = 0; at < bytes.size(); at += 16) out += count(at) + cells(bytes.substr(at, 16)) + '\n';
  return out + count(bytes.size()) + '\n';
}

std::string BytesWith(std::string_view part, const std::function<std::string(unsigned)>& print) {
  std::string out;
  for (const char c : part) out += print(static_cast<unsigned char>(c));
  return out;
}

std::string WordsWith(std::string_view part, const std::function<std::string(unsigned)>& print) {
  std::string out;
  for (size_t at = 0; at < part.size(); at += 2) {
    const unsigned high = at + 1 < part.size() ? static_cast<unsigned char>(part[at + 1]) : 0;
    out += print(static_cast<unsigned char>(part[at]) | high << 8);
  }
  return out;
}

// od -c, four columns a byte.
std::string Character(unsigned byte) {
  constexpr std::string_view kNames = "abtnvfr";
  if (byte == 0) return "  \\0";
  if (byte >= 7 && byte <= 13) return fmt::format("  \\{}", kNames[byte - 7]);
  return byte >= 0x20 && byte < 0x7F ? fmt::format("   {}", static_cast<char>(byte))
                                     : fmt::format(" {:03o}", byte);
}

TEST(Wrapping, KnowsTheLayoutsOfOdAndHexdump) {
  const std::string value = Delimited(kValue, "odd");
  ASSERT_EQ(value.size() % 2, 1U) << "the last word must be filled up";
  const auto expect = [&](const std::string& dump) {
    EXPECT_EQ(Of(dump).recognised, "a dump of bytes") << dump;
    EXPECT_EQ(Of(dump).items[0].value, value) << dump;
  };
  const auto bytes = [](auto print) {
    return [print](std::string_view part) { return BytesWith(part, print); };
  };
  const auto words = [](auto print) {
    return [print](std::string_view part) { return WordsWith(part, print); };
  };
  for (const std::string_view offset : {"octal", "hex", "decimal"}) {
    expect(Dump(value, offset, bytes(Character)));
    expect(Dump(value, offset, bytes([](unsigned byte) { return fmt::format(" {:03o}", byte); })));
    expect(Dump(value, offset, bytes([](unsigned byte) { return fmt::format(" {:02x}", byte); })));
    expect(Dump(value, offset, bytes([](unsigned byte) { return fmt::format(" {:3}", byte); })));
    expect(Dump(value, offset, words([](unsigned word) { return fmt::format(" {:04x}", word); })));
    expect(Dump(value, offset, words([](unsigned word) { return fmt::format("    {:04x}", word); })));
    expect(Dump(value, offset, words([](unsigned word) { return fmt::format(" {:06o}", word); })));
    expect(Dump(value, offset, words([](unsigned word) { return fmt::format("   {:05}", word); })));
    expect(Dump(value, offset, words([](unsigned word) { return fmt::format(" {:5}", word); })));
  }
  expect(Dump(value, "hex", [](std::string_view part) {
    return BytesWith(part, [](unsigned byte) { return fmt::format(" {:02x}", byte); }) + "  >.|..<";
  }));
}

TEST(Wrapping, FillsInRepeatedLinesAndNoMore) {
  const std::string start = "00000000  6b 38 73 00 00 00 00 00  00 00 00 00 00 00 00 00  |k8s.|\n";
  const std::string zeros = "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |....|\n*\n";
  EXPECT_EQ(Of(start + zeros + "00000050\n").items[0].value, "k8s" + std::string(77, '\0'));
  EXPECT_FALSE(Unwrap(AsBytes(start + zeros + "fffffff0\n"))) << "not believed";
}

std::string EscapedHex(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return out;
}

// As protobuf's text format and etcd-dump-logs: octal escapes.
std::string Octal(const std::string& bytes) {
  std::string out = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\')
      out += fmt::format("\\{:03o}", byte);
    else
      out += c;
  }
  return out + '"';
}

TEST(Wrapping, KnowsWhatLibrariesAndLogsPrint) {
  const std::string fields = "key: " + Octal(kKey) + "\n  mod_revision: 7\n  value: " + Octal(kValue);
  const std::pair<std::string, std::string_view> cases[] = {
      {"kv {\n  " + fields + "\n}\n", "protobuf text"},
      {"kvs: <\n  " + fields + "\n>\n", "protobuf text"},
      {fields, "protobuf text"},
      {"   2\t         7\tnorm\theader:<ID:18 > txn:<compare:<target:MOD key:" + Octal(kKey) +
           " mod_revision:0 > success:<request_put:<key:" + Octal(kKey) + " value:" + Octal(kValue) +
           " mod_revision:7 > > failure:<request_range:<key:" + Octal(kKey) + " > > >\n",
       "protobuf text"},
      {"header:{ID:18} put:{key:" + Octal(kKey) + " value:" + Octal(kValue) + " mod_revision:7}",
       "protobuf text"},
      {"{\n  \"key\": \"" + Base64(kKey) + "\",\n  \"mod_revision\": \"7\",\n  \"value\": \"" +
           Base64(kValue) + "\"\n}\n",
       "the output of etcdctl -w json"},
      {R"({"schema":"etcdmedic.keys/v1","keys":[{"key":")" + kKey + R"(","mod_revision":7,"value_base64":")" +
           Base64(kValue) + "\"}]}\n",
       "the output of etcdmedic"},
      {R"({"index":1,"kind":"txn","request":{"put":{"key":")" + kKey +
           R"(","mod_revision":7,"value_base64":")" + Base64(kValue) +
           "\"}}}\n{\"index\":2,\"kind\":\"empty\"}\n",
       "the output of etcdmedic"},
      {Field(1, "\x18\x09") + Field(11, Field(2, KeyValue())), "the output of etcdctl -w protobuf"},
  };
  for (const auto& [input, recognised] : cases) {
    ExpectValue(input, recognised);
    EXPECT_EQ(Of(input).items[0].key, kKey) << input;
    EXPECT_EQ(Of(input).items[0].mod_revision, 7) << input;
  }
}

TEST(Wrapping, KnowsWhatProgramsPrintOfBytes) {
  std::string numbers, hex_numbers, signed_numbers;
  for (const char c : kValue) {
    numbers += fmt::format(" {}", static_cast<unsigned char>(c));
    hex_numbers += fmt::format(" 0x{:02x},", static_cast<unsigned char>(c));
    signed_numbers += fmt::format(" {},", static_cast<signed char>(c));
  }
  ExpectValue("[" + numbers.substr(1) + "]", "a list of numbers");
  ExpectValue("[]byte{" + hex_numbers + "}", "a list of numbers");
  ExpectValue("unsigned char a[] = {\n " + hex_numbers + "\n};\nunsigned int a_len = 1;\n",
              "a list of numbers");
  ExpectValue("[" + signed_numbers.substr(0, signed_numbers.size() - 1) + "]", "a list of numbers");
  ExpectValue("b'" + EscapedHex(kValue) + "'", "a quoted string");
  ExpectValue("'" + EscapedHex(kValue) + "'", "a quoted string");
  ExpectValue("X'" + Hex(kValue) + "'", "hex");
  ExpectValue('"' + Base64(kValue) + "\"\n", "a quoted string of base64");
  ExpectValue("\"value\": \"" + Base64(kValue) + "\",", "a field of a quoted string of base64");
  ExpectValue("  value: " + Base64(kValue) + "\n", "a field of base64");
}

TEST(Wrapping, KnowsHexOfEtcdctl) {
  ExpectValue(EscapedHex(kValue) + "\n", "the output of etcdctl --hex");
  const Unwrapped both = Of(EscapedHex(kKey) + "\n" + EscapedHex(kValue) + "\n");
  ASSERT_EQ(both.items.size(), 1U);
  EXPECT_EQ(both.items[0].key, kKey);
  EXPECT_EQ(both.items[0].value, kValue);
}

// A terminal makes \r\n of each \n; kubectl exec -t and ssh -t have one.
TEST(Wrapping, UndoesWhatATerminalDoes) {
  const auto through = [](const std::string& bytes) {
    std::string out;
    for (const char c : bytes) out += c == '\n' ? std::string("\r\n") : std::string{c};
    return out;
  };
  constexpr std::string_view kMore = R"( that went through a terminal (\r\n made \n again))";
  ExpectValue(through(kValue), fmt::format("raw bytes{}", kMore));
  ExpectValue(through(kValue + "\n"), fmt::format("raw bytes, a line feed after the value{}", kMore));
  ExpectValue(through(kKey + "\n" + kValue + "\n"), fmt::format("the output of etcdctl{}", kMore));
  ExpectValue(through(Hex(kValue) + "\n"), "hex");
  const std::string own = Delimited(kValue, "a\r\nb");
  EXPECT_EQ(Of(own).items[0].value, own) << "\\r\\n of its own stays";
  EXPECT_EQ(Of(through(own)).items[0].value, own);
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

TEST(Wrapping, FindsSeveralValuesWithoutKeys) {
  const Unwrapped unwrapped = Of(kValue + "\n" + kValue + "\n");
  ASSERT_EQ(unwrapped.items.size(), 2U);
  EXPECT_EQ(unwrapped.items[0].value, kValue);
  EXPECT_EQ(unwrapped.items[1].value, kValue);
}

TEST(Wrapping, KnowsWhatWatchPrints) {
  const Unwrapped unwrapped =
      Of("PUT\n" + kKey + "\n" + kValue + "\nDELETE\n/registry/gone\n\nPUT\n" + kKey + "\n" + kValue + "\n");
  ASSERT_EQ(unwrapped.items.size(), 2U);
  EXPECT_EQ(unwrapped.items[1].value, kValue);
}

TEST(Wrapping, TakesWhatBeginsAsAStoredValueForRawBytes) {
  for (const std::string& input :
       {R"({"apiVersion":"v1","kind":"Pod"})"s, R"({"kind":"Pod"})"s, "k8s:enc:aescbc:v1:a:\n"s,
        "\xD9\xD9\xF7\xA0"s, kValue.substr(0, 20), R"({"apiVersion":"v1","ki)"s, R"({"data":{"key":"a)"s}) {
    EXPECT_EQ(Of(input).recognised, "raw bytes") << input;
    EXPECT_EQ(Of(input).items[0].value, input);
  }
}

// An error, never an echo.
TEST(Wrapping, SaysWhatItDoesNotUnderstand) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "is empty"},
      {"1234", "4 bytes of text"},
      {"deadbeef", "8 bytes of text"},
      {"hello", "5 bytes of text"},
      {"\"text\"", "6 bytes of text"},
      {"/a/b", "4 bytes of text"},
      {std::string(1000, '\xFF'), "1000 bytes of data"},
      {"{\"kvs\":[]}", "is JSON, but neither"},
      {"apiVersion: v1\nkind: Pod\n", "is YAML"},
      {std::string(16, '\0') + "\xED\xDA\x0C\xED", "is a bbolt database"},
  };
  for (const auto& [input, words] : cases) {
    const auto unwrapped = Unwrap(AsBytes(input), "f");
    ASSERT_FALSE(unwrapped) << input;
    EXPECT_NE(unwrapped.error().what.find(words), std::string::npos) << unwrapped.error().what;
    EXPECT_EQ(unwrapped.error().where.file, "f");
  }
}

}  // namespace
}  // namespace etcdmedic::k8s
