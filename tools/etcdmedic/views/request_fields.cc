// SPDX-License-Identifier: Apache-2.0
#include "views/request_fields.h"

#include <algorithm>

#include "base/secret_mask.h"
#include "k8s/secrets.h"
#include "text/utf8.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

// A member, a lease or a request: numbers that etcd's log shows in hexadecimal.
bool IsId(const proto::FieldInfo& field) {
  return field.role == proto::FieldRole::kMemberId || field.role == proto::FieldRole::kLeaseId ||
         field.name == "ID";
}

std::optional<std::string_view> EnumName(const proto::FieldInfo& field, uint64_t value) {
  const auto found = std::ranges::find(field.values, static_cast<int32_t>(value), &proto::EnumValue::number);
  if (found == field.values.end()) return std::nullopt;
  return found->name;
}

}  // namespace

bool IsHiddenValue(Bytes key, Bytes value) { return key.empty() || k8s::HoldsSecret(AsText(key), value); }

void RequestFields::Write(const raft::Request& request) {
  proto::WalkMessage(*request.info, request.body, *this);
  Close();
  WriteObject();
}

void RequestFields::OnNumber(const proto::FieldInfo& field, uint64_t value) {
  Open(field);
  if (field.type == proto::FieldType::kBool) return out_.Bool(value != 0);
  if (field.type == proto::FieldType::kEnum) {
    if (const auto name = EnumName(field, value)) return out_.String(*name);
  }
  if (IsId(field)) return out_.String(Hex(value));
  field.type == proto::FieldType::kInt64 ? out_.Number(static_cast<int64_t>(value)) : out_.Number(value);
}

void RequestFields::OnBytes(const proto::FieldInfo& field, Bytes value) {
  if (field.role == proto::FieldRole::kKey) open_.back().key = value;
  if (field.role == proto::FieldRole::kValue) open_.back().value = value;
  if (field.role == proto::FieldRole::kValue && !values_) {
    Close();
    return out_.Field("value_size", value.size());
  }
  const bool hidden = IsHidden(field, value);
  if (!hidden && !text::IsUtf8(AsText(value)) && !field.repeated) {
    Close();
    return out_.FieldBase64(field.name, value);
  }
  Open(field);
  out_.String(hidden ? kSecretMask : AsText(value));
}

void RequestFields::OnBegin(const proto::FieldInfo& field) {
  Open(field);
  out_.BeginMap();
  open_.push_back({});
}

void RequestFields::OnEnd(const proto::FieldInfo&) {
  Close();
  WriteObject();
  open_.pop_back();
  out_.EndMap();
}

void RequestFields::OnUnknown(uint32_t field, bool is_bytes, uint64_t number, Bytes bytes) {
  Close();
  const std::string name = fmt::format("#{}", field);
  if (!is_bytes) return out_.Field(name, number);
  hides_values_ ? out_.Field(name, kSecretMask) : out_.FieldBase64(name, bytes);
}

bool RequestFields::IsHidden(const proto::FieldInfo& field, Bytes value) const {
  if (field.role == proto::FieldRole::kSecret) return hides_passwords_;
  if (!hides_values_) return false;
  return field.role == proto::FieldRole::kValue ? IsHiddenValue(open_.back().key, value)
                                                : raft::IsV2Value(field);
}

// A repeated field's elements stand together in the wire's order, so a list is open until another field
// begins.
void RequestFields::Open(const proto::FieldInfo& field) {
  if (field.repeated && open_.back().list == &field) return;
  Close();
  out_.Key(field.name);
  if (!field.repeated) return;
  out_.BeginList();
  open_.back().list = &field;
}

void RequestFields::Close() {
  if (open_.back().list != nullptr) out_.EndList();
  open_.back().list = nullptr;
}

void RequestFields::WriteObject() {
  const Level& level = open_.back();
  if (!object_of_ || level.key.empty() || level.value.empty()) return;
  const auto object = object_of_(level.key, level.value);
  if (!object) return;
  out_.Key("object");
  out_.Embed(*object);
}

}  // namespace etcdmedic::tool
