// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "render/text.h"
#include "views/etcdctl_json.h"
#include "views/not_found.h"
#include "views/value_objects.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--rev", "REVISION", "changes up to this revision (default: the newest)"},
    {"--limit", "N", "print only the newest N"},
    kNamespaceFlag,
    kRawFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"history DIR /registry/namespaces/doomedns", "every change of a key that is retained"},
    {"history DIR /registry/pods/default/keepr --rev 2000 --limit 2",
     "the last two changes up to revision 2000"},
    {"history DIR secret/doomed -n demo", "of an object, which may be gone"},
};

using mvcc::Change;

// What writing changes needs.
struct Views {
  ValueObjects& objects;
  objects::RevisionTimes& times;
};

void WriteChange(render::Document& document, const Change& change, uint64_t generation, Views& views) {
  document.Field("revision", change.revision.main);
  document.Field("sub_revision", change.revision.sub);
  document.Field("generation", generation);
  document.Field("deleted", change.tombstone);
  WriteTimes(document, views.times.Of(change.revision.main));
  if (change.tombstone) return;
  document.Field("create_revision", change.kv.create_revision);
  document.Field("version", change.kv.version);
  document.Id("lease_id", static_cast<uint64_t>(change.kv.lease));
  document.Field("value_size", change.kv.value.size());
  views.objects.Write(document, change.kv);
}

// Prints the changes of one key: an object of Kubernetes as what changed in it since the one before.
class ChangePrinter {
 public:
  ChangePrinter(Context& context, Views& views) : context_(context), views_(views) {}

  void Print(const Change& change, uint64_t generation) {
    if (context_.format == render::Format::kName) return context_.out.Print("{}\n", TextOf(change.revision));
    if (change.tombstone) {
      before_.clear();
      context_.out.Print("revision {}: deleted, which ends generation {}{}\n", TextOf(change.revision),
                         generation, TimeOf(change));
      return;
    }
    context_.out.Print("revision {}: generation {}, version {}, created at {}{}, {} bytes{}\n",
                       TextOf(change.revision), generation, change.kv.version, change.kv.create_revision,
                       change.kv.lease == 0
                           ? std::string()
                           : fmt::format(", lease {}", Hex(static_cast<uint64_t>(change.kv.lease))),
                       change.kv.value.size(), TimeOf(change));
    if (const auto object = views_.objects.Text(change.kv)) return PrintObject(*object);
    before_.clear();
    context_.out.Print("{}\n", ShortValue(views_.objects.Shown(change.kv)));
  }

 private:
  // ", 2026-11-24T05:04:02Z +2s", where that is known.
  std::string TimeOf(const Change& change) {
    const objects::TimeSpan when = views_.times.Of(change.revision.main);
    return when == objects::TimeSpan() ? "" : ", " + IntervalCell(when);
  }

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
  Views& views_;
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
                  uint64_t generation, Views& views) {
  std::optional<render::ListDocument> rows;
  if (!ForPeople(context)) {
    rows.emplace(context.out, context.format, render::ListNames{"history", "change", "changes"},
                 [&](render::Document& document) { document.Field("key", key); });
  }
  ChangePrinter printer(context, views);
  for (const Change& change : changes) {
    if (rows) {
      rows->Add([&](render::Document& document) { WriteChange(document, change, generation, views); });
    } else {
      printer.Print(change, generation);
    }
    if (change.tombstone) ++generation;
  }
  if (rows) rows->End();
}

// The key and its changes up to a revision, oldest first.
struct Found {
  std::string key;
  std::vector<Change> changes;
};

// Of the key, or of the object, that the words name; says on stderr where there is nothing. One word that is
// no key may be KIND/NAME.
Result<Found> Find(Context& context, const Args& args, const OpenedStore& opened, int64_t revision,
                   const encryption::Decryptor& open) {
  const mvcc::Store& store = *opened.store;
  const std::string& path = args.positional()[0];
  const auto at = store.RevisionOr(revision);
  if (!at) return tl::make_unexpected(at.error());
  const auto words = ObjectWordsOf(args);
  if (!words) return tl::make_unexpected(words.error());
  Found found{args.positional()[1], {}};
  if (!args.Has("--namespace") && args.positional().size() == 2) {
    auto changes = store.History(found.key, *at);
    if (!changes) return tl::make_unexpected(changes.error());
    found.changes = std::move(*changes);
    if (!found.changes.empty()) return found;
    if (!*words) return NoteMissingKey(context, path, found.key, {}, store, *at), found;
  }
  objects::StoredObjects stored(open);
  objects::ObjectNames names(store, stored, args.Get("--etcd-prefix").value_or(""));
  auto object = FindObject(store, names, **words, *at, [](const std::vector<Change>&) { return false; });
  if (!object && IsOnlyAKey(args, object.error())) {
    NoteMissingKey(context, path, found.key, {}, store, *at);
    context.err.Print("etcdmedic: {}\n", render::Printable(object.error().what));
    return found;
  }
  if (!object) return tl::make_unexpected(object.error());
  if (object->changes.empty()) NoteMissingObject(context, path, *object, **words, store, *at);
  std::ranges::reverse(object->changes);
  return Found{std::move(object->key), std::move(object->changes)};
}

int Run(Context& context, const Args& args) {
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  auto found = Find(context, args, **opened, *revision, encryption->open);
  if (!found) return Report(context, found.error());
  auto objects = ValueObjects::Of(context, args, **opened);
  if (!objects) return Report(context, objects.error());
  objects::RevisionTimes times(*(*opened)->store, encryption->open);
  Views views{*objects, times};
  const uint64_t generation = KeepNewest(found->changes, *limit);
  if (AsEtcdctl(context)) {
    WriteEtcdctlHistory(context, **opened, found->changes);
  } else {
    WriteChanges(context, found->key, found->changes, generation, views);
  }
  return Finish(context, **opened, found->changes.empty() ? kNotable : kClean);
}

}  // namespace

extern const Command kHistory = {
    .name = "history",
    .positional = "PATH KEY-OR-KIND/NAME [NAME]",
    .summary = "every retained change of a key with its value; for Kubernetes objects, a diff",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
