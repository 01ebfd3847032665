// SPDX-License-Identifier: Apache-2.0
// Messages of etcd filled at random, by libprotobuf and the descriptors of proto/.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

namespace etcdmedic::test {

namespace pb = google::protobuf;

class RandomMessages {
 public:
  RandomMessages(const std::string& descriptors, uint32_t seed)
      : pool_(pb::DescriptorPool::generated_pool()), factory_(&pool_), random_(seed) {
    std::ifstream file(descriptors, std::ios::binary);
    pb::FileDescriptorSet set;
    if (!set.ParseFromIstream(&file)) throw std::runtime_error("no descriptors in " + descriptors);
    for (const auto& each : set.file()) {
      const bool known = pool_.FindFileByName(each.name()) != nullptr;  // protobuf's own descriptor.proto
      if (!known && pool_.BuildFile(each) == nullptr) throw std::runtime_error("cannot build " + each.name());
    }
  }

  // An empty message of the type.
  std::unique_ptr<pb::Message> New(std::string_view name) {
    const pb::Descriptor* type = pool_.FindMessageTypeByName(std::string(name));
    if (type == nullptr) throw std::runtime_error("no message " + std::string(name));
    return std::unique_ptr<pb::Message>(factory_.GetPrototype(type)->New());
  }

  std::unique_ptr<pb::Message> Filled(std::string_view name) {
    auto message = New(name);
    Fill(*message, 0);
    return message;
  }

  // 0 to `most`.
  uint64_t Number(uint64_t most) { return std::uniform_int_distribution<uint64_t>(0, most)(random_); }

 private:
  void Fill(pb::Message& message, int depth) {
    const pb::Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const pb::FieldDescriptor& field = *type.field(i);
      const bool nested = field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
      if (nested ? depth > 3 || Number(2) > 0 : Number(3) == 0) continue;
      const uint64_t times = field.is_repeated() ? Number(3) : 1;
      for (uint64_t n = 0; n < times; ++n) Put(message, field, depth);
    }
  }

  void Put(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    const pb::Reflection& to = *message.GetReflection();
    const bool list = field.is_repeated();
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT64: {
        const auto value = static_cast<int64_t>(Bits());
        return list ? to.AddInt64(&message, &field, value) : to.SetInt64(&message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        return list ? to.AddUInt64(&message, &field, Bits()) : to.SetUInt64(&message, &field, Bits());
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        return to.SetUInt32(&message, &field, static_cast<uint32_t>(Bits()));
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        return to.SetBool(&message, &field, Number(1) == 1);
      case pb::FieldDescriptor::CPPTYPE_ENUM: {
        const auto& values = *field.enum_type();
        const auto* value =
            values.value(static_cast<int>(Number(static_cast<uint64_t>(values.value_count() - 1))));
        return list ? to.AddEnum(&message, &field, value) : to.SetEnum(&message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_STRING:
        return list ? to.AddString(&message, &field, Text()) : to.SetString(&message, &field, Text());
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(list ? *to.AddMessage(&message, &field) : *to.MutableMessage(&message, &field),
                    depth + 1);
      default:
        throw std::runtime_error("a type that etcd does not use: " + field.full_name());
    }
  }

  uint64_t Bits() { return Number(UINT64_MAX) >> Number(63); }
  std::string Text() {
    std::string text(Number(Number(9) == 0 ? 300 : 12), ' ');
    for (char& c : text) c = static_cast<char>(' ' + Number('~' - ' '));
    return text;
  }

  pb::DescriptorPool pool_;
  pb::DynamicMessageFactory factory_;
  std::mt19937 random_;
};

}  // namespace etcdmedic::test
