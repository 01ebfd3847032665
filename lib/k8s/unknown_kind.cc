// SPDX-License-Identifier: Apache-2.0
#include "k8s/unknown_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "text/base64.h"
#include "text/json_writer.h"
#include "text/tree_writer.h"
#include "text/utf8.h"
#include "text/yaml_writer.h"

namespace etcdmedic::k8s {
namespace {

constexpr unsigned kDeepest = 32;

bool ReadsAsMessage(Bytes bytes) {
  proto::WireReader reader(bytes);
  proto::WireField field;
  proto::WireStep step = reader.Next(field);
  while (step == proto::WireStep::kField) step = reader.Next(field);
  return step == proto::WireStep::kEnd;
}

// Text that people would recognise. What begins with a line feed is more likely field 1 of a message.
bool ReadsAsText(std::string_view text) {
  const auto control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
  };
  return !text.starts_with('\n') && std::ranges::none_of(text, control) && text::IsUtf8(text);
}

// For a comment: one line, printable, not too long.
std::string Readable(std::string_view text) {
  std::string line(text.substr(0, 80));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return line;
}

template <class Writer>
class NumberWriter {
 public:
  NumberWriter(Writer& writer, Remarks& remarks) : writer_(writer), remarks_(remarks) {}

  void Members(Bytes bytes, const FieldPath& frame) {
    std::vector<proto::WireField> fields = Fields(bytes, frame);
    std::stable_sort(fields.begin(), fields.end(), [](const proto::WireField& a, const proto::WireField& b) {
      return a.number < b.number;
    });
    for (size_t i = 0; i < fields.size();) {
      size_t end = i + 1;
      while (end < fields.size() && fields[end].number == fields[i].number) ++end;
      const std::string name = fmt::format("{}", fields[i].number);
      writer_.Key(name);
      const bool list = end - i > 1;
      if (list) writer_.BeginList();
      for (; i < end; ++i) Value(fields[i], FieldPath{&frame, name});
      if (list) writer_.EndList();
    }
  }

 private:
  std::vector<proto::WireField> Fields(Bytes bytes, const FieldPath& frame) {
    std::vector<proto::WireField> fields;
    proto::WireReader reader(bytes);
    proto::WireField field;
    for (proto::WireStep step = reader.Next(field); step != proto::WireStep::kEnd;
         step = reader.Next(field)) {
      if (step != proto::WireStep::kBroken) fields.push_back(field);
      if (step == proto::WireStep::kField) continue;
      const bool cut = step == proto::WireStep::kCut;
      remarks_.Damaged(
          cut ? diag::Code::kK8sValueTruncated : diag::Code::kK8sValueMalformed, frame, field.tag,
          cut ? fmt::format("field {} cut short", field.number) : "bytes that are not a complete field");
      break;
    }
    return fields;
  }

  void Value(const proto::WireField& field, const FieldPath& frame) {
    if (field.wire_type == proto::kVarint || field.wire_type == proto::kFixed64 ||
        field.wire_type == proto::kFixed32) {
      return writer_.Uint(field.value);
    }
    const std::string_view text = AsText(field.bytes);
    if (field.wire_type == proto::kDelimited && ReadsAsText(text)) return writer_.String(text);
    writer_.BeginMap();
    if (depth_ < kDeepest && ReadsAsMessage(field.bytes)) {
      ++depth_;
      Members(field.bytes, frame);
      --depth_;
    } else {
      std::string base64;
      text::AppendBase64(base64, field.bytes);
      writer_.Key("base64");
      writer_.String(base64);
    }
    writer_.EndMap();
  }

  Writer& writer_;
  Remarks& remarks_;
  unsigned depth_ = 0;
};

}  // namespace

template <class Writer>
void WriteUnknownKind(std::string_view api_version, std::string_view kind, Bytes raw, Writer& writer,
                   Remarks& remarks) {
  writer.Comment(fmt::format("etcdmedic has no table for {} {}; its fields are shown by number",
                             Readable(api_version), Readable(kind)));
  writer.BeginMap();
  NumberWriter<Writer>(writer, remarks).Members(raw, FieldPath{});
  if (!api_version.empty()) {
    writer.Key("apiVersion");
    writer.String(api_version);
  }
  if (!kind.empty()) {
    writer.Key("kind");
    writer.String(kind);
  }
  writer.EndMap();
}

template void WriteUnknownKind(std::string_view, std::string_view, Bytes, text::YamlWriter&, Remarks&);
template void WriteUnknownKind(std::string_view, std::string_view, Bytes, text::JsonWriter&, Remarks&);
template void WriteUnknownKind(std::string_view, std::string_view, Bytes, text::TreeWriter&, Remarks&);

}  // namespace etcdmedic::k8s
