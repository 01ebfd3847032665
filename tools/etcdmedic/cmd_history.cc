// SPDX-License-Identifier: Apache-2.0
// What happened to keys: `history` of one, `deleted` ones with their last value.
#include <algorithm>

#include "etcdctl_json.h"
#include "render/text.h"
#include "value_objects.h"

namespace etcdmedic::tool {
namespace {

using mvcc::Change;

void WriteChange(render::Document& document, const Change& change, uint64_t generation,
                 ValueObjects& objects) {
  document.Field("revision", change.revision.main);
  document.Field("sub", change.revision.sub);
  document.Field("generation", generation);
  document.Field("deleted", change.tombstone);
  if (change.tombstone) return;
  document.Field("create_revision", change.kv.create_revision);
  document.Field("version", change.kv.version);
  document.Field("lease", change.kv.lease);
  document.Field("size", change.kv.value.size());
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
  std::optional<ListDocument> rows;
  if (!ForPeople(context)) {
    rows.emplace(context, "history", "changes",
                 [&](render::Document& document) { document.FieldBytes("key", AsBytes(key)); });
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

// A key that is gone: its deletion, and the put before it where that is retained.
struct Deleted {
  Change deletion;
  std::optional<Change> last;
};

void WriteDeleted(render::Document& document, const Deleted& deleted, ValueObjects& objects) {
  document.FieldBytes("key", AsBytes(deleted.deletion.kv.key));
  document.Field("deleted_at", deleted.deletion.revision.main);
  document.Field("value_known", deleted.last.has_value());
  if (!deleted.last) return;
  document.Field("create_revision", deleted.last->kv.create_revision);
  document.Field("mod_revision", deleted.last->kv.mod_revision);
  document.Field("version", deleted.last->kv.version);
  document.Field("lease", deleted.last->kv.lease);
  objects.Write(document, deleted.last->kv);
}

// Calls `each` for the keys of the range whose newest change up to `at` is a deletion.
void ForEachDeleted(const mvcc::KeyIndex& index, const std::function<bool(const Deleted&)>& each) {
  index.ForEachKey([&](mvcc::Numbers numbers) {
    if (!index.IsTombstone(numbers.back())) return true;
    Deleted deleted{index.At(numbers.back()), {}};
    if (numbers.size() > 1 && !index.IsTombstone(numbers[numbers.size() - 2]))
      deleted.last = index.At(numbers[numbers.size() - 2]);
    return each(deleted);
  });
}

void PrintDeleted(Context& context, const Deleted& deleted) {
  if (context.format == render::Format::kName) {
    context.out.Print("{}\n", render::Printable(deleted.deletion.kv.key));
    return;
  }
  context.out.Print("{:>12} {:>12} {:>10}  {}\n", deleted.deletion.revision.main,
                    deleted.last ? fmt::format("{}", deleted.last->kv.mod_revision) : "compacted",
                    deleted.last ? fmt::format("{}", deleted.last->kv.value.size()) : "-",
                    render::Printable(deleted.deletion.kv.key));
}

}  // namespace

int RunHistory(Context& context, const Args& args) {
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
  return Finish(context, **opened, changes->empty() ? kMended : kClean);
}

int RunDeleted(Context& context, const Args& args) {
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto at = RevisionAt(args, *(*opened)->store);
  if (!at) return Report(context, at.error());
  const std::string prefix = args.positional().size() > 1 ? args.positional()[1] : "";
  const auto index = (*opened)->store->Index(mvcc::WithPrefix(prefix), *at);
  if (!index) return Report(context, index.error());
  auto objects = ValueObjects::Of(context, args, **opened);
  if (!objects) return Report(context, objects.error());
  std::optional<ListDocument> rows;
  if (!ForPeople(context)) rows.emplace(context, "deleted", "keys");
  if (context.format == render::Format::kTable)
    context.out.Print("{:>12} {:>12} {:>10}  {}\n", "DELETED AT", "LAST MOD", "SIZE", "KEY");
  uint64_t count = 0;
  ForEachDeleted(*index, [&](const Deleted& deleted) {
    if (rows) {
      rows->Add([&](render::Document& document) { WriteDeleted(document, deleted, *objects); });
    } else {
      PrintDeleted(context, deleted);
    }
    return ++count != *limit && !context.out.closed();
  });
  if (rows) rows->End();
  return Finish(context, **opened, kClean);
}

}  // namespace etcdmedic::tool
