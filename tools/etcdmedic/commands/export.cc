// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "objects/definitions.h"
#include "objects/export_objects.h"
#include "objects/key_filter.h"
#include "plan/disk.h"
#include "plan/new_tree.h"
#include "render/table.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--output", "DIR", "the directory to write; it must be empty or not exist; - for one stream of YAML"},
    {"--apply-ready", "", "manifests for a new cluster, in the order in which to apply them"},
    {"--namespace", "NAMESPACE", "only objects of this namespace (default: all, of a name default)", 'n'},
    {"--all-namespaces", "", "objects of every namespace", 'A'},
    {"--selector", "LABELS", "only objects with these labels: a=b,c!=d,e in (x,y),!f", 'l'},
    kRevFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"export DIR --output objects", "every object, a file each"},
    {"export DIR --output manifests --apply-ready", "what `kubectl apply` takes in a new cluster"},
    {"export DIR deploy,cm -n demo --output demo", "some kinds of one namespace"},
    {"export DIR deploy/web cm/settings -n demo --apply-ready --output -",
     "some objects, for `kubectl apply -f -`"},
};

uint64_t LeftOutIn(const objects::ExportReport& report) {
  uint64_t sum = 0;
  for (const auto& [reason, count] : report.left_out) sum += count;
  return sum;
}

void PrintTable(Context& context, const objects::ExportReport& report, const std::string& path) {
  std::vector<std::tuple<std::string, std::string, uint64_t>> rows;
  for (const auto& [resource, count] : report.written) {
    const auto stage = report.stages.find(resource);
    rows.emplace_back(stage == report.stages.end() ? "" : stage->second, resource, count);
  }
  std::ranges::sort(rows);
  const bool staged = !report.stages.empty();
  const render::Column files{"FILES", render::Align::kRight};
  render::Table table(context.out, staged ? std::vector<render::Column>{{"STAGE"}, {"RESOURCE"}, files}
                                          : std::vector<render::Column>{{"RESOURCE"}, files});
  for (const auto& [stage, resource, count] : rows) {
    if (staged) table.Cell(stage);
    table.Add(resource, count);
  }
  table.Flush();
  context.out.Print("\n{} files, {} bytes, at revision {}, in {}\n", report.files, report.bytes,
                    report.revision, render::Printable(path));
  if (report.left_out.empty()) return;
  context.out.Print("{} objects left out, named in left-out.tsv:\n", LeftOutIn(report));
  for (const auto& [reason, count] : report.left_out)
    context.out.Print("{:>7}  {}\n", count, ReasonOf(reason));
}

void WriteReport(render::Document& document, const objects::ExportReport& report, const std::string& path,
                 const std::string& output) {
  document.Field("path", path);
  document.Field("output", output);
  document.Field("revision", report.revision);
  document.Field("file_count", report.files);
  document.Field("size", report.bytes);
  document.Field("damaged_count", report.damaged);
  document.List("written", report.written, [&](const auto& each) {
    document.Field("resource", each.first);
    const auto stage = report.stages.find(each.first);
    if (stage != report.stages.end()) document.Field("stage", stage->second);
    document.Field("file_count", each.second);
  });
  document.List("left_out", report.left_out, [&](const auto& each) {
    document.Field("left_out_reason", NameOf(each.first));
    document.Sentence("message", ReasonOf(each.first));
    document.Field("object_count", each.second);
  });
}

void Print(Context& context, const objects::ExportReport& report, const std::string& path,
           const std::string& output) {
  if (context.format == render::Format::kTable) return PrintTable(context, report, output);
  if (context.format == render::Format::kName) {
    for (const auto& [resource, count] : report.written)
      context.out.Print("{}\n", render::Printable(resource));
    return;
  }
  WriteDocument(context, "export",
                [&](render::Document& document) { WriteReport(document, report, path, output); });
}

// One stream of documents, for `--output -`. What is not an object cannot be in it.
class Stream final : public objects::FileSink {
 public:
  explicit Stream(Context& context) : context_(context) {}

