// SPDX-License-Identifier: Apache-2.0
#include "views/object_output.h"

#include "kubectl/jsonpath_template.h"
#include "kubectl/printers.h"
#include "kubectl/selector.h"
#include "render/text.h"
#include "text/tree_writer.h"
#include "views/object_table.h"

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
  explicit NameSink(Context& context) : out_(context.out) {}
  void Add(const StoredObject& object, text::ObjectView) override {
    out_.Print("{}\n", render::Printable(ObjectName(object)));
  }

 private:
  render::Output& out_;
};

// kubectl's tables, one a resource.
class TableSink final : public ObjectSink {
 public:
  TableSink(Context& context, bool wide, ObjectOutputOptions options)
      : out_(context.out),
        table_(context.out, {}, render::kKubectlLayout),
        wide_(wide),
        options_(std::move(options)) {}

  bool wants_tree() const override { return true; }

  void Add(const StoredObject& object, text::ObjectView tree) override {
    if (object.key.resource != resource_) Begin(object, tree);
    std::vector<std::string> cells =
        printer_->Row(tree, options_.several_kinds ? ObjectName(object) : object.key.name);
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
  render::Table table_;
  const bool wide_;
  const ObjectOutputOptions options_;
  const kubectl::Resource* resource_ = nullptr;
  bool with_namespace_ = false;
  std::optional<kubectl::TablePrinter> printer_;
};

// -o custom-columns=NAME:.metadata.name,…
class ColumnsSink final : public ObjectSink {
 public:
  ColumnsSink(Context& context, bool no_headers)
      : table_(context.out, {}, render::kKubectlLayout), no_headers_(no_headers) {}

  Result<void> Parse(std::string_view spec) {
    std::vector<std::string> header;
    while (!spec.empty()) {
      const size_t comma = EndOfColumn(spec);
      const std::string_view column = spec.substr(0, comma);
      spec = comma >= spec.size() ? std::string_view() : spec.substr(comma + 1);
      const size_t colon = column.find(':');
      if (colon == std::string_view::npos || colon == 0) {
        return Fail(Errc::kUsage, "", fmt::format("a column is HEADER:.path, not {}", column));
      }
      auto path = kubectl::JsonPath::Parse(column.substr(colon + 1));
      if (!path) return tl::make_unexpected(path.error());
      header.emplace_back(column.substr(0, colon));
      paths_.push_back(std::move(*path));
    }
    if (paths_.empty()) return Fail(Errc::kUsage, "", "custom-columns needs HEADER:.path,…");
    if (!no_headers_) AddObjectRow(table_, header);
    return {};
  }

  bool wants_tree() const override { return true; }

  void Add(const StoredObject&, text::ObjectView tree) override {
    std::vector<std::string> cells;
    for (const kubectl::JsonPath& path : paths_) {
      std::string cell;
      for (const text::ObjectView value : path.Find(tree)) {
        if (!value) continue;
        if (!cell.empty()) cell += ',';
        kubectl::AppendGoText(cell, value);
      }
      cells.push_back(cell.empty() ? "<none>" : cell);
    }
    AddObjectRow(table_, cells);
  }

  void End() override { table_.Flush(); }

 private:
  // A comma inside brackets belongs to the path.
  static size_t EndOfColumn(std::string_view spec) {
    int depth = 0;
    for (size_t i = 0; i < spec.size(); ++i) {
      depth += spec[i] == '[' ? 1 : spec[i] == ']' ? -1 : 0;
      if (spec[i] == ',' && depth <= 0) return i;
    }
    return spec.size();
  }

  render::Table table_;
  const bool no_headers_;
  std::vector<kubectl::JsonPath> paths_;
};

// -o jsonpath=TEMPLATE: over the object, or over the List of all that match, which it keeps for that.
class TemplateSink final : public ObjectSink {
 public:
  TemplateSink(Context& context, ObjectReader& reader, bool one, kubectl::JsonPathTemplate parsed)
      : out_(context.out), reader_(reader), one_(one), template_(std::move(parsed)) {
    if (!one_) BeginList();
  }

  void Add(const StoredObject& object, text::ObjectView) override { reader_.AppendTo(writer_, object); }

  void End() override {
    if (!one_) EndList();
    std::string text;
    if (tree_.root()) template_.Run(tree_.root(), text);
    out_.Write(text);
  }

 private:
  render::Output& out_;
  ObjectReader& reader_;
  const bool one_;
  void BeginList() {
    writer_.BeginMap();
    writer_.Key("apiVersion");
    writer_.String("v1");
    writer_.Key("items");
    writer_.BeginList();
  }

  void EndList() {
    writer_.EndList();
    writer_.Key("kind");
    writer_.String("List");
    writer_.Key("metadata");
    writer_.BeginMap();
    writer_.Key("resourceVersion");
    writer_.String("");
    writer_.EndMap();
    writer_.EndMap();
  }

  const kubectl::JsonPathTemplate template_;
  text::ObjectTree tree_;
  text::TreeWriter writer_{tree_, {}};  // what was decrypted does not last, so every text is copied
};

}  // namespace

std::string ObjectName(const StoredObject& object) {
  const kubectl::Resource& resource = *object.key.resource;
  return fmt::format("{}{}{}/{}", resource.singular, resource.group.empty() ? "" : ".", resource.group,
                     object.key.name);
}

Result<std::unique_ptr<ObjectSink>> MakeObjectSink(Context& context, ObjectReader& reader,
                                                   const ObjectOutputOptions& options) {
  static constexpr std::string_view kColumns = "custom-columns=";
  if (context.own_format.starts_with(kColumns)) {
    auto sink = std::make_unique<ColumnsSink>(context, options.no_headers);
    const auto parsed = sink->Parse(std::string_view(context.own_format).substr(kColumns.size()));
    if (!parsed) return tl::make_unexpected(parsed.error());
    return sink;
  }
  static constexpr std::string_view kTemplate = "jsonpath=";
  if (context.own_format.starts_with(kTemplate)) {
    auto parsed =
        kubectl::JsonPathTemplate::Parse(std::string_view(context.own_format).substr(kTemplate.size()));
    if (!parsed) return tl::make_unexpected(parsed.error());
    return std::make_unique<TemplateSink>(context, reader, options.one, std::move(*parsed));
  }
  switch (context.format) {
    case render::Format::kYaml:
    case render::Format::kJson:
      return std::make_unique<TextSink>(context, reader, options.one);
    case render::Format::kNdjson:
      return std::make_unique<LinesSink>(context, reader);
    case render::Format::kName:
      return std::make_unique<NameSink>(context);
    case render::Format::kTable:
    case render::Format::kGo:
      break;
  }
  return std::make_unique<TableSink>(context, context.own_format == "wide", options);
}

}  // namespace etcdmedic::tool
