// SPDX-License-Identifier: Apache-2.0
#include "objects/undelete.h"

#include "cli/flags.h"
#include "inputs/key_space.h"
#include "inputs/one_object.h"
#include "k8s/schema.h"
#include "objects/write_clock.h"
#include "render/text.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kNamespaceFlag,
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
  KeySpace& space;
};

// "# Secret demo/doomed, revision 2791, deleted at revision 2792 (between … and …)".
std::string Comment(Job& job, const objects::LastVersion& version) {
  std::string text = fmt::format("# {}, revision {}", TextOf(version.id), version.revision);
  if (!version.deleted_at) return text + ", which still exists";
  const auto when = objects::WriteClock(job.space.store(), job.space.stored).When(*version.deleted_at);
  text += fmt::format(", deleted at revision {}", *version.deleted_at);
  return when && (when->earliest || when->latest) ? fmt::format("{}, {}", text, IntervalText(*when)) : text;
}

// The object, and with --closure what it needs, of the first resource of that name that has, or had, one.
Result<objects::Recovered> Find(Job& job, const objects::ObjectWords& words, objects::Undeleter& undeleter) {
  objects::Recovered recovered;
  const auto resources = job.space.names.Resolve(words.kind, job.space.at);
  if (!resources) return tl::make_unexpected(resources.error());
  for (const kubectl::Resource* resource : *resources) {
    auto last = undeleter.Last(*resource, words.namespace_name, words.name);
    if (!last) return tl::make_unexpected(last.error());
    if (!*last) continue;
    if (job.args.Has("--closure")) return undeleter.WithClosure(*resource, words.namespace_name, words.name);
    recovered.versions.push_back(std::move(**last));
    return recovered;
  }
  const kubectl::Resource& likeliest = *resources->front();
  const std::string where = likeliest.namespaced ? " in namespace " + words.namespace_name : "";
  job.context.err.Print("etcdmedic: no retained revision holds {} {}{}; revisions before {} are compacted\n",
                        likeliest.QualifiedName(), render::Printable(words.name), render::Printable(where),
                        job.space.store().oldest_revision());
  return recovered;
}

int Print(Job& job, const objects::Recovered& recovered) {
  if (recovered.versions.empty()) return kNotable;
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
  const auto opened = OpenKeySpace(context, args);
  if (!opened) return Report(context, opened.error());
  KeySpace& space = **opened;
  const auto words = ObjectWordsOf(args);
  if (!words || !*words)
    return Report(context, {Errc::kUsage, {}, "undelete takes one object: KIND/NAME or KIND NAME"});
  const uint8_t minor = k8s::ParseRelease(*release).value_or(k8s::tables::kNewestRelease);
  objects::Undeleter undeleter(space.store(), space.names, space.stored,
                               {space.at, minor, context.hides_values()}, space.opened->found);
  Job job{context, args, space};
  const auto recovered = Find(job, **words, undeleter);
  if (!recovered) return Report(context, recovered.error());
  return Finish(context, *space.opened, Print(job, *recovered));
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
