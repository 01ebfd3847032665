// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "k8s/wrapping_forms.h"
#include "support/page_end.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_literals;

std::string Shown(const std::optional<Items>& found) {
  if (!found) return "none";
  std::string all;
  for (const StoredItem& item : *found) {
    all += (all.empty() ? "" : " ") + item.key + "=" + item.value;
    if (item.mod_revision) all += "@" + std::to_string(*item.mod_revision);
  }
  return all;
}

TEST(EtcdctlSimple, ReadsAKeyAndAValueOnTwoLines) {
  EXPECT_EQ(Shown(ReadEtcdctlSimple("/a\n{}\n")), "/a={}");
  EXPECT_EQ(Shown(ReadEtcdctlSimple("/a\n{}\n\n/b\n{\"x\":1}\n\n")), "/a={}\n /b={\"x\":1}\n")
      << "JSON ends with a line feed of its own";
  EXPECT_EQ(Shown(ReadEtcdctlSimple("PUT\n/a\n{}\nDELETE\n/b\n\nPUT\n/c\n{}\n")), "/a={} /c={}");
  EXPECT_EQ(Shown(ReadEtcdctlSimple("SUCCESS\n\n/a\n{}\n")), "/a={}") << "of txn";
  EXPECT_EQ(Shown(ReadEtcdctlSimple("/a\nk8s:enc:x\n/b\n{}\n")), "/a=k8s:enc:x /b={}");
  EXPECT_EQ(Shown(ReadEtcdctlSimple("/a\n{}\n/b\nplain\n")), "/a={} /b=plain")
      << "after others anything is a value";
}

TEST(EtcdctlSimple, IsNothingWithoutAStoredValue) {
  for (const char* text : {"", "\n", "/a", "/a\n", "/a\nplain\n", "a key\n{}\n", "\x01\n{}\n"})
    EXPECT_EQ(Shown(ReadEtcdctlSimple(text)), "none") << text;
  EXPECT_EQ(Shown(ReadEtcdctlSimple(std::string(5000, 'k') + "\n{}\n")), "none") << "no key is that long";
}

TEST(EtcdctlHex, ReadsLinesOfEscapes) {
  EXPECT_EQ(Shown(ReadEtcdctlHex("\\x2f\\x61\n\\x7b\\x7d\n")), "/a={}");
  EXPECT_EQ(Shown(ReadEtcdctlHex("PUT\n\\x2f\\x61\n\\x7b\\x7d\n\nDELETE\n\\x2f\\x62\n")), "/a={}");
  EXPECT_EQ(Shown(ReadEtcdctlHex("\\x7b\\x7d\n")), "={}") << "a value alone";
  for (const char* text : {"", "/a\n", "\\x2f\n", "\\x7b\\x7", "\\x7b7d", "\\xzz\n"})
    EXPECT_EQ(Shown(ReadEtcdctlHex(text)), "none") << text;
}

TEST(EtcdctlFields, ReadsKeyValueAndRevision) {
  EXPECT_EQ(Shown(ReadEtcdctlFields("\"Key\" : \"/a\"\n\"ModRevision\" : 7\n\"Value\" : \"b\\x00\"\n")),
            "/a=b\0@7"s);
  EXPECT_EQ(Shown(ReadEtcdctlFields("\"PrevKey\" : \"/a\"\n\"PrevValue\" : \"b\"\n")), "/a=b")
      << "of watch --prev-kv";
  EXPECT_EQ(
      Shown(ReadEtcdctlFields("\"Key\" : \"/a\"\n\"Value\" : \"\"\n\"Key\" : \"/b\"\n\"Value\" : \"c\"\n")),
      "/b=c")
      << "an empty value is none";
  for (const char* text : {"", "\"Key\" : \"/a\"\n", "Key : a\n", "\"Key\" \"/a\"\n",
                           "\"Key\" : /a\n\"Value\" : \"b\"\n", "\"Key\" : \"/a\"\n\"Value\" : \"b\n"})
    EXPECT_EQ(Shown(ReadEtcdctlFields(text)), "none") << text;
}

TEST(Etcdctl, EndsAtEveryCut) {
  const std::string value = "k8s\0\x0a\x04\x0a\x02v1\x12\x02\n/"s;
  for (const std::string& whole :
       {"PUT\n/a\n"s + value + "\n/b\n{\"a\":[\"}\"]}\n\nDELETE\n/c\n\n", "\\x2f\\x61\n\\x7b\\x7d\n"s,
        "\"Key\" : \"/a\"\n\"ModRevision\" : 7\n\"Value\" : \"b\\x00\"\n"s}) {
    support::ForEachPrefix(whole, [](Bytes prefix) {
      const std::string_view text = AsText(prefix);
      for (const auto& items : {ReadEtcdctlSimple(text), ReadEtcdctlHex(text), ReadEtcdctlFields(text)}) {
        size_t size = 0;
        for (const StoredItem& item : items.value_or(Items())) size += item.key.size() + item.value.size();
        EXPECT_LE(size, text.size());
      }
    });
  }
}

}  // namespace
}  // namespace etcdmedic::k8s
