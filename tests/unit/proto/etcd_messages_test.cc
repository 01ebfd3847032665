// SPDX-License-Identifier: Apache-2.0
#include "proto/etcd_messages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "proto/walk.h"

namespace etcdmedic::proto {
namespace {

std::string Lower(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

template <class Each>
void ForEachEtcdField(Each each) {
  for (const MessageInfo* info : kAllMessages) {
    for (const FieldInfo& field : info->fields) each(*info, field);
  }
}

TEST(EtcdMessages, HideEveryPasswordAndToken) {
  size_t secrets = 0;
  ForEachEtcdField([&](const MessageInfo& info, const FieldInfo& field) {
    const std::string name = Lower(field.name);
    const bool secret = name.ends_with("password") || name.ends_with("token");
    if (secret && (field.type == FieldType::kString || field.type == FieldType::kBytes)) {
      EXPECT_EQ(field.role, FieldRole::kSecret) << info.name << "." << field.name;
      ++secrets;
    }
  });
  EXPECT_EQ(secrets, 9U);
}

TEST(EtcdMessages, KnowKeysAndIds) {
  ForEachEtcdField([&](const MessageInfo& info, const FieldInfo& field) {
    const auto expect = [&](bool applies, FieldRole role) {
      if (applies) {
        EXPECT_EQ(field.role, role) << info.name << "." << field.name;
      }
    };
    expect(field.name == "key", FieldRole::kKey);
    expect(field.name == "range_end", FieldRole::kRangeEnd);
    expect(field.name == "lease", FieldRole::kLeaseId);
    const bool member = Lower(field.name).starts_with("member") && field.type == FieldType::kUint64;
    expect(member, FieldRole::kMemberId);
  });
}

TEST(EtcdMessages, AreInOrderAndComplete) {
  ForEachEtcdField([&](const MessageInfo& info, const FieldInfo& field) {
    EXPECT_EQ(FindField(info, field.number), &field) << info.name << "." << field.name;
    EXPECT_EQ(field.message != nullptr, field.type == FieldType::kMessage);
    EXPECT_EQ(!field.values.empty(), field.type == FieldType::kEnum);
  });
  for (const MessageInfo* info : kAllMessages)
    EXPECT_TRUE(std::ranges::is_sorted(info->fields, {}, &FieldInfo::number));
}

TEST(EtcdMessages, HaveUpstreamsNamesAndNumbers) {
  EXPECT_EQ(etcdserverpb::PutRequest::kInfo.name, "etcdserverpb.PutRequest");
  EXPECT_EQ(etcdserverpb::InternalRaftRequest::kDowngradeVersionTest, 9900U);
  const FieldInfo* deleted = FindField(etcdserverpb::InternalRaftRequest::kInfo, 1101);
  EXPECT_EQ(deleted->message, &etcdserverpb::AuthUserDeleteRequest::kInfo);
  EXPECT_EQ(FindField(raftpb::ConfChange::kInfo, raftpb::ConfChange::kType)->values[0].name, "AddNode");
}

}  // namespace
}  // namespace etcdmedic::proto
