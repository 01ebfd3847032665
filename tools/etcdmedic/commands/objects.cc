// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ctime>
#include <functional>

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "kubectl/sort_key.h"
#include "render/text.h"
#include "text/time.h"
#include "views/object_output.h"
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
constexpr std::string_view kFormats[] = {"wide", "custom-columns=", "jsonpath="};

// What the whole command works on.
struct Job {
  Context& context;
  const Args& args;
  OpenedStore& opened;
  const objects::ObjectCatalog& catalog;
  ObjectReader& reader;
};

// The apiVersion that the first object of a section is stored in; the group where it is unknown.
std::string StoredVersion(Job& job, const objects::Section& section) {
  const StoredObject first = job.catalog.At(section.begin);
  const auto value = job.reader.stored().Open(first.kv.key, AsBytes(first.kv.value));
  const std::string version = value.is_object() ? k8s::Peek(value.bytes).api_version : "";
  return version.empty() ? section.resource->group : version;
}

int ListResources(Job& job) {
  const auto& sections = job.catalog.sections();
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
      [&](render::Document& document) { document.Field("revision", job.catalog.revision()); });
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

// Hands the objects that a query means to a sink, in order.
class Getter {
 public:
  Getter(Job& job, const objects::ObjectQuery& query, ObjectSink& sink)
      : job_(job), query_(query), sink_(sink) {}

  void All() {
    Walk();
    std::ranges::stable_sort(sorted_, std::less<>());
    for (const kubectl::SortKey& key : sorted_) {
      const StoredObject object = job_.catalog.At(key.number());
      sink_.Add(object, sink_.wants_tree() ? job_.reader.Tree(object) : text::ObjectView());
    }
  }

  size_t count() const { return count_; }
  bool missed() const { return missed_; }

 private:
  void Walk() {
    if (query_.every_kind) {
      for (const objects::Section& section : job_.catalog.sections()) Take(section);
      return;
    }
    for (const objects::Wanted& wanted : query_.wanted) {
      for (const std::string& name : wanted.names) Named(*wanted.resource, name);
      if (!wanted.names.empty()) continue;
      for (const objects::Section& section : job_.catalog.sections()) {
        if (section.resource == wanted.resource) Take(section);
      }
    }
  }

  void Take(const objects::Section& section) {
    for (size_t at = section.begin; at < section.end && !job_.context.out.closed(); ++at) Offer(at);
  }

  void Offer(size_t number) {
    const StoredObject object = job_.catalog.At(number);
    if (!query_.InNamespace(object.key)) return;
    const bool look = query_.filters() || query_.sort_by || sink_.wants_tree();
    const text::ObjectView tree = look ? job_.reader.Tree(object) : text::ObjectView();
    if (query_.filters() &&
        (!query_.labels.Matches(tree.At("metadata.labels")) || !query_.fields.Matches(tree)))
      return;
    ++count_;
    if (!query_.sort_by) return sink_.Add(object, tree);
    const auto found = query_.sort_by->Find(tree);
    sorted_.emplace_back(found.empty() ? text::ObjectView() : found.front(), number);
  }

  void Named(const kubectl::Resource& resource, const std::string& name) {
    bool found = false;
    for (const objects::Section& section : job_.catalog.sections()) {
      if (section.resource != &resource) continue;
      const auto at = job_.catalog.Find(section, query_.namespace_name, name);
      if (!at) continue;
      Offer(*at);
      found = true;
    }
    if (!found) Miss(resource, name);
  }

  void Miss(const kubectl::Resource& resource, const std::string& name) {
    missed_ = true;
    job_.context.out.Flush();
    const std::string where =
        resource.namespaced ? fmt::format(" in namespace {}", query_.namespace_name) : "";
    job_.context.err.Print("etcdmedic: {} \"{}\" not found{} at revision {}{}\n", resource.QualifiedName(),
                           render::Printable(name), render::Printable(where), job_.catalog.revision(),
                           Elsewhere(resource, name));
    if (const auto deleted = Deletion(resource, name)) {
      job_.context.err.Print(
          "etcdmedic: {0} \"{1}\" was deleted at revision {2} (last seen at {3}); `etcdmedic undelete {4} "
          "{0}/{1}{5}` "
          "prints it\n",
          resource.singular, render::Printable(name), deleted->deleted_at, deleted->last_seen,
          render::Printable(job_.args.positional()[0]),
          resource.namespaced ? " -n " + render::Printable(query_.namespace_name) : "");
    }
  }

