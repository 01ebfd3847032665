// SPDX-License-Identifier: Apache-2.0
#include "render/document.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <functional>

namespace etcdmedic::render {
namespace {

std::string Written(Format format, const std::function<void(Document&)>& fill) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  {
    Output out(ends[1]);
    Document document(out, format);
    fill(document);
  }
  close(ends[1]);
  std::string text(4096, '\0');
  const ssize_t size = read(ends[0], text.data(), text.size());
  close(ends[0]);
  text.resize(static_cast<size_t>(size));
  return text;
}

std::string Embedded(Format format, std::string_view object) {
  return Written(format, [&](Document& document) {
    document.BeginMap();
    document.Key("entries");
    document.BeginList();
    document.BeginMap();
    document.Field("index", 7);
    document.Key("object");
    document.Embed(object);
    document.Field("term", 2);
    document.EndMap();
    document.EndList();
    document.EndMap();
  });
}

TEST(Document, EmbedsYamlAtItsPlace) {
  EXPECT_EQ(Embedded(Format::kYaml, "kind: Pod\ndata: |-\n  one\n\n  two"),
            "entries:\n  - index: 7\n    object:\n      kind: Pod\n      data: |-\n        one\n\n        "
            "two\n    term: 2\n");
  EXPECT_EQ(Embedded(Format::kYaml, "{}"), "entries:\n  - index: 7\n    object: {}\n    term: 2\n");
}

TEST(Document, EmbedsJsonAtItsPlace) {
  EXPECT_EQ(Embedded(Format::kJson, "{\n  \"kind\": \"Pod\"\n}"),
            "{\n  \"entries\": [\n    {\n      \"index\": 7,\n      \"object\": {\n        \"kind\": "
            "\"Pod\"\n      },\n"
            "      \"term\": 2\n    }\n  ]\n}\n");
  EXPECT_EQ(Embedded(Format::kNdjson, "{\"kind\":\"Pod\"}"),
            "{\"entries\": [{\"index\": 7, \"object\": {\"kind\":\"Pod\"}, \"term\": 2}]}\n");
}

std::string Fields(Format format, const std::function<void(Document&)>& fill) {
  return Written(format, [&](Document& document) {
    document.BeginMap();
    fill(document);
    document.EndMap();
  });
}

TEST(Document, GivesBytesAsTextOrBase64) {
  EXPECT_EQ(Fields(Format::kNdjson,
                   [](Document& document) {
                     document.Field("key", "a\"b");
                     document.Field("value", "\xff");
                     document.Field("none", "");
                   }),
            "{\"key\": \"a\\\"b\", \"value_base64\": \"/w==\", \"none\": \"\"}\n");
  const std::vector<std::string> mixed{"a", "\xff", "b"}, texts{"a"};
  EXPECT_EQ(Fields(Format::kNdjson, [&](Document& document) { document.Texts("keys", mixed); }),
            "{\"keys\": [\"a\", \"b\"], \"keys_base64\": [\"/w==\"]}\n");
  EXPECT_EQ(Fields(Format::kNdjson, [&](Document& document) { document.Texts("keys", texts); }),
            "{\"keys\": [\"a\"]}\n");
}

TEST(Document, LeavesOutWhatThereIsNot) {
  EXPECT_EQ(Fields(Format::kNdjson,
                   [](Document& document) {
                     document.FieldIf("name", "");
                     document.FieldIf("count", uint64_t{0});
                     document.Field("term", std::optional<uint64_t>());
                     document.Id("lease_id", 0);
                     document.Sentence("message", "");
                     document.Field("index", std::optional<uint64_t>(7));
                   }),
            "{\"index\": 7}\n");
}

TEST(Document, WritesIdsInHexadecimalAndBytesOfSentencesEscaped) {
  const std::vector<uint64_t> ids{0x8e9e05c52164694d, 1};
  EXPECT_EQ(Fields(Format::kNdjson,
                   [&](Document& document) {
                     document.Id("member_id", ids.front());
                     document.Ids("voters", ids);
                     document.Sentence("message", "key \xff");
                     document.Field("fill_percent", 70.25);
                   }),
            "{\"member_id\": \"8e9e05c52164694d\", \"voters\": [\"8e9e05c52164694d\", \"1\"], "
            "\"message\": \"key \\\\xff\", \"fill_percent\": 70.2}\n");
}

TEST(Document, WritesAsGoDoes) {
  EXPECT_EQ(Fields(Format::kGo,
                   [](Document& document) {
                     document.Map("header", [&] { document.Field("revision", 3); });
                     document.Field("name", "<a&b>");
                   }),
            "{\"header\":{\"revision\":3},\"name\":\"\\u003ca\\u0026b\\u003e\"}\n");
}

// What `fill` writes to an output of its own.
std::string WrittenTo(const std::function<void(Output&)>& fill) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  {
    Output out(ends[1]);
    fill(out);
  }
  close(ends[1]);
  std::string text(4096, '\0');
  const ssize_t size = read(ends[0], text.data(), text.size());
  close(ends[0]);
  text.resize(static_cast<size_t>(size));
  return text;
}

std::string Listed(Format format) {
  return WrittenTo([&](Output& out) {
    ListDocument list(out, format, {"keys", "key", "keys"},
                      [](Document& document) { document.Field("revision", 9); });
    for (const char* key : {"a", "b"}) list.Add([&](Document& document) { document.Field("key", key); });
    list.End([](Document& document) { document.Field("key_count", 2); });
  });
}

TEST(ListDocument, IsOneDocumentOrALineForEachRow) {
  EXPECT_EQ(Listed(Format::kYaml),
            "schema: etcdmedic.keys/v1\nrevision: 9\nkeys:\n  - key: a\n  - key: b\nkey_count: 2\n");
  EXPECT_EQ(Listed(Format::kNdjson),
            "{\"schema\": \"etcdmedic.key/v1\", \"key\": \"a\"}\n"
            "{\"schema\": \"etcdmedic.key/v1\", \"key\": \"b\"}\n");
}

}  // namespace
}  // namespace etcdmedic::render
