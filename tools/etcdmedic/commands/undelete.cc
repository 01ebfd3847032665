// SPDX-License-Identifier: Apache-2.0
#include "objects/undelete.h"

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "k8s/schema.h"
#include "objects/query.h"
#include "objects/write_clock.h"
#include "render/text.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--namespace", "NAMESPACE", "the object's namespace (default: default)", 'n'},
    {"--closure", "",
     "also what it needs and is gone: owners, ConfigMaps, Secrets, accounts, roles, claims, CRDs"},
    kRevFlag,
    {"--release", "X.Y", "for this release of Kubernetes (default: the newest)"},
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"undelete DIR secret/doomed -n demo", "the Secret as it was, to pipe into `kubectl apply -f -`"},
    {"undelete DIR secret doomed -n demo --closure", "and the namespace or account that went with it"},
};

struct Job {
  Context& context;
  const Args& args;
  OpenedStore& opened;
  const objects::ObjectCatalog& catalog;
  objects::StoredObjects& stored;
};

// "# Secret demo/doomed, revision 2791, deleted at revision 2792 (between … and …)".
std::string Comment(Job& job, const objects::LastVersion& version) {
  std::string text = fmt::format("# {}, revision {}", TextOf(version.id), version.revision);
  if (!version.deleted_at) return text + ", which still exists";
  const auto when = objects::WriteClock(*job.opened.store, job.stored).When(*version.deleted_at);
  text += fmt::format(", deleted at revision {}", *version.deleted_at);
  return when && (when->earliest || when->latest) ? fmt::format("{}, {}", text, IntervalText(*when)) : text;
}

Result<int> Recover(Job& job, const objects::Wanted& wanted, const std::string& namespace_name,
                    objects::Undeleter& undeleter) {
  const std::string& name = wanted.names.front();
  objects::Recovered recovered;
  if (job.args.Has("--closure")) {
    auto all = undeleter.WithClosure(*wanted.resource, namespace_name, name);
    if (!all) return tl::make_unexpected(all.error());
    recovered = std::move(*all);
  } else {
    auto last = undeleter.Last(*wanted.resource, namespace_name, name);
    if (!last) return tl::make_unexpected(last.error());
    if (*last) recovered.versions.push_back(std::move(**last));
  }
  if (recovered.versions.empty()) {
    const std::string where = wanted.resource->namespaced ? " in namespace " + namespace_name : "";
    job.context.err.Print(
        "etcdmedic: no retained revision holds {} {}{}; revisions before {} are compacted\n",
        wanted.resource->QualifiedName(), render::Printable(name), render::Printable(where),
        job.opened.store->oldest_revision());
    return kNotable;
  }
  bool first = true;
  for (const objects::LastVersion& version : recovered.versions) {
    if (!std::exchange(first, false)) job.context.out.Write("---\n");
    job.context.out.Print("{}\n", render::Printable(Comment(job, version)));
    job.context.out.Write(version.yaml);
  }
  job.context.out.Flush();
  for (const objects::ObjectId& id : recovered.missing)
    job.context.err.Print("etcdmedic: {} is needed too, and no retained revision holds it\n",
                          render::Printable(TextOf(id)));
  return kClean;
}

int Run(Context& context, const Args& args) {
  const auto release = ReleaseOf(args);
  if (!release) return Report(context, release.error());
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  objects::StoredObjects stored(encryption->open);
  const mvcc::Store& store = *(*opened)->store;
  const auto catalog =
      objects::ObjectCatalog::Read(store, *revision, args.Get("--etcd-prefix").value_or(""), stored);
  if (!catalog) return Report(context, catalog.error());
  objects::ObjectRequest request{.words = std::span(args.positional()).subspan(1),
                                 .namespace_name = args.Get("--namespace")};
  const auto query = objects::ParseObjectQuery(request, **catalog);
  if (!query) return Report(context, query.error());
  if (!query->one)
    return Report(context, {Errc::kUsage, {}, "undelete takes one object: KIND/NAME or KIND NAME"});
  const uint8_t minor = k8s::ParseRelease(*release).value_or(k8s::tables::kNewestRelease);
  objects::Undeleter undeleter(store, **catalog, stored, {minor, context.hides_values()}, (*opened)->found);
  Job job{context, args, **opened, **catalog, stored};
  const auto code = Recover(job, query->wanted.front(), query->namespace_name, undeleter);
  if (!code) return Report(context, code.error());
  return Finish(context, **opened, *code);
}

}  // namespace

extern const Command kUndelete = {
    .name = "undelete",
    .positional = "PATH KIND/NAME | PATH KIND NAME",
    .summary = "the last version of a deleted object, ready for kubectl apply",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kText,
};

}  // namespace etcdmedic::tool
