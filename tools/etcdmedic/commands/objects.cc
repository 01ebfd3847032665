// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/flags.h"
#include "render/text.h"
#include "views/object_getter.h"
#include "views/object_table.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--namespace", "NAMESPACE", "objects of this namespace (default: default)", 'n'},
    {"--all-namespaces", "", "objects of every namespace; without a kind, objects of every kind", 'A'},
    {"--selector", "LABELS", "only objects with these labels: a=b,c!=d,e in (x,y),!f", 'l'},
    {"--field-selector", "FIELDS", "only objects with these fields: status.phase=Running"},
    kRevFlag,
    {"--sort-by", "PATH", "sort by this field: .metadata.creationTimestamp"},
    {"--show-labels", "", "tables: the labels in a last column"},
    {"--label-columns", "LABELS", "tables: these labels in columns of their own", 'L', true},
    {"--show-managed-fields", "", "YAML and JSON: metadata.managedFields too", 0, false, true},
    {"--no-headers", "", "tables: no headings"},
    {"--now", "TIME", "tables: compute ages at this time (default: now)"},
    {"--stored", "",
     "print objects as they are stored: without the defaults and the version that the server gives"},
    {"--release", "X.Y", "print as this release of Kubernetes does (default: the newest that fits)"},
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"objects DIR", "which resources there are, and how many objects of each"},
    {"objects DIR pods -A -o wide", "every pod, as kubectl shows them"},
    {"objects DIR pod keepr -o yaml", "one object as YAML"},
    {"objects DIR deploy,rs,po -n demo -l app=web -o name", "several kinds, chosen by label"},
};
constexpr std::string_view kFormats[] = {
    "wide", "custom-columns=", "custom-columns-file=", "jsonpath=", "jsonpath-as-json=", "jsonpath-file="};

// The apiVersion that the first object of a section is stored in; the group where it is unknown.
std::string StoredVersion(ObjectJob& job, const objects::Section& section) {
  const StoredObject first = job.catalog->At(section.begin);
  const auto value = job.reader->stored().Open(first.kv.key, AsBytes(first.kv.value));
  const std::string version = value.is_object() ? k8s::Peek(value.bytes).api_version : "";
  return version.empty() ? section.resource->group : version;
}

int ListResources(ObjectJob& job) {
  const auto& sections = job.catalog->sections();
  if (job.context.format == render::Format::kTable) {
    render::Table table(job.context.out, {}, render::kKubectlLayout);
    AddObjectRow(table, {"NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", "OBJECTS", "SIZE"});
    for (const objects::Section& section : sections) {
      const kubectl::Resource& resource = *section.resource;
      AddObjectRow(table, {resource.plural, fmt::format("{}", fmt::join(resource.short_names, ",")),
                           StoredVersion(job, section), resource.namespaced ? "true" : "false", resource.kind,
                           fmt::format("{}", section.end - section.begin), render::HumanSize(section.bytes)});
    }
    return kClean;
  }
  if (job.context.format == render::Format::kName) {
    for (const objects::Section& section : sections)
      job.context.out.Print("{}\n", render::Printable(section.resource->QualifiedName()));
    return kClean;
  }
  render::ListDocument rows(
      job.context.out, job.context.format, {"resources", "resource", "resources"},
      [&](render::Document& document) { document.Field("revision", job.catalog->revision()); });
  for (const objects::Section& section : sections) {
    rows.Add([&](render::Document& document) {
      const kubectl::Resource& resource = *section.resource;
      document.Field("resource", resource.plural);
      document.FieldIf("group", resource.group);
      document.FieldIf("api_version", StoredVersion(job, section));
      document.Field("kind", resource.kind);
      document.Field("namespaced", resource.namespaced);
      document.Field("prefix", fmt::format("{}/{}/", section.prefix, resource.path));
      document.Field("object_count", section.end - section.begin);
      document.Field("size", section.bytes);
    });
  }
  rows.End();
  return kClean;
}

// Whether anything but the list of resources was asked for.
bool AsksForObjects(const Args& args) {
  static constexpr std::string_view kWhich[] = {"--all-namespaces", "--namespace", "--selector",
                                                "--field-selector"};
  return args.positional().size() > 1 ||
         std::ranges::any_of(kWhich, [&](auto flag) { return args.Has(flag); });
}

objects::ObjectRequest RequestOf(const Args& args) {
  return {.words = std::span(args.positional()).subspan(1),
          .all_namespaces = args.Has("--all-namespaces"),
          .namespace_name = args.Get("--namespace"),
          .labels = args.Get("--selector").value_or(""),
          .fields = args.Get("--field-selector").value_or(""),
          .sort_by = args.Get("--sort-by")};
}

// The server lists flow schemas in the order in which they match.
void SortAsTables(objects::ObjectQuery& query) {
  const bool one_kind = query.wanted.size() == 1 && query.wanted[0].resource->plural == "flowschemas";
  if (one_kind && !query.sort_by) query.sort_by = *kubectl::JsonPath::Parse(".spec.matchingPrecedence");
}

Result<int> GetObjects(ObjectJob& job) {
  auto query = objects::ParseObjectQuery(RequestOf(job.args), *job.catalog);
  if (!query) return tl::make_unexpected(query.error());
  for (const objects::Wanted& wanted : query->wanted) job.reader->Ask(*wanted.resource, wanted.asked);
  if (job.context.format == render::Format::kTable) SortAsTables(*query);
  const auto now = NowOf(job.args);
  if (!now) return tl::make_unexpected(now.error());
  const ObjectOutputOptions options{.one = query->one,
                                    .with_namespace = query->all_namespaces,
                                    .several_kinds = query->every_kind || query->wanted.size() > 1,
                                    .no_headers = job.args.Has("--no-headers"),
                                    .show_labels = job.args.Has("--show-labels"),
                                    .label_columns = job.args.List("--label-columns"),
                                    .now = *now};
  auto sink = MakeObjectSink(job.context, *job.reader, options);
  if (!sink) return tl::make_unexpected(sink.error());
  ObjectGetter getter(job, *query, **sink);
  getter.All();
  (*sink)->End();
  return getter.Code();
}

int Run(Context& context, const Args& args) {
  auto job = OpenObjects(context, args);
  if (!job) return Report(context, job.error());
  const auto code = AsksForObjects(args) ? GetObjects(**job) : Result<int>(ListResources(**job));
  if (!code) return Report(context, code.error());
  return (*job)->Finish(*code);
}

}  // namespace

extern const Command kObjects = {
    .name = "objects",
    .positional = "PATH [KIND[,KIND] [NAME...] | KIND/NAME...]",
    .summary = "Kubernetes objects, in kubectl's grammar",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kFormats,
};

}  // namespace etcdmedic::tool
