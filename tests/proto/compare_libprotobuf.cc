// SPDX-License-Identifier: Apache-2.0
// compare_libprotobuf DESCRIPTORS.pb: every message of etcd, filled at random. Our walk must see what
// libprotobuf wrote, and must refuse the message cut at any length where libprotobuf refuses it, and only
// there.
#include <cstdio>

#include "proto/etcd_messages.h"
#include "proto/walk.h"
#include "random_message.h"

namespace {

using namespace etcdmedic;
namespace pb = google::protobuf;

// One line a field: the path of names and the value, as the walk or libprotobuf's reflection gives them in
// order.
class Lines final : public proto::MessageVisitor {
 public:
  void OnNumber(const proto::FieldInfo& field, uint64_t value) override {
    Line(field.name, field.type == proto::FieldType::kUint32 ? static_cast<uint32_t>(value) : value);
  }
  void OnBytes(const proto::FieldInfo& field, Bytes value) override { Line(field.name, AsText(value)); }
  void OnBegin(const proto::FieldInfo& field) override { Begin(field.name); }
  void OnEnd(const proto::FieldInfo&) override { End(); }
  void OnUnknown(uint32_t, bool, uint64_t, Bytes) override { Line("unknown", 0); }

  void Line(std::string_view name, uint64_t value) { Line(name, std::to_string(value)); }
  void Line(std::string_view name, std::string_view value) {
    ((((text += path_) += name) += '=') += value) += '\n';
  }
  void Begin(std::string_view name) { (path_ += name) += '.'; }
  void End() { path_.resize(path_.rfind('.', path_.size() - 2) + 1); }

  std::string text;

 private:
  std::string path_;
};

void Describe(const pb::Message& message, Lines& lines);

void DescribeOne(const pb::Message& message, const pb::FieldDescriptor& field, int index, Lines& lines) {
  const pb::Reflection& r = *message.GetReflection();
  const bool list = index >= 0;
  std::string scratch;
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return lines.Line(field.name(), static_cast<uint64_t>(list ? r.GetRepeatedInt64(message, &field, index)
                                                                 : r.GetInt64(message, &field)));
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return lines.Line(field.name(),
                        list ? r.GetRepeatedUInt64(message, &field, index) : r.GetUInt64(message, &field));
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return lines.Line(field.name(), uint64_t{r.GetUInt32(message, &field)});
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return lines.Line(field.name(), uint64_t{r.GetBool(message, &field)});
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return lines.Line(field.name(),
                        static_cast<uint64_t>(list ? r.GetRepeatedEnumValue(message, &field, index)
                                                   : r.GetEnumValue(message, &field)));
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return lines.Line(field.name(), list ? r.GetRepeatedStringReference(message, &field, index, &scratch)
                                           : r.GetStringReference(message, &field, &scratch));
    default:
      lines.Begin(field.name());
      Describe(list ? r.GetRepeatedMessage(message, &field, index) : r.GetMessage(message, &field), lines);
      lines.End();
  }
}

void Describe(const pb::Message& message, Lines& lines) {
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> set;
  reflection.ListFields(message, &set);  // ascending by number, as libprotobuf writes them
  for (const pb::FieldDescriptor* field : set) {
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 0;
    if (!field->is_repeated()) DescribeOne(message, *field, -1, lines);
    for (int i = 0; i < size; ++i) DescribeOne(message, *field, i, lines);
  }
}

class Comparison {
 public:
  explicit Comparison(const std::string& descriptors) : messages_(descriptors, 20261127) {}

  void Run(const proto::MessageInfo& info, int times) {
    for (int i = 0; i < times; ++i) {
      const auto message = messages_.Filled(info.name);
      Walk(info, *message);
      Cut(info, message->SerializePartialAsString());
    }
  }

  size_t messages = 0, bytes = 0, cuts = 0, wrong = 0;

 private:
  void Expect(bool holds, const proto::MessageInfo& info, const char* what, size_t length) {
    if (holds) return;
    ++wrong;
    std::printf("%.*s: %s (%zu bytes)\n", static_cast<int>(info.name.size()), info.name.data(), what, length);
  }

  void Walk(const proto::MessageInfo& info, const pb::Message& message) {
    const std::string written = message.SerializePartialAsString();
    Lines ours, theirs;
    Describe(message, theirs);
    Expect(proto::WalkMessage(info, AsBytes(written), ours), info, "refused", written.size());
    Expect(ours.text == theirs.text, info, "read differently", written.size());
    ++messages;
    bytes += written.size();
  }

  void Cut(const proto::MessageInfo& info, const std::string& whole) {
    const auto scratch = messages_.New(info.name);
    for (size_t length = 0; length < whole.size(); ++length) {
      const std::string part(whole, 0,
                             length);  // a copy of its own, so that a sanitizer sees a read past its end
      const bool theirs = scratch->ParsePartialFromString(part);
      Expect(proto::IsWellFormed(info, AsBytes(part)) == theirs, info,
             theirs ? "refused when cut" : "taken when cut", length);
      ++cuts;
    }
  }

  test::RandomMessages messages_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 1;
  Comparison comparison(arguments[1]);
  for (const proto::MessageInfo* info : proto::kAllMessages) comparison.Run(*info, 50);
  std::printf("%zu messages of %zu types, %zu bytes, %zu cuts, %zu wrong\n", comparison.messages,
              std::size(proto::kAllMessages), comparison.bytes, comparison.cuts, comparison.wrong);
  return comparison.wrong == 0 && comparison.bytes > 100'000 && comparison.cuts > 100'000 ? 0 : 1;
}
