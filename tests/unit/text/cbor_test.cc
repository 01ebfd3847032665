// SPDX-License-Identifier: Apache-2.0
#include "text/cbor.h"

#include <gtest/gtest.h>

#include "support/object_text.h"
#include "text/text_codec.h"

namespace etcdmedic::text {
namespace {

using support::JsonOf;
using support::YamlOf;

// Of one item, given in hex.
std::string JsonOfCbor(std::string_view hex) {
  const std::string value = FromHex(hex).value();
  ObjectTree tree;
  const TextFault fault = ReadCbor(AsBytes(value), tree);
  return fault ? std::string(fault.what) : JsonOf(tree);
}

TEST(Cbor, ReadsEveryKindOfItem) {
  struct Case {
    std::string_view hex, json;
  };
  // Most are the examples of RFC 8949, appendix A.
  const Case cases[] = {
      {"00", "0"},
      {"1864", "100"},
      {"1bffffffffffffffff", "18446744073709551615"},
      {"3903e7", "-1000"},
      {"3b7fffffffffffffff", "-9223372036854775808"},
      {"3bffffffffffffffff", "-18446744073709552000"},
      {"f93c00", "1"},
      {"f93e00", "1.5"},
      {"f90001", "5.960464477539063e-8"},
      {"f9c400", "-4"},
      {"fa47c35000", "100000"},
      {"fb3ff199999999999a", "1.1"},
      {"f97e00", "null"},
      {"f4", "false"},
      {"f5", "true"},
      {"f6", "null"},
      {"6161", "\"a\""},
      {"4161", "\"a\""},
      {"5f42616241 63ff", "\"abc\""},
      {"7f657374726561646d696e67ff", "\"streaming\""},
      {"c074323031332d30332d32315432303a30343a30305a", "\"2013-03-21T20:04:00Z\""},
      {"c11a514b67b0", "\"2013-03-21T20:04:00Z\""},
      {"c1fb41d452d9ec200000", "\"2013-03-21T20:04:00.5Z\""},
      {"d64401020304", "\"AQIDBA==\""},
      {"d542fbff", "\"-_8=\""},
      {"d74401020304", "\"01020304\""},
      {"80", "[]"},
      {"8301820203820405", "[1,[2,3],[4,5]]"},
      {"9f018202039f0405ffff", "[1,[2,3],[4,5]]"},
      {"a26161016162820203", "{\"a\":1,\"b\":[2,3]}"},
      {"bf61610141629f0203ffff", "{\"a\":1,\"b\":[2,3]}"},
      {"d9d9f7a1446b696e644141", "{\"kind\":\"A\"}"},
  };
  for (const Case& one : cases) EXPECT_EQ(JsonOfCbor(one.hex), one.json) << one.hex;
}

TEST(Cbor, SaysWhereDamageIsAndKeepsWhatPrecedesIt) {
  struct Case {
    std::string_view hex, what, path, yaml;
    diag::Code code;
  };
  const Case cases[] = {
      {"a2616101", "the value ends inside of an item", "a", "a: 1\n", diag::Code::kK8sValueTruncated},
      {"a161618201", "the value ends inside of an item", "a[1]", "a:\n- 1\n", diag::Code::kK8sValueTruncated},
      {"a16161656162", "the value ends inside of an item", "a", "a: ab\n", diag::Code::kK8sValueTruncated},
      {"a161619bffffffffffffffff", "the value ends inside of an item", "a[0]", "a: []\n",
       diag::Code::kK8sValueTruncated},
      {"a161611c", "no item begins like this", "a", "{}\n", diag::Code::kK8sValueMalformed},
      {"a16161ff", "a break outside of an item", "a", "{}\n", diag::Code::kK8sValueMalformed},
      {"a1800102", "a key that is not a string", "", "{}\n", diag::Code::kK8sValueMalformed},
      {"a10102", "a key that is not a string", "", "\"1\": 2\n", diag::Code::kK8sValueMalformed},
      {"a1616141ff", "text that is not UTF-8", "a", "a: \xEF\xBF\xBD\n", diag::Code::kK8sValueMalformed},
      {"a1616101 00", "bytes after the object", "", "a: 1\n", diag::Code::kK8sValueMalformed},
      {"a16161c24101", "a tag that Kubernetes does not use", "a", "a: \"\\x01\"\n",
       diag::Code::kK8sValueMalformed},
  };
  for (const Case& one : cases) {
    const std::string value = FromHex(one.hex).value();
    ObjectTree tree;
    const TextFault fault = ReadCbor(AsBytes(value), tree);
    EXPECT_EQ(fault.what, one.what) << one.hex;
    EXPECT_EQ(fault.path, one.path) << one.hex;
    EXPECT_EQ(fault.code, one.code) << one.hex;
    EXPECT_EQ(YamlOf(tree), one.yaml) << one.hex;
  }
}

TEST(Cbor, SurvivesEveryCut) {
  const std::string whole =
      FromHex("d9d9f7bf446b696e645f4141ff456974656d739f01f93c00c11a514b67b0d6410161 61ffff").value();
  ObjectTree tree;
  ASSERT_FALSE(ReadCbor(AsBytes(whole), tree));
  for (size_t length = 0; length < whole.size(); ++length) {
    ASSERT_TRUE(ReadCbor(AsBytes(std::string_view(whole).substr(0, length)), tree)) << length;
    YamlOf(tree);
  }
}

TEST(Cbor, StopsAtAnAbsurdDepth) {
  ObjectTree tree;
  for (const char opener : {'\x81', '\xC0'}) {
    const std::string value(100000, opener);
    EXPECT_EQ(ReadCbor(AsBytes(value), tree).code, diag::Code::kK8sValueNesting);
  }
}

}  // namespace
}  // namespace etcdmedic::text
