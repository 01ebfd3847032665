// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/flags.h"
#include "render/text.h"
#include "views/etcdctl_json.h"
#include "views/value_objects.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--rev", "REVISION", "changes up to this revision (default: the newest)"},
    {"--limit", "N", "print only the newest N"},
    kRawFlag,
    kEncryptionFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"history DIR /registry/namespaces/doomedns", "every change of a key that is retained"},
    {"history DIR /registry/pods/default/keepr --rev 2000 --limit 2",
     "the last two changes up to revision 2000"},
};

using mvcc::Change;

void WriteChange(render::Document& document, const Change& change, uint64_t generation,
                 ValueObjects& objects) {
  document.Field("revision", change.revision.main);
  document.Field("sub_revision", change.revision.sub);
  document.Field("generation", generation);
  document.Field("deleted", change.tombstone);
  if (change.tombstone) return;
  document.Field("create_revision", change.kv.create_revision);
  document.Field("version", change.kv.version);
  document.Id("lease_id", static_cast<uint64_t>(change.kv.lease));
  document.Field("value_size", change.kv.value.size());
  objects.Write(document, change.kv);
}

// Prints the changes of one key: an object of Kubernetes as what changed in it since the one before.
class ChangePrinter {
 public:
  ChangePrinter(Context& context, ValueObjects& objects) : context_(context), objects_(objects) {}

  void Print(const Change& change, uint64_t generation) {
    if (context_.format == render::Format::kName) return context_.out.Print("{}\n", TextOf(change.revision));
    if (change.tombstone) {
      before_.clear();
      context_.out.Print("revision {}: deleted, which ends generation {}\n", TextOf(change.revision),
                         generation);
      return;
    }
    context_.out.Print("revision {}: generation {}, version {}, created at {}{}, {} bytes\n",
                       TextOf(change.revision), generation, change.kv.version, change.kv.create_revision,
                       change.kv.lease == 0
                           ? std::string()
                           : fmt::format(", lease {}", Hex(static_cast<uint64_t>(change.kv.lease))),
                       change.kv.value.size());
    if (const auto object = objects_.Text(change.kv)) return PrintObject(*object);
    before_.clear();
    context_.out.Print("{}\n", ShortValue(objects_.Shown(change.kv)));
  }

 private:
  void PrintObject(std::string_view object) {
    std::string text;
    if (before_.empty()) {
      text.assign(object).append("\n");
    } else {
      AppendObjectDiff(context_, text, before_, object);
    }
    context_.out.Write(text);
    before_ = object;
  }

  Context& context_;
  ValueObjects& objects_;
  std::string before_;  // the object before, empty where there is none
};

// Leaves the `limit` newest (0: all); gives the generation of the first one that is left.
uint64_t KeepNewest(std::vector<Change>& changes, uint64_t limit) {
  if (limit == 0 || limit >= changes.size()) return 1;
  const auto begin = changes.end() - static_cast<std::ptrdiff_t>(limit);
  const auto ended = std::count_if(changes.begin(), begin, [](const Change& one) { return one.tombstone; });
  changes.erase(changes.begin(), begin);
  return 1 + static_cast<uint64_t>(ended);
}

void WriteChanges(Context& context, std::string_view key, const std::vector<Change>& changes,
                  uint64_t generation, ValueObjects& objects) {
  std::optional<render::ListDocument> rows;
  if (!ForPeople(context)) {
    rows.emplace(context.out, context.format, render::ListNames{"history", "change", "changes"},
                 [&](render::Document& document) { document.Field("key", key); });
  }
  ChangePrinter printer(context, objects);
  for (const Change& change : changes) {
    if (rows) {
      rows->Add([&](render::Document& document) { WriteChange(document, change, generation, objects); });
    } else {
      printer.Print(change, generation);
    }
    if (change.tombstone) ++generation;
  }
  if (rows) rows->End();
}

int Run(Context& context, const Args& args) {
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const std::string& key = args.positional()[1];
  auto changes = (*opened)->store->History(key, *revision);
  if (!changes) return Report(context, changes.error());
  auto objects = ValueObjects::Of(context, args, **opened);
  if (!objects) return Report(context, objects.error());
  const uint64_t generation = KeepNewest(*changes, *limit);
  if (AsEtcdctl(context)) {
    WriteEtcdctlHistory(context, **opened, *changes);
  } else {
    WriteChanges(context, key, *changes, generation, *objects);
  }
  return Finish(context, **opened, changes->empty() ? kNotable : kClean);
}

}  // namespace

extern const Command kHistory = {
    .name = "history",
    .positional = "PATH KEY",
    .summary = "every retained change of a key with its value; for Kubernetes objects, a diff",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
