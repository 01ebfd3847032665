// SPDX-License-Identifier: Apache-2.0
#include "views/object_output.h"

#include "kubectl/printers.h"
#include "kubectl/selector.h"
#include "render/text.h"
#include "views/object_table.h"
#include "views/object_templates.h"

namespace etcdmedic::tool {
namespace {

// Writes an object, or the List that kubectl makes of several.
class TextSink final : public ObjectSink {
 public:
  TextSink(Context& context, ObjectReader& reader, bool one)
      : out_(context.out), reader_(reader), yaml_(context.format == render::Format::kYaml), one_(one) {}

  void Add(const StoredObject& object, text::ObjectView) override {
    text_.clear();
    const auto format = yaml_ ? k8s::TextFormat::kYaml : k8s::TextFormat::kJsonIndented;
    if (!reader_.AppendText(object, format, !one_, text_)) return;
    if (one_) return out_.Write(text_);
    out_.Write(count_++ == 0 ? Head() : yaml_ ? "" : ",\n");
    if (!yaml_) {
      text_.pop_back();  // the comma, or the end of the list, goes before the line feed
      out_.Write("        ");
    }
    out_.Write(text_);
  }

  void End() override {
    if (one_) return;
    if (yaml_) {
      if (count_ == 0) out_.Write("apiVersion: v1\nitems: []\n");
      out_.Write("kind: List\nmetadata:\n  resourceVersion: \"\"\n");
      return;
    }
    out_.Write(count_ == 0 ? "{\n    \"apiVersion\": \"v1\",\n    \"items\": []" : "\n    ]");
    out_.Write(
        ",\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n");
  }

 private:
  std::string_view Head() const {
    return yaml_ ? "apiVersion: v1\nitems:\n" : "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n";
  }
  render::Output& out_;
  ObjectReader& reader_;
  const bool yaml_, one_;
  size_t count_ = 0;
  std::string text_;
};

class LinesSink final : public ObjectSink {
 public:
  LinesSink(Context& context, ObjectReader& reader) : out_(context.out), reader_(reader) {}
  void Add(const StoredObject& object, text::ObjectView) override {
    text_.clear();
    if (reader_.AppendText(object, k8s::TextFormat::kJson, false, text_)) out_.Write(text_);
  }

 private:
  render::Output& out_;
  ObjectReader& reader_;
  std::string text_;
};

class NameSink final : public ObjectSink {
 public:
  NameSink(Context& context, ObjectReader& reader) : out_(context.out), reader_(reader) {}
  void Add(const StoredObject& object, text::ObjectView) override {
    out_.Print("{}\n", render::Printable(ObjectName(object, reader_)));
  }

 private:
  render::Output& out_;
  ObjectReader& reader_;
};

// kubectl's tables, one a resource.
class TableSink final : public ObjectSink {
 public:
  TableSink(Context& context, ObjectReader& reader, bool wide, ObjectOutputOptions options)
      : out_(context.out),
        reader_(reader),
        table_(context.out, {}, render::kKubectlLayout),
        wide_(wide),
        options_(std::move(options)) {}

  bool wants_tree() const override { return true; }

  void Add(const StoredObject& object, text::ObjectView tree) override {
    if (object.key.resource != resource_) Begin(object, tree);
    std::vector<std::string> cells =
        printer_->Row(tree, options_.several_kinds ? ObjectName(object, reader_) : object.key.name);
    if (with_namespace_) cells.emplace(cells.begin(), object.key.namespace_name);
    const text::ObjectView labels = tree.At("metadata.labels");
    for (const std::string& label : options_.label_columns) cells.emplace_back(labels[label].text());
    if (options_.show_labels) cells.push_back(kubectl::LabelsText(labels));
    AddObjectRow(table_, cells);
  }

  void End() override { table_.Flush(); }

 private:
  void Begin(const StoredObject& object, text::ObjectView tree) {
    table_.Flush();
    if (resource_ != nullptr) out_.Write("\n");
    resource_ = object.key.resource;
    with_namespace_ = options_.with_namespace && resource_->namespaced;
    printer_.emplace(*resource_, tree["apiVersion"].text(), kubectl::CellContext{options_.now, wide_});
    if (options_.no_headers) return;
    std::vector<std::string> header = printer_->Header();
    if (with_namespace_) header.emplace(header.begin(), "NAMESPACE");
    for (const std::string& label : options_.label_columns) header.push_back(LabelHeader(label));
    if (options_.show_labels) header.emplace_back("LABELS");
    AddObjectRow(table_, header);
  }

  // The last part of the label's name, in capitals.
  static std::string LabelHeader(std::string_view label) {
    std::string header(label.substr(label.rfind('/') + 1));
    for (char& c : header) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
    return header;
  }

  render::Output& out_;
  ObjectReader& reader_;
  render::Table table_;
  const bool wide_;
  const ObjectOutputOptions options_;
  const kubectl::Resource* resource_ = nullptr;
  bool with_namespace_ = false;
  std::optional<kubectl::TablePrinter> printer_;
};

}  // namespace

std::string ObjectName(const StoredObject& object, ObjectReader& reader) {
  const kubectl::Resource& resource = *object.key.resource;
  const std::string_view group = reader.GroupOf(resource);
  return fmt::format("{}{}{}/{}", resource.singular, group.empty() ? "" : ".", group, object.key.name);
}

Result<std::unique_ptr<ObjectSink>> MakeObjectSink(Context& context, ObjectReader& reader,
                                                   const ObjectOutputOptions& options) {
  if (context.own_format.find('=') != std::string::npos) return MakeTemplateSink(context, reader, options);
  switch (context.format) {
    case render::Format::kYaml:
    case render::Format::kJson:
      return std::make_unique<TextSink>(context, reader, options.one);
    case render::Format::kNdjson:
      return std::make_unique<LinesSink>(context, reader);
    case render::Format::kName:
      return std::make_unique<NameSink>(context, reader);
    case render::Format::kTable:
    case render::Format::kGo:
      break;
  }
  return std::make_unique<TableSink>(context, reader, context.own_format == "wide", options);
}

}  // namespace etcdmedic::tool
