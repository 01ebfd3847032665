// SPDX-License-Identifier: Apache-2.0
#include "views/object_templates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "kubectl/custom_columns.h"
#include "kubectl/jsonpath_template.h"
#include "text/tree_writer.h"
#include "views/object_table.h"

namespace etcdmedic::tool {
namespace {

constexpr uint64_t kLargestFile = 1 << 20;  // of a template

class ColumnsSink final : public ObjectSink {
 public:
  ColumnsSink(Context& context, bool no_headers, std::vector<kubectl::CustomColumn> columns)
      : table_(context.out, {}, render::kKubectlLayout), columns_(std::move(columns)) {
    std::vector<std::string> header;
    for (const kubectl::CustomColumn& column : columns_) header.push_back(column.header);
    if (!no_headers) AddObjectRow(table_, header);
  }

  bool wants_tree() const override { return true; }

  void Add(const StoredObject&, text::ObjectView tree) override {
    std::vector<std::string> cells;
    for (const kubectl::CustomColumn& column : columns_) cells.push_back(column.Cell(tree));
    AddObjectRow(table_, cells);
  }

  void End() override { table_.Flush(); }

 private:
  render::Table table_;
  const std::vector<kubectl::CustomColumn> columns_;
};

// Runs the template over the object, or over the List of all that match, which it keeps for that.
class TemplateSink final : public ObjectSink {
 public:
  using Run = void (kubectl::JsonPathTemplate::*)(text::ObjectView, std::string&) const;

  TemplateSink(Context& context, ObjectReader& reader, bool one, kubectl::JsonPathTemplate parsed, Run run)
      : out_(context.out), reader_(reader), one_(one), template_(std::move(parsed)), run_(run) {
    if (!one_) BeginList();
  }

  void Add(const StoredObject& object, text::ObjectView) override { reader_.AppendTo(writer_, object); }

  void End() override {
    if (!one_) EndList();
    std::string text;
    if (tree_.root()) (template_.*run_)(tree_.root(), text);
    out_.Write(text);
  }

 private:
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

  render::Output& out_;
  ObjectReader& reader_;
  const bool one_;
  const kubectl::JsonPathTemplate template_;
  const Run run_;
  text::ObjectTree tree_;
  text::TreeWriter writer_{tree_, {}};  // what was decrypted does not last, so every text is copied
};

struct Request {
  Context& context;
  ObjectReader& reader;
  const ObjectOutputOptions& options;
};
using Made = Result<std::unique_ptr<ObjectSink>>;

template <Result<std::vector<kubectl::CustomColumn>> (*kParse)(std::string_view)>
Made Columns(const Request& request, std::string_view text) {
  auto columns = kParse(text);
  if (!columns) return tl::make_unexpected(columns.error());
  return std::make_unique<ColumnsSink>(request.context, request.options.no_headers, std::move(*columns));
}

template <TemplateSink::Run kRun>
Made Template(const Request& request, std::string_view text) {
  auto parsed = kubectl::JsonPathTemplate::Parse(text);
  if (!parsed) return tl::make_unexpected(parsed.error());
  return std::make_unique<TemplateSink>(request.context, request.reader, request.options.one,
                                        std::move(*parsed), kRun);
}

struct TemplateFormat {
  std::string_view name;
  bool in_file;  // the argument names a file that has the text
  Made (*make)(const Request&, std::string_view text);
};
using kubectl::JsonPathTemplate;
constexpr TemplateFormat kTemplateFormats[] = {
    {"custom-columns=", false, Columns<kubectl::ParseCustomColumns>},
    {"custom-columns-file=", true, Columns<kubectl::ParseCustomColumnsFile>},
    {"jsonpath=", false, Template<&JsonPathTemplate::Run>},
    {"jsonpath-as-json=", false, Template<&JsonPathTemplate::RunAsJson>},
    {"jsonpath-file=", true, Template<&JsonPathTemplate::Run>},
};

}  // namespace

Made MakeTemplateSink(Context& context, ObjectReader& reader, const ObjectOutputOptions& options) {
  const std::string_view typed = context.own_format;
  const auto* const format = std::ranges::find_if(
      kTemplateFormats, [&](const TemplateFormat& each) { return typed.starts_with(each.name); });
  std::string text(typed.substr(format->name.size()));
  if (text.empty())
    return Fail(Errc::kUsage, "",
                fmt::format("-o {} needs {}", typed, format->in_file ? "a file" : "what to print"));
  if (format->in_file) {
    auto read = ReadSmallFile(text, kLargestFile);
    if (!read) return tl::make_unexpected(read.error());
    text = std::move(*read);
  }
  return format->make({context, reader, options}, text);
}

}  // namespace etcdmedic::tool
