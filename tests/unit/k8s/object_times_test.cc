// SPDX-License-Identifier: Apache-2.0
#include "k8s/object_times.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Number;

std::string Entry(uint64_t seconds) { return Delimited(1, "manager") + Delimited(4, Number(1, seconds)); }

// ObjectMeta: 8 creationTimestamp, 17 managedFields. LeaseSpec: 4 renewTime.
std::string Lease(const std::string& kind) {
  const std::string metadata = Delimited(1, "n") + Delimited(8, Number(1, 100)) + Delimited(17, Entry(300)) +
                               Delimited(17, Entry(200));
  return test::Stored("coordination.k8s.io/v1", kind,
                      Delimited(1, metadata) + Delimited(2, Delimited(4, Number(1, 400) + Number(2, 5))));
}

TEST(ObjectTimes, AreFoundInProtobuf) {
  const std::string lease = Lease("Lease");
  const ObjectTimes times = TimesOf(AsBytes(lease));
  EXPECT_EQ(times.created, 100);
  EXPECT_EQ(times.written, 300) << "the latest of two";
  EXPECT_EQ(times.renewed, 400);
  const std::string other = Lease("Other");
  EXPECT_EQ(TimesOf(AsBytes(other)).renewed, std::nullopt) << "field 2 of another kind is something else";
}

TEST(ObjectTimes, AreFoundInJson) {
  const std::string_view json = R"({"kind":"Lease","metadata":{"creationTimestamp":"1970-01-01T00:01:40Z",
      "managedFields":[{"time":"1970-01-01T00:05:00Z"},{"time":"x"},{}]},"spec":{"renewTime":"1970-01-01T00:06:40.5Z"}})";
  const ObjectTimes times = TimesOf(AsBytes(json));
  EXPECT_EQ(times.created, 100);
  EXPECT_EQ(times.written, 300);
  EXPECT_EQ(times.renewed, 400);
}

TEST(ObjectTimes, AreNotThereInOtherValues) {
  for (const std::string_view value : {"", "text", "{}", "k8s:enc:aescbc:v1:key:x", "{\"metadata\":7}"}) {
    const ObjectTimes times = TimesOf(AsBytes(value));
    EXPECT_FALSE(times.created || times.written || times.renewed) << value;
  }
}

TEST(ObjectTimes, StandEveryCut) {
  support::ForEachPrefix(Lease("Lease"), [](Bytes cut) {
    const ObjectTimes times = TimesOf(cut);
    EXPECT_TRUE(!times.created || *times.created == 100) << cut.size();
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
