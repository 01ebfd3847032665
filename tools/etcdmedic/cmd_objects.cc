// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <ctime>

#include "kubectl/age.h"
#include "kubernetes_args.h"
#include "object_output.h"
#include "object_table.h"
#include "open_store.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

// What the whole command works on.
struct Run {
  Context& context;
  const Args& args;
  OpenedStore& opened;
  const ObjectCatalog& catalog;
  ObjectReader& reader;
};

// The apiVersion that the first object of a section is stored in; the group where it cannot be told.
std::string StoredVersion(Run& run, const Section& section) {
  const StoredObject first = run.catalog.At(section.begin);
  const auto value = run.reader.Open(first.kv);
  const std::string version = value ? k8s::Peek(*value).api_version : "";
  return version.empty() ? section.resource->group : version;
}

int ListResources(Run& run) {
  const auto& sections = run.catalog.sections();
  if (run.context.format == render::Format::kTable) {
    ObjectTable table(run.context.out);
    table.Add({"NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", "OBJECTS", "SIZE"});
    for (const Section& section : sections) {
      const kubectl::Resource& resource = *section.resource;
      table.Add({resource.plural, fmt::format("{}", fmt::join(resource.short_names, ",")),
                 StoredVersion(run, section), resource.namespaced ? "true" : "false", resource.kind,
                 fmt::format("{}", section.end - section.begin), render::HumanSize(section.bytes)});
    }
    return kClean;
  }
  if (run.context.format == render::Format::kName) {
    for (const Section& section : sections)
      run.context.out.Print("{}\n", render::Printable(section.resource->QualifiedName()));
    return kClean;
  }
  ListDocument rows(run.context, "resources", "resources",
                    [&](render::Document& document) { document.Field("revision", run.catalog.revision()); });
  for (const Section& section : sections) {
    rows.Add([&](render::Document& document) {
      const kubectl::Resource& resource = *section.resource;
      document.Field("name", resource.plural);
      document.Field("group", resource.group);
      document.Field("api_version", StoredVersion(run, section));
      document.Field("kind", resource.kind);
      document.Field("namespaced", resource.namespaced);
      document.Field("prefix", fmt::format("{}/{}/", section.prefix, resource.path));
      document.Field("objects", section.end - section.begin);
      document.Field("bytes", section.bytes);
    });
  }
  rows.End();
  return kClean;
}

// Hands the objects that a query means to a sink, in order.
class Getter {
 public:
  Getter(Run& run, const ObjectQuery& query, ObjectSink& sink) : run_(run), query_(query), sink_(sink) {}

  void All() {
    Walk();
    std::ranges::stable_sort(sorted_, SortsBefore);
    for (const auto& [text, number] : sorted_) {
      const StoredObject object = run_.catalog.At(number);
      sink_.Add(object, sink_.wants_tree() ? run_.reader.Tree(object) : text::JsonValue());
    }
  }

  size_t count() const { return count_; }
  bool missed() const { return missed_; }

 private:
  using SortKey = std::pair<std::string, size_t>;  // what was found at the path, and the object

  // Numbers by value and first, everything else as text.
  static bool SortsBefore(const SortKey& a, const SortKey& b) {
    int64_t x = 0, y = 0;
    const auto number = [](const std::string& text, int64_t& value) {
      const char* const end = text.data() + text.size();
      const auto [rest, error] = std::from_chars(text.data(), end, value);
      return error == std::errc() && rest == end;
    };
    const bool left = number(a.first, x), right = number(b.first, y);
    return left != right ? left : left ? x < y : a.first < b.first;
  }

  void Walk() {
    if (query_.every_kind) {
      for (const Section& section : run_.catalog.sections()) Take(section);
      return;
    }
    for (const Wanted& wanted : query_.wanted) {
      for (const std::string& name : wanted.names) Named(*wanted.resource, name);
      if (!wanted.names.empty()) continue;
      for (const Section& section : run_.catalog.sections()) {
        if (section.resource == wanted.resource) Take(section);
      }
    }
  }

  void Take(const Section& section) {
    for (size_t at = section.begin; at < section.end && !run_.context.out.closed(); ++at) Offer(at);
  }

  void Offer(size_t number) {
    const StoredObject object = run_.catalog.At(number);
    if (!query_.InNamespace(object.key)) return;
    const bool look = query_.filters() || query_.sort_by || sink_.wants_tree();
    const text::JsonValue tree = look ? run_.reader.Tree(object) : text::JsonValue();
    if (query_.filters() &&
        (!query_.labels.Matches(tree.At("metadata.labels")) || !query_.fields.Matches(tree)))
      return;
    ++count_;
    if (!query_.sort_by) return sink_.Add(object, tree);
    const auto found = query_.sort_by->Find(tree);
    sorted_.emplace_back(found.empty() ? "" : found.front().text(), number);
  }

