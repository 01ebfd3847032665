// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/flags.h"
#include "kubectl/event_text.h"
#include "render/text.h"
#include "text/ascii.h"
#include "views/object_getter.h"
#include "views/object_table.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--namespace", "NAMESPACE", "events of this namespace (default: default)", 'n'},
    {"--all-namespaces", "", "events of every namespace", 'A'},
    {"--for", "KIND/NAME", "only events about this object"},
    {"--types", "TYPES", "only events of these types: Warning,Normal", 0, true},
    {"--no-headers", "", "tables: no headings"},
    {"--now", "TIME", "tables: compute ages at this time (default: now)"},
    kRevFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"events DIR -A", "what happened, the latest last"},
    {"events DIR -n demo --for pod/rich --types Warning", "what went wrong with a Pod"},
};

// What an event is about.
struct About {
  const kubectl::Resource* resource;
  std::string name;
};

// Keeps the events that are wanted, to sort them.
class EventSink final : public ObjectSink {
 public:
  EventSink(std::optional<About> about, std::vector<std::string> types)
      : about_(std::move(about)), types_(std::move(types)) {}

  void Add(const StoredObject& object, text::ObjectView tree) override {
    if (tree && IsWanted(tree)) found_.push_back({kubectl::TimeOfEvent(tree), object});
  }
  bool wants_tree() const override { return true; }

  std::vector<StoredObject> InOrder() {
    std::ranges::stable_sort(found_, {},
                             [](const Found& each) { return std::pair(each.time.seconds, each.time.nanos); });
    std::vector<StoredObject> events;
    for (Found& each : found_) events.push_back(std::move(each.object));
    return events;
  }

 private:
  struct Found {
    text::Instant time;
    StoredObject object;
  };

  bool IsWanted(text::ObjectView event) const {
    const std::string type = text::Lower(event["type"].TextOr(""));
    if (!types_.empty() && std::ranges::find(types_, type) == types_.end()) return false;
    const text::ObjectView object = event["involvedObject"];
    return !about_ ||
           (object["kind"].text() == about_->resource->kind && object["name"].text() == about_->name &&
            about_->resource->InGroup(kubectl::GroupOf(object["apiVersion"].TextOr(""))));
  }

  const std::optional<About> about_;
  const std::vector<std::string> types_;  // in lower case
  std::vector<Found> found_;
};

Result<std::optional<About>> AboutOf(const ObjectJob& job) {
  const auto typed = job.args.Get("--for");
  if (!typed) return std::nullopt;
  const std::vector<std::string> words{*typed};
  const auto query = objects::ParseObjectQuery({.words = words}, *job.catalog);
  if (!query) return tl::make_unexpected(query.error());
  if (!query->one) return Fail(Errc::kUsage, "", "--for takes KIND/NAME");
  return About{query->wanted.front().resource, query->wanted.front().names.front()};
}

// In lower case. Errors: kUsage for one that the API does not have.
Result<std::vector<std::string>> TypesOf(const Args& args) {
  static const std::vector<std::string> kTypes{"Normal", "Warning"};
  std::vector<std::string> types;
  for (const std::string& typed : args.List("--types")) {
    types.push_back(text::Lower(typed));
    const auto same = [&](std::string_view known) { return text::Lower(known) == types.back(); };
    if (std::ranges::none_of(kTypes, same)) return NotAValue("--types", kTypes, typed);
  }
  return types;
}

void PrintTable(ObjectJob& job, const std::vector<StoredObject>& events, bool with_namespace, int64_t now) {
  render::Table table(job.context.out, {}, render::kKubectlLayout);
  const auto add = [&](std::string_view space, std::vector<std::string> cells) {
    if (with_namespace) cells.emplace(cells.begin(), space);
    AddObjectRow(table, cells);
  };
  if (!job.args.Has("--no-headers")) add("NAMESPACE", {"LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"});
  for (const StoredObject& event : events) {
    const text::ObjectView tree = job.reader->Tree(event);
    const text::ObjectView about = tree["involvedObject"];
    add(event.key.namespace_name, {kubectl::EventInterval(tree, now), std::string(tree["type"].TextOr("")),
                                   std::string(tree["reason"].TextOr("")),
                                   fmt::format("{}/{}", about["kind"].TextOr(""), about["name"].TextOr("")),
                                   std::string(kubectl::EventMessage(tree))});
  }
}

Result<int> ListEvents(ObjectJob& job) {
  static const std::vector<std::string> kWords{"events"};
  const auto query = objects::ParseObjectQuery({.words = kWords,
                                                .all_namespaces = job.args.Has("--all-namespaces"),
                                                .namespace_name = job.args.Get("--namespace")},
                                               *job.catalog);
  if (!query) return tl::make_unexpected(query.error());
  auto about = AboutOf(job);
  if (!about) return tl::make_unexpected(about.error());
  const auto now = NowOf(job.args);
  if (!now) return tl::make_unexpected(now.error());
  auto types = TypesOf(job.args);
  if (!types) return tl::make_unexpected(types.error());
  EventSink found(std::move(*about), std::move(*types));
  ObjectGetter(job, *query, found).All();
  const std::vector<StoredObject> events = found.InOrder();
  if (events.empty() && ForPeople(job.context)) {
    const std::string where = query->all_namespaces
                                  ? ""
                                  : fmt::format(" in {} namespace", render::Printable(query->namespace_name));
    job.context.err.Print("etcdmedic: no events found{} at revision {}\n", where, job.catalog->revision());
    return kNotable;
  }
  if (job.context.format == render::Format::kTable) {
    PrintTable(job, events, query->all_namespaces, *now);
    return kClean;
  }
  const auto sink = MakeObjectSink(job.context, *job.reader, {});
  if (!sink) return tl::make_unexpected(sink.error());
  for (const StoredObject& event : events) (*sink)->Add(event, {});
  (*sink)->End();
  return events.empty() ? kNotable : kClean;
}

int Run(Context& context, const Args& args) {
  auto job = OpenObjects(context, args);
  if (!job) return Report(context, job.error());
  const auto code = ListEvents(**job);
  return code ? (*job)->Finish(*code) : Report(context, code.error());
}

}  // namespace

extern const Command kEvents = {
    .name = "events",
    .positional = "PATH",
    .summary = "Kubernetes events by time, as kubectl events lists them",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
