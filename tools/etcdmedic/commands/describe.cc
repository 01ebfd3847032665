// SPDX-License-Identifier: Apache-2.0
#include "kubectl/describe.h"

#include <utility>

#include "cli/flags.h"
#include "objects/related.h"
#include "render/text.h"
#include "views/object_getter.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--namespace", "NAMESPACE", "objects of this namespace (default: default)", 'n'},
    {"--all-namespaces", "", "objects of every namespace", 'A'},
    {"--selector", "LABELS", "only objects with these labels: a=b,c!=d,e in (x,y),!f", 'l'},
    {"--show-events", "", "events too (default: of one object alone)", 0, false, true},
    kRevFlag,
    {"--now", "TIME", "compute ages at this time (default: now)"},
    {"--release", "X.Y", "as this release of Kubernetes serves them (default: the newest that fits)"},
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"describe DIR pod keepr", "a Pod with its events"},
    {"describe DIR deploy -n demo -l app=web", "the Deployments with a label"},
};

// Keeps which objects are meant: whether events are printed depends on their number.
class MeantSink final : public ObjectSink {
 public:
  void Add(const StoredObject& object, text::ObjectView) override { objects.push_back(object); }
  std::vector<StoredObject> objects;
};

// Whether the name that was typed is no more than the beginning of what was found.
bool IsPrefixOnly(const objects::ObjectQuery& query, const std::vector<StoredObject>& objects) {
  return query.one && !objects.empty() && objects.front().key.name != query.wanted.front().names.front();
}

void Print(ObjectJob& job, const objects::ObjectQuery& query, const std::vector<StoredObject>& objects,
           int64_t now) {
  const bool by_prefix = IsPrefixOnly(query, objects);
  const bool one = objects.size() == 1 && !by_prefix;
  const bool show = job.args.Has("--show-events") || (one && !job.args.IsOff("--show-events"));
  const auto reader = job.AnotherReader(false);
  objects::CatalogRelated related(*job.catalog, *reader);
  bool first = true;
  for (const StoredObject& object : objects) {
    const text::ObjectView tree = job.reader->Tree(object);
    if (!tree || object.key.resource == nullptr || job.context.out.closed()) continue;
    if (!std::exchange(first, false) && !by_prefix) job.context.out.Write("\n\n");
    const std::string text = kubectl::Describe(*object.key.resource, tree, {related, now, show});
    job.context.out.Write(render::PrintableLines(text));
    if (by_prefix) job.context.out.Write("\n");
  }
}

Result<int> DescribeObjects(ObjectJob& job) {
  const objects::ObjectRequest request{.words = std::span(job.args.positional()).subspan(1),
                                       .all_namespaces = job.args.Has("--all-namespaces"),
                                       .namespace_name = job.args.Get("--namespace"),
                                       .labels = job.args.Get("--selector").value_or("")};
  if (request.words.empty()) return Fail(Errc::kUsage, "", "describe takes KIND [NAME...] or KIND/NAME...");
  const auto query = objects::ParseObjectQuery(request, *job.catalog);
  if (!query) return tl::make_unexpected(query.error());
  for (const objects::Wanted& wanted : query->wanted) job.reader->Ask(*wanted.resource, wanted.asked);
  const auto now = NowOf(job.args);
  if (!now) return tl::make_unexpected(now.error());
  MeantSink meant;
  ObjectGetter getter(job, *query, meant, true);
  getter.All();
  Print(job, *query, meant.objects, *now);
  return getter.Code();
}

int Run(Context& context, const Args& args) {
  auto job = OpenObjects(context, args);
  if (!job) return Report(context, job.error());
  const auto code = DescribeObjects(**job);
  return code ? (*job)->Finish(*code) : Report(context, code.error());
}

}  // namespace

extern const Command kDescribe = {
    .name = "describe",
    .positional = "PATH KIND[,KIND] [NAME...] | PATH KIND/NAME...",
    .summary = "Kubernetes objects in words, with their events, as kubectl describes them",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kText,
};

}  // namespace etcdmedic::tool
