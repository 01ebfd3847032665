// SPDX-License-Identifier: Apache-2.0
#include "k8s/value.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/secret_mask.h"
#include "encryption/value_head.h"
#include "k8s/envelope.h"
#include "k8s/protobuf.h"
#include "k8s/secrets.h"
#include "k8s/unknown_kind.h"
#include "text/base64.h"
#include "text/cbor.h"
#include "text/json_text.h"
#include "text/json_writer.h"
#include "text/tree_writer.h"
#include "text/yaml_writer.h"

namespace etcdmedic::k8s {
namespace {

constexpr size_t kListDepth = 2;  // the List, and its items

bool IsText(Bytes value) {
  return std::ranges::all_of(AsText(value), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7f : c == '\n' || c == '\t' || c == '\r';
  });
}

// Where a value comes from and who wants to know what is wrong with it.
struct Source {
  Bytes value;
  const Where& where;
  diag::FindingSink& sink;
};

std::string ResourceVersion(const DecodeOptions& options) {
  return options.resource_version ? fmt::format("{}", *options.resource_version) : std::string();
}

// What Decode and DecodeTree have to say beside what they write.
struct Told {
  DecodeResult decoded;
  std::vector<std::string> comments = {};
};

template <class Writer>
void WriteMasked(const Envelope& envelope, Writer& writer) {
  writer.BeginMap();
  writer.Key("apiVersion");
  writer.String(envelope.api_version);
  writer.Key("data");
  writer.String(kSecretMask);
  writer.Key("kind");
  writer.String(envelope.kind);
  writer.EndMap();
}

template <class Writer>
Told WriteProtobuf(const Source& source, const DecodeOptions& options, Writer& writer) {
  const Envelope envelope = ReadEnvelope(source.value);
  const SecretMask mask(options.mask_secrets, envelope.kind);
  Remarks remarks(source.value, source.where, source.sink, mask);
  if (!envelope.whole) {
    remarks.Damaged(diag::Code::kK8sValueTruncated, FieldPath{nullptr, "envelope"}, envelope.fault,
                    "cut short or no field");
  }
  if (const Kind* kind = FindKind(envelope.api_version, envelope.kind)) {
    const std::string resource_version = ResourceVersion(options);
    const ObjectOptions object{.api_version = envelope.api_version,
                               .kind = envelope.kind,
                               .release = ParseRelease(options.release).value_or(tables::kNewestRelease),
                               .mask_secrets = options.mask_secrets,
                               .sorted = options.resource_version.has_value(),
                               .resource_version = resource_version,
                               .hide_managed_fields = options.hide_managed_fields};
    WriteObject(MessageAt(kind->message), envelope.raw, object, writer, remarks);
  } else if (options.mask_secrets && HoldsSecret(options.key, source.value)) {
    WriteMasked(envelope, writer);
  } else {
    remarks.Note(diag::Code::kK8sKindUnknown, fmt::format("{} {}", envelope.api_version, envelope.kind));
    WriteUnknownKind(envelope.api_version, envelope.kind, envelope.raw, writer, remarks);
  }
  remarks.Finish();
  return {{Encoding::kProtobuf, std::string(envelope.api_version), std::string(envelope.kind),
           remarks.complete()},
          remarks.comments()};
}

template <class Writer>
Told WriteSchemaless(const Source& source, Encoding encoding, const DecodeOptions& options, Writer& writer) {
  const bool json = encoding == Encoding::kJson;
  text::ObjectTree tree;
  const text::TextFault fault =
      json ? text::ReadJson(AsText(source.value), tree) : text::ReadCbor(source.value, tree);
  const std::string resource_version = ResourceVersion(options);
  const bool yaml = options.format == TextFormat::kYaml;
  const text::TreeOptions shape{.order = yaml                       ? text::KeyOrder::kNatural
                                         : options.resource_version ? text::KeyOrder::kBytewise
                                                                    : text::KeyOrder::kStored,
                                .resource_version = resource_version,
                                .mask_secrets = options.mask_secrets,
                                .hide_managed_fields = options.hide_managed_fields};
  text::WriteTree(tree.root(), shape, writer);
  if (fault) text::ReportFault(fault, json ? "JSON" : "CBOR", source.value.size(), source.where, source.sink);
  const text::ObjectHead head = text::HeadOf(tree.root());
  return {{encoding, std::string(head.api_version), std::string(head.kind), !fault}};
}

// What is not an object: text as it is, anything else as base64.
void AppendOther(Bytes value, Encoding encoding, std::string& out) {
  if (encoding == Encoding::kText) {
    out += AsText(value);
  } else {
    text::AppendBase64(out, value);
  }
}

// Whether nothing of the value can be shown, as what is secret in it cannot be told from the rest.
bool MustHide(Bytes value, Encoding encoding, std::string_view key) {
  if (encoding == Encoding::kEncrypted || encoding == Encoding::kEmpty) return false;
  if (encoding == Encoding::kText || encoding == Encoding::kBinary)
    return IsSecretKey(key) || MayHoldSecret(value);
  return IsSecretKey(key) && Peek(value).kind != "Secret";
}

// Nothing written where the value holds no object.
template <class Writer>
Told Write(const Source& source, const DecodeOptions& options, Writer& writer) {
  const Encoding encoding = EncodingOf(source.value);
  if (options.mask_secrets && MustHide(source.value, encoding, options.key)) {
    writer.String(kSecretMask);
    return {{encoding, {}, {}, false}};
  }
  if (encoding == Encoding::kProtobuf) return WriteProtobuf(source, options, writer);
  if (IsObject(encoding)) return WriteSchemaless(source, encoding, options, writer);
  return {{encoding, {}, {}, encoding != Encoding::kEncrypted}};
}

// Calls `each` for every delimited field that is whole or the last.
template <class Each>
void ForEachPart(Bytes bytes, Each each) {
  proto::WireReader reader(bytes);
  proto::WireField field;
  for (proto::WireStep step = reader.Next(field);
       step == proto::WireStep::kField || step == proto::WireStep::kCut; step = reader.Next(field)) {
    if (field.wire_type == proto::kDelimited) each(field.number, field.bytes);
    if (step == proto::WireStep::kCut) return;
  }
}

// Numbers of metav1.ObjectMeta: docs/format/k8s.md, "Envelope".
void PeekMetadata(Bytes metadata, Peeked& peeked) {
  ForEachPart(metadata, [&](uint64_t number, Bytes bytes) {
    if (number == 1) peeked.name = AsText(bytes);
    if (number == 3) peeked.namespace_name = AsText(bytes);
    if (number == 5) peeked.uid = AsText(bytes);
    if (number != 11) return;
    auto& [key, value] = peeked.labels.emplace_back();
    ForEachPart(bytes, [&](uint64_t part, Bytes text) {
      if (part == 1) key = AsText(text);
      if (part == 2) value = AsText(text);
    });
  });
}

void PeekProtobuf(Bytes value, Peeked& peeked) {
  const Envelope envelope = ReadEnvelope(value);
  peeked.api_version = envelope.api_version;
  peeked.kind = envelope.kind;
  const Kind* kind = FindKind(envelope.api_version, envelope.kind);
  const Field* first = kind == nullptr ? nullptr : FindField(MessageAt(kind->message), 1);
  if (kind != nullptr && (first == nullptr || JsonName(*first) != "metadata")) return;
  ForEachPart(envelope.raw, [&](uint64_t number, Bytes bytes) {
    if (number == 1) PeekMetadata(bytes, peeked);
  });
}

void PeekTree(Bytes value, Peeked& peeked) {
  text::ObjectTree tree;
  if (peeked.encoding == Encoding::kJson) {
    text::ReadJsonHead(AsText(value), tree);
  } else {
    text::ReadCbor(value, tree);
  }
  const text::ObjectHead head = text::HeadOf(tree.root());
  peeked.api_version = head.api_version;
  peeked.kind = head.kind;
  peeked.name = head.name;
  peeked.namespace_name = head.namespace_name;
  peeked.uid = head.uid;
  peeked.labels.assign(head.labels.begin(), head.labels.end());
}

text::JsonWriter JsonWriterFor(const DecodeOptions& options, std::string& out) {
  const bool indented = options.format == TextFormat::kJsonIndented;
  const auto style = indented ? text::JsonWriter::Style::kIndented : text::JsonWriter::Style::kCompact;
  return text::JsonWriter(out, style, options.list_item ? kListDepth : 0);
}

}  // namespace