  Result<void> Write(const std::string& name, std::string_view content) override {
    if (!name.ends_with(".yaml")) {
      context_.err.Print("etcdmedic: {} holds no object and is left out\n", render::Printable(name));
      return {};
    }
    if (count_++ > 0) context_.out.Write("---\n");
    context_.out.Write(content);
    if (!content.ends_with('\n')) context_.out.Write("\n");
    return {};
  }
  // The lists of what there is, and of what was left out: that is said at the end.
  Result<void> Append(const std::string&, std::string_view) override { return {}; }

 private:
  Context& context_;
  uint64_t count_ = 0;
};

Result<objects::ExportReport> ExportToFolder(const mvcc::Store& store, const kubectl::Registry& registry,
                                             const objects::ExportOptions& options, const Args& args,
                                             diag::FindingSink& sink) {
  const std::string path = *args.Get("--output");
  if (const auto outside = plan::StaysOutside(path, args.positional()[0]); !outside)
    return tl::make_unexpected(outside.error());
  auto tree = plan::NewTree::Begin(path);
  if (!tree) return tl::make_unexpected(tree.error());
  auto report = objects::ExportObjects(store, registry, options, *tree, sink);
  if (!report) return report;
  if (auto done = tree->Commit(); !done) return tl::make_unexpected(done.error());
  return report;
}

Result<objects::ExportReport> Export(Context& context, const mvcc::Store& store, diag::FindingSink& sink,
                                     const Args& args, objects::ExportOptions options) {
  kubectl::ResourceTable resources;
  const kubectl::Registry registry(resources, args.Get("--etcd-prefix").value_or(""));
  const auto keys = mvcc::LiveKeys::Read(store, options.revision);
  if (!keys) return tl::make_unexpected(keys.error());
  objects::StoredObjects stored(options.open);
  objects::LearnDefinitions(*keys, registry, stored, resources);
  auto filter = objects::KeyFilter::Parse({.words = std::span(args.positional()).subspan(1),
                                           .all_namespaces = args.Has("--all-namespaces"),
                                           .namespace_name = args.Get("--namespace"),
                                           .labels = args.Get("--selector").value_or("")},
                                          resources, objects::KeyFilter::Unsaid::kEveryNamespace);
  if (!filter) return tl::make_unexpected(filter.error());
  options.labels = filter->labels();
  if (!filter->all()) options.wanted = [&](const kubectl::RegistryKey& key) { return filter->Matches(key); };
  if (!options.in_order) return ExportToFolder(store, registry, options, args, sink);
  Stream stream(context);
  return objects::ExportObjects(store, registry, options, stream, sink);
}

// What a directory's report says, for who gets a stream.
void NoteStream(Context& context, const objects::ExportReport& report) {
  context.out.Flush();
  if (report.files == 0) context.err.Print("etcdmedic: nothing to export at revision {}\n", report.revision);
  for (const auto& [reason, count] : report.left_out)
    context.err.Print("etcdmedic: {} left out: {}\n", render::Count(count, "object"), ReasonOf(reason));
}

int Run(Context& context, const Args& args) {
  const auto path = args.Get("--output");
  if (!path || path->empty())
    return Report(context,
                  {Errc::kUsage, {}, "export needs --output DIR, or --output - for one stream of YAML"});
  objects::ExportOptions options;
  options.in_order = *path == "-";
  if (options.in_order && args.Has("--format"))
    return Report(context, {Errc::kUsage, {}, "--output - prints YAML and takes no -o"});
  options.apply_ready = args.Has("--apply-ready");
  options.hide_secrets = options.in_order ? context.hides_values() : context.hide_secrets;
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  options.revision = *revision;
  auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  options.open = encryption->open;
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto report = Export(context, *(*opened)->store, (*opened)->found, args, options);
  if (!report) return Report(context, report.error());
  if (options.in_order)
    NoteStream(context, *report);
  else
    Print(context, *report, args.positional()[0], *path);
  if (report->files == 0) return Finish(context, **opened, kNotable);
  return Finish(context, **opened,
                report->left_out.contains(objects::SkipReason::kEncrypted) ? kFailed : kClean);
}

}  // namespace

extern const Command kExport = {
    .name = "export",
    .positional = "PATH [KIND[,KIND] [NAME...] | KIND/NAME...]",
    .summary = "write Kubernetes objects to files, one each, or as one stream",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
