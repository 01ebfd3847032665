// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "kubectl/age.h"
#include "kubectl/object_status.h"
#include "objects/owner_tree.h"
#include "render/text.h"
#include "views/object_getter.h"
#include "views/object_table.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--namespace", "NAMESPACE", "the object's namespace (default: default)", 'n'},
    {"--now", "TIME", "compute ages at this time (default: now)"},
    kRevFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"tree DIR deployment/web -n demo", "a Deployment, its ReplicaSets and their Pods"},
};

class NumberSink final : public ObjectSink {
 public:
  void Add(const StoredObject& object, text::ObjectView) override { objects.push_back(object); }
  std::vector<StoredObject> objects;
};

// "│ └─" before an object; `open` says of each depth above whether more follows there.
std::string Branches(const objects::OwnedObject& object, std::vector<bool>& open) {
  std::string text;
  open.resize(object.depth + 1);
  open[object.depth] = !object.last;
  for (size_t depth = 1; depth < object.depth; ++depth) text += open[depth] ? "│ " : "  ";
  if (object.depth > 0) text += object.last ? "└─" : "├─";
  return text;
}

std::string KindOf(const StoredObject& object) {
  return object.key.resource == nullptr ? std::string(object.key.path) : object.key.resource->kind;
}

void PrintTable(ObjectJob& job, const std::vector<objects::OwnedObject>& lines, int64_t now) {
  render::Table table(job.context.out, {}, render::kKubectlLayout);
  AddObjectRow(table, {"NAMESPACE", "NAME", "READY", "REASON", "STATUS", "AGE"});
  std::vector<bool> open;
  for (const objects::OwnedObject& line : lines) {
    const StoredObject object = job.catalog->At(line.number);
    const text::ObjectView tree = job.reader->Tree(object);
    const kubectl::Readiness ready = kubectl::ReadinessOf(tree);
    AddObjectRow(table, {std::string(object.key.namespace_name),
                         fmt::format("{}{}/{}", Branches(line, open), KindOf(object), object.key.name),
                         std::string(ready.status.empty() ? "-" : ready.status), std::string(ready.reason),
                         std::string(kubectl::StatusOf(tree, now)),
                         kubectl::AgeOf(tree.At("metadata.creationTimestamp").TextOr(""), now)});
  }
}

void PrintDocument(ObjectJob& job, const std::vector<objects::OwnedObject>& lines, int64_t now) {
  render::ListDocument rows(
      job.context.out, job.context.format, {"owner-tree", "owned-object", "objects"},
      [&](render::Document& document) { document.Field("revision", job.catalog->revision()); });
  for (const objects::OwnedObject& line : lines) {
    rows.Add([&](render::Document& document) {
      const StoredObject object = job.catalog->At(line.number);
      const text::ObjectView tree = job.reader->Tree(object);
      document.Field("key", object.kv.key);
      document.Field("depth", line.depth);
      document.Field("kind", KindOf(object));
      document.FieldIf("namespace", object.key.namespace_name);
      document.Field("name", object.key.name);
      document.FieldIf("ready", kubectl::ReadinessOf(tree).status);
      document.FieldIf("ready_reason", kubectl::ReadinessOf(tree).reason);
      document.Field("status", kubectl::StatusOf(tree, now));
      document.FieldIf("created_time", tree.At("metadata.creationTimestamp").TextOr(""));
    });
  }
  rows.End();
}

std::optional<size_t> NumberOf(const ObjectJob& job, const StoredObject& wanted) {
  for (const objects::Section& section : job.catalog->sections()) {
    if (section.resource != wanted.key.resource) continue;
    if (const auto at = job.catalog->Find(section, wanted.key.namespace_name, wanted.key.name)) return at;
  }
  return std::nullopt;
}

Result<int> PrintTree(ObjectJob& job) {
  const auto query = objects::ParseObjectQuery(
      {.words = std::span(job.args.positional()).subspan(1), .namespace_name = job.args.Get("--namespace")},
      *job.catalog);
  if (!query) return tl::make_unexpected(query.error());
  if (!query->one) return Fail(Errc::kUsage, "", "tree takes one object: KIND/NAME or KIND NAME");
  const auto now = NowOf(job.args);
  if (!now) return tl::make_unexpected(now.error());
  NumberSink found;
  ObjectGetter getter(job, *query, found);
  getter.All();
  const auto root = found.objects.empty() ? std::nullopt : NumberOf(job, found.objects.front());
  if (!root) {
    if (!ForPeople(job.context)) PrintDocument(job, {}, *now);
    return getter.Code();
  }
  const objects::OwnerTree owners(*job.catalog, job.reader->stored());
  const std::vector<objects::OwnedObject> lines = owners.Below(*root);
  if (job.context.format == render::Format::kTable) {
    PrintTable(job, lines, *now);
  } else if (job.context.format == render::Format::kName) {
    for (const objects::OwnedObject& line : lines)
      job.context.out.Print("{}\n", render::Printable(ObjectName(job.catalog->At(line.number), *job.reader)));
  } else {
    PrintDocument(job, lines, *now);
  }
  return NoteClosed(job.context, owners.closed());
}

int Run(Context& context, const Args& args) {
  auto job = OpenObjects(context, args);
  if (!job) return Report(context, job.error());
  const auto code = PrintTree(**job);
  return code ? (*job)->Finish(*code) : Report(context, code.error());
}

}  // namespace

extern const Command kTree = {
    .name = "tree",
    .positional = "PATH KIND/NAME | PATH KIND NAME",
    .summary = "a Kubernetes object and what it owns, as kubectl tree shows them",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