std::string_view NameOf(Encoding encoding) {
  constexpr std::string_view kNames[] = {"protobuf", "json", "cbor", "encrypted", "text", "binary", "empty"};
  return kNames[static_cast<size_t>(encoding)];
}

Encoding EncodingOf(Bytes value) {
  const std::string_view text = AsText(value);
  if (text.empty()) return Encoding::kEmpty;
  if (text.starts_with(kMagic)) return Encoding::kProtobuf;
  if (encryption::IsEncrypted(value)) return Encoding::kEncrypted;
  if (text::IsCbor(value)) return Encoding::kCbor;
  if (text.starts_with('{')) return Encoding::kJson;
  return IsText(value) ? Encoding::kText : Encoding::kBinary;
}

void AppendObject(text::ObjectView object, const DecodeOptions& options, std::string& out) {
  text::TreeOptions shape{.hide_managed_fields = options.hide_managed_fields};
  if (options.format == TextFormat::kYaml) {
    text::YamlWriter writer(out);
    if (options.list_item) writer.BeginList();
    text::WriteTree(object, shape, writer);
  } else {
    text::JsonWriter writer = JsonWriterFor(options, out);
    shape.order = text::KeyOrder::kBytewise;
    text::WriteTree(object, shape, writer);
  }
  if (out.empty() || out.back() != '\n') out += '\n';
}

