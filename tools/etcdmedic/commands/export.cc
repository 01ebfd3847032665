// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "objects/definitions.h"
#include "objects/export_objects.h"
#include "objects/query.h"
#include "plan/disk.h"
#include "plan/new_tree.h"
#include "render/table.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--output", "DIR", "the directory to write; it must be empty or not exist"},
    {"--apply-ready", "", "manifests for a new cluster, in the order in which to apply them"},
    {"--namespace", "NAMESPACE", "only objects of this namespace", 'n'},
    kRevFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"export DIR --output objects", "every object, a file each"},
    {"export DIR --output manifests --apply-ready", "what `kubectl apply` takes in a new cluster"},
    {"export DIR deploy,cm -n demo --output demo", "some kinds of one namespace"},
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

Result<objects::ExportReport> Export(const mvcc::Store& store, diag::FindingSink& sink,
                                     const std::string& path, const Args& args,
                                     objects::ExportOptions options) {
  kubectl::ResourceTable resources;
  const kubectl::Registry registry(resources, args.Get("--etcd-prefix").value_or(""));
  const auto keys = mvcc::LiveKeys::Read(store, options.revision);
  if (!keys) return tl::make_unexpected(keys.error());
  objects::StoredObjects stored(options.open);
  objects::LearnDefinitions(*keys, registry, stored, resources);
  auto wanted =
      objects::WantedOf(std::span(args.positional()).subspan(1), args.Get("--namespace"), resources);
  if (!wanted) return tl::make_unexpected(wanted.error());
  options.wanted = std::move(*wanted);
  if (const auto outside = plan::StaysOutside(path, args.positional()[0]); !outside)
    return tl::make_unexpected(outside.error());
  auto tree = plan::NewTree::Begin(path);
  if (!tree) return tl::make_unexpected(tree.error());
  auto report = objects::ExportObjects(store, registry, options, *tree, sink);
  if (!report) return report;
  if (auto done = tree->Commit(); !done) return tl::make_unexpected(done.error());
  return report;
}

int Run(Context& context, const Args& args) {
  const auto path = args.Get("--output");
  if (!path || path->empty()) return Report(context, {Errc::kUsage, {}, "export needs --output DIR"});
  objects::ExportOptions options;
  options.apply_ready = args.Has("--apply-ready");
  options.hide_secrets = context.hide_secrets;
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  options.revision = *revision;
  auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  options.open = encryption->open;
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto report = Export(*(*opened)->store, (*opened)->found, *path, args, options);
  if (!report) return Report(context, report.error());
  Print(context, *report, args.positional()[0], *path);
  if (report->files == 0) return Finish(context, **opened, kNotable);
  return Finish(context, **opened,
                report->left_out.contains(objects::SkipReason::kEncrypted) ? kFailed : kClean);
}

}  // namespace

extern const Command kExport = {
    .name = "export",
    .positional = "PATH [KIND[,KIND]...]",
    .summary = "write Kubernetes objects to files, one each",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