  void Named(const kubectl::Resource& resource, const std::string& name) {
    bool found = false;
    for (const Section& section : run_.catalog.sections()) {
      if (section.resource != &resource) continue;
      const auto at = run_.catalog.Find(section, query_.namespace_name, name);
      if (!at) continue;
      Offer(*at);
      found = true;
    }
    if (!found) Miss(resource, name);
  }

  void Miss(const kubectl::Resource& resource, const std::string& name) {
    missed_ = true;
    run_.context.out.Flush();
    const std::string where =
        resource.namespaced ? fmt::format(" in namespace {}", query_.namespace_name) : "";
    run_.context.err.Print("etcdmedic: {} \"{}\" not found{} at revision {}{}\n", resource.QualifiedName(),
                           render::Printable(name), render::Printable(where), run_.catalog.revision(),
                           Elsewhere(resource, name));
  }

  // "; there is one in namespace demo".
  std::string Elsewhere(const kubectl::Resource& resource, const std::string& name) const {
    for (const Section& section : run_.catalog.sections()) {
      for (size_t at = section.begin; section.resource == &resource && at < section.end; ++at) {
        const kubectl::RegistryKey key = run_.catalog.At(at).key;
        if (key.name == name)
          return fmt::format("; there is one in namespace {}", render::Printable(key.namespace_name));
      }
    }
    return {};
  }

  Run& run_;
  const ObjectQuery& query_;
  ObjectSink& sink_;
  std::vector<SortKey> sorted_;  // only with --sort-by
  size_t count_ = 0;
  bool missed_ = false;
};

Result<int64_t> NowOf(const Args& args) {
  const auto typed = args.Get("--now");
  if (!typed) return static_cast<int64_t>(std::time(nullptr));
  const auto time = kubectl::ParseTime(*typed);
  if (!time)
    return Fail(Errc::kUsage, "",
                fmt::format("--now takes a time such as 2026-11-24T05:04:02Z, not {}", *typed));
  return *time;
}

std::vector<std::string> LabelColumns(const Args& args) {
  std::vector<std::string> labels;
  std::string typed = args.Get("--label-columns").value_or("");
  for (size_t begin = 0; begin < typed.size();) {
    const size_t comma = std::min(typed.find(',', begin), typed.size());
    if (comma > begin) labels.push_back(typed.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return labels;
}

Result<int> GetObjects(Run& run) {
  const auto query = ParseObjectQuery(run.args, run.catalog);
  if (!query) return tl::make_unexpected(query.error());
  const auto now = NowOf(run.args);
  if (!now) return tl::make_unexpected(now.error());
  const ObjectOutputOptions options{.one = query->one,
                                    .with_namespace = query->all_namespaces,
                                    .several_kinds = query->every_kind || query->wanted.size() > 1,
                                    .no_headers = run.args.Has("--no-headers"),
                                    .show_labels = run.args.Has("--show-labels"),
                                    .label_columns = LabelColumns(run.args),
                                    .now = *now};
  auto sink = MakeObjectSink(run.context, run.reader, options);
  if (!sink) return tl::make_unexpected(sink.error());
  Getter getter(run, *query, **sink);
  getter.All();
  (*sink)->End();
  if (getter.count() > 0 || getter.missed()) return getter.missed() ? kMended : kClean;
  run.context.out.Flush();
  const std::string where =
      query->all_namespaces ? "" : fmt::format(" in {} namespace", query->namespace_name);
  run.context.err.Print("etcdmedic: no resources found{} at revision {}\n", render::Printable(where),
                        run.catalog.revision());
  return kMended;
}

}  // namespace

int RunObjects(Context& context, const Args& args) {
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
  ObjectReader reader({store.store->file(), *release, mask, encryption->open}, folded);
  const auto catalog = ObjectCatalog::Read(*store.store, *revision, args.Get("--etcd-prefix").value_or(""),
                                           [&](const mvcc::KeyValue& kv) { return reader.Open(kv); });
  if (!catalog) return Report(context, catalog.error());
  Run run{context, args, store, **catalog, reader};
  const auto code = AsksForObjects(args) ? GetObjects(run) : Result<int>(ListResources(run));
  folded.End();
  if (!code) return Report(context, code.error());
  context.out.Flush();
  for (const std::string& remark : reader.remarks())
    context.err.Print("etcdmedic: {}\n", render::Printable(remark));
  if (reader.closed() > reader.remarks().size()) {
    context.err.Print("etcdmedic: {} more are encrypted and stay closed\n",
                      reader.closed() - reader.remarks().size());
  }
  return Finish(context, store, reader.closed() > 0 ? *code | kFailed : *code);
}

}  // namespace etcdmedic::tool