DecodeResult Decode(Bytes value, const DecodeOptions& options, std::string& out, const Where& where,
                    diag::FindingSink& sink) {
  const Source source{value, where, sink};
  const size_t begin = out.size();
  Told told;
  if (options.format == TextFormat::kYaml) {
    text::YamlWriter writer(out);
    if (options.list_item) writer.BeginList();
    told = Write(source, options, writer);
  } else {
    text::JsonWriter writer = JsonWriterFor(options, out);
    told = Write(source, options, writer);
  }
  if (out.size() == begin) AppendOther(value, told.decoded.encoding, out);
  if (out.size() > begin && out.back() != '\n') out += '\n';
  // Comments follow the object, at the left margin, where `encode` looks for them.
  if (options.format == TextFormat::kYaml) {
    for (const std::string& comment : told.comments) out += "# " + comment + '\n';
  }
  return told.decoded;
}

DecodeResult DecodeTree(Bytes value, const DecodeOptions& options, text::ObjectTree& tree, const Where& where,
                        diag::FindingSink& sink) {
  tree.Clear();
  text::TreeWriter writer(tree, AsText(value));
  return DecodeTree(value, options, writer, where, sink);
}

DecodeResult DecodeTree(Bytes value, const DecodeOptions& options, text::TreeWriter& writer,
                        const Where& where, diag::FindingSink& sink) {
  DecodeOptions as_json = options;
  as_json.format = TextFormat::kJson;
  return Write({value, where, sink}, as_json, writer).decoded;
}

Peeked Peek(Bytes value) {
  Peeked peeked;
  peeked.encoding = EncodingOf(value);
  if (peeked.encoding == Encoding::kProtobuf) PeekProtobuf(value, peeked);
  if (peeked.encoding == Encoding::kJson || peeked.encoding == Encoding::kCbor) PeekTree(value, peeked);
  return peeked;
}

}  // namespace etcdmedic::k8s
