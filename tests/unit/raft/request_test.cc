// SPDX-License-Identifier: Apache-2.0
#include "raft/request.h"

#include <gtest/gtest.h>

#include <random>

#include "support/page_end.h"

namespace etcdmedic::raft {
namespace {

std::string Unhex(std::string_view hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

Request Decode(const std::string& data) {
  Entry entry;
  entry.data = AsBytes(data);
  return DecodeRequest(entry);
}

TEST(Entry, ReadsBothWaysOfWritingZeros) {
  Entry entry;
  ASSERT_TRUE(ParseEntry(AsBytes(Unhex("0800100218022200")), entry));
  EXPECT_EQ(entry.term, 2U);
  ASSERT_TRUE(ParseEntry(AsBytes(Unhex("10021802")), entry)) << "etcd 3.7 leaves the type out";
  EXPECT_EQ(entry.index, 2U);
  EXPECT_EQ(entry.type, EntryType::kNormal);
  EXPECT_FALSE(ParseEntry(AsBytes(Unhex("0a02")), entry)) << "field 1 with another wire type";
}

TEST(Request, ReadsAPut) {
  const std::string put = Unhex("22060a0161120131a20602") + Unhex("0805");
  const Request request = Decode(put);
  EXPECT_EQ(request.form, RequestForm::kInternal);
  EXPECT_EQ(request.kind, "put");
  EXPECT_EQ(request.id, 5U);
  EXPECT_EQ(Summarize(request, false), "put{key=\"a\" value=1 bytes}");
  EXPECT_TRUE(*IsOfType(request, "IRRPut"));
  EXPECT_TRUE(*IsOfType(request, "normal"));
  EXPECT_FALSE(*IsOfType(request, "txn"));
  EXPECT_FALSE(IsOfType(request, "nonsense"));
}

TEST(Request, QuotesKeysSoThatTextCanBeRead) {
  const std::string put = Unhex("220b0a09") + "ü\"\\\n\xff" + "\u202e" + Unhex("a206020805");
  const Request request = Decode(put);
  EXPECT_EQ(Summarize(request, false), "put{key=\"ü\\\"\\\\\\n\\xff\\u{202e}\"}");
}

TEST(Request, DistinguishesV2FromV3) {
  const std::string v2 = Unhex("08051203") + "PUT" + Unhex("1a0a") + "/0/version" + Unhex("2205") + "3.5.0" +
                         Unhex("2800320038004800500058006000680070007800") + Unhex("800100");
  const Request request = Decode(v2);
  EXPECT_EQ(request.form, RequestForm::kV2);
  EXPECT_NE(Summarize(request, false).find("/0/version"), std::string::npos);
}

TEST(Request, FindsKeysInNestedTransactions) {
  // txn{success{request_txn{success{request_put{key=/k}}}}}
  const std::string put = Unhex("0a02") + "/k";
  const std::string op = Unhex("12") + std::string(1, static_cast<char>(put.size())) + put;
  const std::string inner = Unhex("12") + std::string(1, static_cast<char>(op.size())) + op;
  const std::string nested = Unhex("22") + std::string(1, static_cast<char>(inner.size())) + inner;
  const std::string outer = Unhex("12") + std::string(1, static_cast<char>(nested.size())) + nested;
  const std::string data = Unhex("32") + std::string(1, static_cast<char>(outer.size())) + outer;
  const Request request = Decode(data);
  ASSERT_EQ(request.kind, "txn");
  std::vector<std::string> keys;
  ForEachKey(request, [&](Bytes key, Bytes) { keys.emplace_back(AsText(key)); });
  EXPECT_EQ(keys, std::vector<std::string>{"/k"});
}

// A field of a message within a message, shorter than 128 bytes.
std::string Part(int field, const std::string& body) {
  return std::string{static_cast<char>(field << 3 | 2), static_cast<char>(body.size())} + body;
}

std::string PutsOf(const std::string& data) {
  const Request request = Decode(data);
  std::string puts;
  ForEachPut(request, [&](Bytes key, Bytes value) {
    puts += std::string(AsText(key)) + "=" + std::string(AsText(value)) + ";";
  });
  return puts;
}

TEST(Request, GivesKeyAndValueOfAPutInWhateverOrder) {
  EXPECT_EQ(PutsOf(Part(4, Part(1, "a") + Part(2, "1"))), "a=1;");
  EXPECT_EQ(PutsOf(Part(4, Part(2, "1") + Part(1, "a"))), "a=1;");
  EXPECT_EQ(PutsOf(Part(4, Part(2, "1"))), "") << "without a key";
  EXPECT_EQ(PutsOf(Part(5, Part(1, "a"))), "") << "a deletion";
}

TEST(Request, FindsPutsInNestedTransactions) {
  const auto put = [](const std::string& key, const std::string& value) {
    return Part(2, Part(1, key) + Part(2, value));  // RequestOp.request_put
  };
  const std::string inner = Part(3, put("b", "2"));                  // TxnRequest.failure
  const std::string compare = Part(1, Part(3, "x") + Part(7, "y"));  // key and value, yet it is not a put
  const std::string txn = compare + Part(2, put("a", "1")) + Part(2, Part(4, inner)) + Part(2, put("c", "3"));
  EXPECT_EQ(PutsOf(Part(6, txn)), "a=1;b=2;c=3;");
}

TEST(Request, HidesSecretsAndShowsUnknownFields) {
  // auth_user_add{name=u password=secret} and field 4242 = 7
  const std::string body = Unhex("0a0175") + Unhex("1206") + "secret";
  const std::string data =
      Unhex("e244") + std::string(1, static_cast<char>(body.size())) + body + Unhex("908902") + Unhex("07");
  const Request request = Decode(data);
  ASSERT_EQ(request.kind, "auth_user_add");
  EXPECT_EQ(Summarize(request, false).find("secret"), std::string::npos);
  EXPECT_NE(Summarize(request, true).find("secret"), std::string::npos);
  EXPECT_NE(Summarize(request, false).find("#4242=7"), std::string::npos) << Summarize(request, false);
}

TEST(Request, SurvivesAnyBytes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    std::string data(random() % 60, '\0');
    for (char& c : data) c = static_cast<char>(random());
    const Request request = Decode(data);
    Summarize(request, false);
    ForEachKey(request, [](Bytes, Bytes) {});
  }
}

// Requests of every form, cut at every byte: what is read lies within the cut, and is part of the whole.
TEST(Request, GivesPartsOfItselfAtEveryCut) {
  const std::string put = Unhex("22060a0161120131a20602") + Unhex("0805");
  const std::string v2 = Unhex("08051203") + "PUT" + Unhex("1a0a") + "/0/version" + Unhex("2205") + "3.5.0";
  const std::string txn = Unhex("3214") + Unhex("0a08100218013206") + std::string("abcdef").substr(0, 2) +
                          Unhex("12081206") + Unhex("0a0161120131");
  const std::string version = Unhex("a25107") + Unhex("0a05") + "3.7.0";
  const std::string attributes = Unhex("9a5108") + Unhex("080112040a026d31");
  for (const std::string& whole : {put, v2, txn, version, attributes}) {
    support::ForEachPrefix(whole, [&](Bytes prefix) {
      const auto inside = [&](Bytes part) {
        return part.empty() ||
               (part.data() >= prefix.data() && part.data() + part.size() <= prefix.data() + prefix.size());
      };
      for (const EntryType type : {EntryType::kNormal, EntryType::kConfChange, EntryType::kConfChangeV2}) {
        Entry entry;
        entry.type = type;
        entry.data = prefix;
        const Request request = DecodeRequest(entry);
        EXPECT_TRUE(inside(request.body));
        ForEachKey(request, [&](Bytes key, Bytes end) { EXPECT_TRUE(inside(key) && inside(end)); });
        ForEachPut(request, [&](Bytes key, Bytes value) { EXPECT_TRUE(inside(key) && inside(value)); });
        Summarize(request, true);
        EXPECT_TRUE(std::string_view("3.7.0 3.5.0").find(ClusterVersionOf(request)) !=
                    std::string_view::npos);
        AsV2(request);
        SetsAttributes(request);
      }
    });
  }
}

}  // namespace
}  // namespace etcdmedic::raft
