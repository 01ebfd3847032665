// SPDX-License-Identifier: Apache-2.0
#include "k8s/schema.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace etcdmedic::k8s {
namespace {

const Message& MessageOf(std::string_view api_version, std::string_view kind) {
  const Kind* row = FindKind(api_version, kind);
  EXPECT_NE(row, nullptr) << api_version << " " << kind;
  return MessageAt(row->message);
}

TEST(Schema, KnowsEveryKindOfEveryRelease) {
  EXPECT_EQ(Kinds().size(), 437U);
  for (const Kind& kind : Kinds()) EXPECT_EQ(FindKind(ApiVersionOf(kind), NameOf(kind)), &kind);
  EXPECT_EQ(NameOf(MessageOf("v1", "Pod")), "k8s.io.api.core.v1.Pod");
  EXPECT_EQ(FindKind("v1", "Pod")->scope, Scope::kNamespaced);
  EXPECT_EQ(FindKind("settings.k8s.io/v1alpha1", "PodPreset")->scope, Scope::kNamespaced)
      << "gone since 1.20";
  EXPECT_EQ(FindKind("v1", "pod"), nullptr);
  EXPECT_EQ(FindKind("route.openshift.io/v1", "Route"), nullptr);
}

TEST(Schema, EveryRowPointsAtARow) {
  for (uint16_t i = 0; i < tables::kMessageCount; ++i) {
    const Message& message = MessageAt(i);
    EXPECT_TRUE(NameOf(message).starts_with("k8s.io."));
    ASSERT_LE(message.slot_count, 64U);
    std::string_view last;
    for (unsigned slot = 0; slot < message.slot_count; ++slot) {
      EXPECT_EQ(SlotField(message, kByDeclaration, slot).slots[kByDeclaration], slot) << NameOf(message);
      const Field& field = SlotField(message, kByName, slot);
      EXPECT_EQ(field.slots[kByName], slot) << NameOf(message) << " " << JsonName(field);
      EXPECT_EQ(std::string(JsonName(field).data() - 2, JsonName(field).size() + 4),
                fmt::format(",\"{}\":", JsonName(field)));
      if ((field.flags & kHidden) == 0 && !JsonName(field).empty()) {
        EXPECT_LT(last, JsonName(field)) << NameOf(message);
        last = JsonName(field);
      }
    }
    for (const Field& field : FieldsOf(message)) EXPECT_EQ(FindField(message, field.number), &field);
    EXPECT_EQ(FindField(message, 0), nullptr);
    EXPECT_EQ(FindField(message, UINT64_MAX), nullptr);
  }
}

TEST(Schema, ReadsReleases) {
  EXPECT_EQ(ParseRelease("1.33"), 33);
  EXPECT_EQ(ParseRelease("v1.33.2"), 33);
  EXPECT_EQ(ParseRelease("0.15"), 15);
  EXPECT_EQ(ParseRelease("1.99"), tables::kNewestRelease);
  EXPECT_FALSE(ParseRelease("2.1"));
  EXPECT_FALSE(ParseRelease("1.x"));
  EXPECT_FALSE(ParseRelease(""));
}

TEST(Schema, KnowsWhatAFieldWas) {
  const Message& pod = MessageOf("v1", "Pod");
  const Message& metadata = MessageAt(FindField(pod, 1)->message);
  const Field& created = *FindField(metadata, 8);
  EXPECT_EQ(JsonName(created), "creationTimestamp");
  EXPECT_FALSE(PrintsAbsent(created, 37));
  EXPECT_TRUE(PrintsAbsent(created, 33)) << "null before 1.34";
  const Field& cluster = *FindField(metadata, 15);
  EXPECT_EQ(cluster.until, 24) << "clusterName went with 1.25";
  const Message& claim = MessageAt(FindField(MessageOf("v1", "PersistentVolumeClaim"), 2)->message);
  const Field& resources = *FindField(claim, 2);
  EXPECT_EQ(NameOf(MessageAt(ShapeIn(resources, 37).message)),
            "k8s.io.api.core.v1.VolumeResourceRequirements");
  EXPECT_EQ(NameOf(MessageAt(ShapeIn(resources, 28).message)), "k8s.io.api.core.v1.ResourceRequirements");
}

}  // namespace
}  // namespace etcdmedic::k8s
