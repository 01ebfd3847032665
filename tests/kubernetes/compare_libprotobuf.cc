// SPDX-License-Identifier: Apache-2.0
// compare_libprotobuf DESCRIPTORS.pb NAME.bin...: libprotobuf decodes each value by the .proto files in
// k8s-protos, our decoder by the tables made of them; both must see the same fields with the same values.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "k8s/envelope.h"
#include "k8s/schema.h"
#include "k8s/value.h"
#include "k8s/well_known.h"
#include "text/base64.h"
#include "text/time.h"

namespace {

using namespace etcdmedic;
using nlohmann::json;
namespace pb = google::protobuf;

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Compares one object; counts what it has seen.
class Comparison {
 public:
  size_t fields = 0, wrong = 0;

  void Object(const pb::Message& message, const k8s::Message& table, const json& node) {
    std::vector<const pb::FieldDescriptor*> set;
    message.GetReflection()->ListFields(message, &set);
    for (const auto* field : set) {
      const k8s::Field* row = k8s::FindField(table, static_cast<uint64_t>(field->number()));
      Expect(row != nullptr, field->full_name());
      if (row != nullptr) Field(message, *field, *row, node);
    }
  }

 private:
  void Expect(bool holds, const std::string& what) {
    ++fields;
    if (holds) return;
    ++wrong;
    std::printf("%s differs\n", what.c_str());
  }

  void Field(const pb::Message& message, const pb::FieldDescriptor& field, const k8s::Field& row,
             const json& node) {
    const auto* reflection = message.GetReflection();
    if ((row.flags & k8s::kInline) != 0 && row.type == k8s::Type::kMessage) {
      return Object(reflection->GetMessage(message, &field), k8s::MessageAt(row.message), node);
    }
    const auto found = node.find(std::string(k8s::JsonName(row)));
    const json member = found == node.end() ? json() : *found;
    if (field.is_map()) return Map(message, field, row, member);
    if (!field.is_repeated()) return Expect(Value(message, field, row, -1, member), field.full_name());
    const int size = reflection->FieldSize(message, &field);
    Expect(member.is_array() && member.size() == static_cast<size_t>(size), field.full_name());
    for (int i = 0; i < size && member.is_array(); ++i) {
      Expect(Value(message, field, row, i, member.at(static_cast<size_t>(i))), field.full_name());
    }
  }

  void Map(const pb::Message& message, const pb::FieldDescriptor& field, const k8s::Field& row,
           const json& node) {
    const auto* reflection = message.GetReflection();
    const int size = reflection->FieldSize(message, &field);
    Expect(node.is_object() && node.size() == static_cast<size_t>(size), field.full_name());
    for (int i = 0; i < size && node.is_object(); ++i) {
      const pb::Message& entry = reflection->GetRepeatedMessage(message, &field, i);
      const auto* descriptor = entry.GetDescriptor();
      const std::string key = entry.GetReflection()->GetString(entry, descriptor->field(0));
      Expect(node.contains(key) && Value(entry, *descriptor->field(1), row, -1, node[key]),
             field.full_name());
    }
  }

  // What JSON leaves out must be zero.
  template <class T>
  static bool Equal(const T& value, const json& node) {
    return node.is_null() ? value == T() : node == json(value);
  }

  // `index` < 0: not repeated.
  bool Value(const pb::Message& message, const pb::FieldDescriptor& field, const k8s::Field& row, int index,
             const json& node) {
    const auto* r = message.GetReflection();
    const bool one = index < 0;
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32:
        return Equal(one ? r->GetInt32(message, &field) : r->GetRepeatedInt32(message, &field, index), node);
      case pb::FieldDescriptor::CPPTYPE_INT64:
        return Equal(one ? r->GetInt64(message, &field) : r->GetRepeatedInt64(message, &field, index), node);
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        return Equal(one ? r->GetBool(message, &field) : r->GetRepeatedBool(message, &field, index), node);
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        return Equal(one ? r->GetDouble(message, &field) : r->GetRepeatedDouble(message, &field, index),
                     node);
      case pb::FieldDescriptor::CPPTYPE_STRING:
        return Text(one ? r->GetString(message, &field) : r->GetRepeatedString(message, &field, index), field,
                    node);
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return Message(one ? r->GetMessage(message, &field) : r->GetRepeatedMessage(message, &field, index),
                       row, node);
      default:
        return false;
    }
  }