  struct Gone {
    int64_t deleted_at, last_seen;
  };
  // When an object that does not exist was deleted; nothing where no retained revision holds it.
  std::optional<Gone> Deletion(const kubectl::Resource& resource, const std::string& name) const {
    const std::string space = resource.namespaced ? query_.namespace_name : "";
    for (const std::string& prefix : job_.catalog.registry().prefixes()) {
      const std::string key = kubectl::Registry::KeyOf(prefix, resource, space, name);
      const auto changes = job_.opened.store->History(key, job_.catalog.revision());
      if (!changes || changes->size() < 2 || !changes->back().tombstone) continue;
      return Gone{changes->back().revision.main, changes->back().revision.main - 1};
    }
    return std::nullopt;
  }

  // "; there is one in namespace demo".
  std::string Elsewhere(const kubectl::Resource& resource, const std::string& name) const {
    for (const objects::Section& section : job_.catalog.sections()) {
      for (size_t at = section.begin; section.resource == &resource && at < section.end; ++at) {
        const kubectl::RegistryKey key = job_.catalog.At(at).key;
        if (key.name == name)
          return fmt::format("; there is one in namespace {}", render::Printable(key.namespace_name));
      }
    }
    return {};
  }

  Job& job_;
  const objects::ObjectQuery& query_;
  ObjectSink& sink_;
  std::vector<kubectl::SortKey> sorted_;  // only with --sort-by
  size_t count_ = 0;
  bool missed_ = false;
};

Result<int64_t> NowOf(const Args& args) {
  const auto typed = args.Get("--now");
  if (!typed) return static_cast<int64_t>(std::time(nullptr));
  const auto time = text::ParseTime(*typed);
  if (!time)
    return Fail(Errc::kUsage, "",
                fmt::format("--now takes a time such as 2026-11-24T05:04:02Z, not {}", *typed));
  return time->seconds;
}

std::vector<std::string> LabelColumns(const Args& args) {
  std::vector<std::string> labels;
  const std::string typed = args.Get("--label-columns").value_or("");
  for (size_t begin = 0; begin < typed.size();) {
    const size_t comma = std::min(typed.find(',', begin), typed.size());
    if (comma > begin) labels.push_back(typed.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return labels;
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

Result<int> GetObjects(Job& job) {
  auto query = objects::ParseObjectQuery(RequestOf(job.args), job.catalog);
  if (!query) return tl::make_unexpected(query.error());
  for (const objects::Wanted& wanted : query->wanted) job.reader.Ask(*wanted.resource, wanted.asked);
  if (job.context.format == render::Format::kTable) SortAsTables(*query);
  const auto now = NowOf(job.args);
  if (!now) return tl::make_unexpected(now.error());
  const ObjectOutputOptions options{.one = query->one,
                                    .with_namespace = query->all_namespaces,
                                    .several_kinds = query->every_kind || query->wanted.size() > 1,
                                    .no_headers = job.args.Has("--no-headers"),
                                    .show_labels = job.args.Has("--show-labels"),
                                    .label_columns = LabelColumns(job.args),
                                    .now = *now};
  auto sink = MakeObjectSink(job.context, job.reader, options);
  if (!sink) return tl::make_unexpected(sink.error());
  Getter getter(job, *query, **sink);
  getter.All();
  (*sink)->End();
  if (getter.count() > 0 || getter.missed()) return getter.missed() ? kNotable : kClean;
  job.context.out.Flush();
  const std::string where =
      query->all_namespaces ? "" : fmt::format(" in {} namespace", query->namespace_name);
  job.context.err.Print("etcdmedic: no resources found{} at revision {}\n", render::Printable(where),
                        job.catalog.revision());
  return kNotable;
}

int Run(Context& context, const Args& args) {
  const auto release = ReleaseOf(args);
  if (!release) return Report(context, release.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  OpenedStore& store = **opened;
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  const bool mask = context.hides_values();
  diag::FoldingSink folded(store.found);
  ObjectReader reader(
      {store.store->file(), *release, mask, !args.Has("--stored"), !args.Has("--show-managed-fields")},
      encryption->open, folded);
  const auto catalog = objects::ObjectCatalog::Read(*store.store, *revision,
                                                    args.Get("--etcd-prefix").value_or(""), reader.stored());
  if (!catalog) return Report(context, catalog.error());
  Job job{context, args, store, **catalog, reader};
  const auto code = AsksForObjects(args) ? GetObjects(job) : Result<int>(ListResources(job));
  folded.End();
  if (!code) return Report(context, code.error());
  context.out.Flush();
  for (const std::string& remark : reader.remarks())
    context.err.Print("etcdmedic: {}\n", render::Printable(remark));
  if (reader.closed() > reader.remarks().size()) {
    context.err.Print("etcdmedic: {} more are encrypted and not decrypted\n",
                      reader.closed() - reader.remarks().size());
  }
  return Finish(context, store, reader.closed() > 0 ? *code | kFailed : *code);
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
