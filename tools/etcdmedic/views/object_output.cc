// SPDX-License-Identifier: Apache-2.0
#include "views/object_output.h"

#include "kubectl/printers.h"
#include "kubectl/selector.h"
#include "objects/text_batches.h"
#include "render/text.h"
#include "views/object_table.h"
#include "views/object_templates.h"

namespace etcdmedic::tool {
namespace {

// What is around the objects of a List. `end` follows the last one, `none` stands for all where there is
// none.
struct ListText {
  std::string_view head, between, end, none, tail;
};
constexpr ListText kNoList{};
constexpr ListText kYamlList{"apiVersion: v1\nitems:\n", "", "", "apiVersion: v1\nitems: []\n",
                             "kind: List\nmetadata:\n  resourceVersion: \"\"\n"};
constexpr ListText kJsonList{
    "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        ", ",\n        ", "\n    ]",
    "{\n    \"apiVersion\": \"v1\",\n    \"items\": []",
    ",\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n"};

// Writes objects one after another, or the List that kubectl makes of them.
class TextSink final : public ObjectSink {
 public:
  TextSink(Context& context, ObjectReader& reader, k8s::TextFormat format, const ListText& list)
      : out_(context.out),
        list_(list),
        texts_(reader, {format, !list.head.empty(), list.between, !list.between.empty()},
               [this](std::string_view text) { Write(text); }) {}

  void Add(const StoredObject& object, text::ObjectView) override { texts_.Add(object); }
  void Settle() override { texts_.Finish(); }

  void End() override {
    texts_.Finish();
    out_.Write(begun_ ? list_.end : list_.none);
    out_.Write(list_.tail);
  }

 private:
  void Write(std::string_view text) {
    if (!std::exchange(begun_, true)) {
      out_.Write(list_.head);
      text.remove_prefix(list_.between.size());
    }
    out_.Write(text);
  }

  render::Output& out_;
  const ListText list_;
  bool begun_ = false;
  objects::TextBatches texts_;
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
      return std::make_unique<TextSink>(context, reader, k8s::TextFormat::kYaml,
                                        options.one ? kNoList : kYamlList);
    case render::Format::kJson:
      return std::make_unique<TextSink>(context, reader, k8s::TextFormat::kJsonIndented,
                                        options.one ? kNoList : kJsonList);
    case render::Format::kNdjson:
      return std::make_unique<TextSink>(context, reader, k8s::TextFormat::kJson, kNoList);
    case render::Format::kName:
      return std::make_unique<NameSink>(context, reader);
    case render::Format::kTable:
    case render::Format::kGo:
      break;
  }
  return std::make_unique<TableSink>(context, reader, context.own_format == "wide", options);
}

}  // namespace etcdmedic::tool
