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

}  // namespace
}  // namespace etcdmedic::render