  static bool Text(const std::string& value, const pb::FieldDescriptor& field, const json& node) {
    if (field.type() != pb::FieldDescriptor::TYPE_BYTES) return Equal(value, node);
    std::string base64;
    text::AppendBase64(base64, AsBytes(value));
    return Equal(base64, node);
  }

  bool Message(const pb::Message& message, const k8s::Field& row, const json& node) {
    const k8s::Message& table = k8s::MessageAt(row.message);
    const auto* r = message.GetReflection();
    const auto* d = message.GetDescriptor();
    const auto number = [&](int field) { return r->GetInt64(message, d->FindFieldByNumber(field)); };
    const auto text = [&](int field) { return r->GetString(message, d->FindFieldByNumber(field)); };
    std::string printed;
    switch (table.well_known) {
      case k8s::WellKnownType::kTime:
        if (node.is_null()) return message.ByteSizeLong() == 0;
        text::AppendTime(number(1), printed);
        return node == printed;
      case k8s::WellKnownType::kMicroTime:
        if (node.is_null()) return message.ByteSizeLong() == 0;
        text::AppendMicroTime(number(1), r->GetInt32(message, d->FindFieldByNumber(2)), printed);
        return node == printed;
      case k8s::WellKnownType::kDuration:
        return node == k8s::DurationText(number(1));
      case k8s::WellKnownType::kQuantity:
        return node == (text(1).empty() ? "0" : text(1));
      case k8s::WellKnownType::kIntOrString:
        return number(1) == 1 ? node == text(3) : node == r->GetInt32(message, d->FindFieldByNumber(2));
      case k8s::WellKnownType::kRawExtension:
      case k8s::WellKnownType::kFieldsV1:
      case k8s::WellKnownType::kJson:
        return text(1).empty() ? node.is_null() : node == json::parse(text(1));
      case k8s::WellKnownType::kNone:
        if (!node.is_object()) return message.ByteSizeLong() == 0;
        Object(message, table, node);
        return true;
      default:
        return false;  // none of these in stored protobuf values
    }
  }
};

bool Same(const std::string& value, const pb::DescriptorPool& pool, Comparison& comparison) {
  const k8s::Envelope envelope = k8s::ReadEnvelope(AsBytes(value));
  const k8s::Kind* kind = k8s::FindKind(envelope.api_version, envelope.kind);
  if (kind == nullptr) return false;
  const k8s::Message& table = k8s::MessageAt(kind->message);
  const auto* descriptor = pool.FindMessageTypeByName(std::string(k8s::NameOf(table)));
  if (descriptor == nullptr) return false;
  pb::DynamicMessageFactory factory;
  const std::unique_ptr<pb::Message> message(factory.GetPrototype(descriptor)->New());
  if (!message->ParseFromArray(envelope.raw.data(), static_cast<int>(envelope.raw.size()))) return false;
  std::string text;
  diag::FindingList found;
  k8s::DecodeOptions options;
  options.format = k8s::TextFormat::kJson;
  k8s::Decode(AsBytes(value), options, text, Where{}, found);
  const size_t before = comparison.wrong;
  comparison.Object(*message, table, json::parse(text));
  return comparison.wrong == before;
}

}  // namespace

int main(int count, char** names) {
  pb::FileDescriptorSet files;
  if (count < 3 || !files.ParseFromString(Read(names[1]))) return 1;
  pb::DescriptorPool pool(pb::DescriptorPool::generated_pool());
  for (const auto& file : files.file()) {
    if (pool.FindFileByName(file.name()) == nullptr && pool.BuildFile(file) == nullptr) return 1;
  }
  Comparison comparison;
  int values = 0, wrong = 0;
  for (int i = 2; i < count; ++i) {
    const std::string value = Read(names[i]);
    if (k8s::EncodingOf(AsBytes(value)) != k8s::Encoding::kProtobuf) continue;
    ++values;
    if (Same(value, pool, comparison)) continue;
    ++wrong;
    std::printf("%s differs\n", names[i]);
  }
  std::printf("%d values, %zu fields, %d values wrong\n", values, comparison.fields, wrong);
  return wrong == 0 && values >= 20 && comparison.fields > 1000 ? 0 : 1;
}
