// SPDX-License-Identifier: Apache-2.0
// What happened to keys: `history` of one, `deleted` ones with their last value.
#include "kubernetes_args.h"
#include "object_view.h"
#include "open_store.h"
#include "render/line_diff.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

using mvcc::Change;

bool ForPeople(const Context& context) {
  return context.format == render::Format::kTable || context.format == render::Format::kName;
}

void WriteChange(render::Document& document, const Change& change, uint64_t generation) {
  document.Field("revision", change.revision.main);
  document.Field("sub", change.revision.sub);
  document.Field("generation", generation);
  document.Field("deleted", change.tombstone);
  if (change.tombstone) return;
  document.Field("create_revision", change.kv.create_revision);
  document.Field("version", change.kv.version);
  document.Field("lease", change.kv.lease);
  document.Field("size", change.kv.value.size());
  document.FieldBytes("value", AsBytes(change.kv.value));
}

// Prints the changes of one key: an object of Kubernetes as what changed in it since the one before.
class ChangePrinter {
 public:
  using ObjectOf = std::function<std::optional<std::string_view>(const mvcc::KeyValue& kv)>;
  ChangePrinter(Context& context, ObjectOf object_of) : context_(context), object_of_(std::move(object_of)) {}

  void Print(const Change& change, uint64_t generation) {
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
    if (const auto object = object_of_(change.kv)) return PrintObject(*object);
    before_.clear();
    context_.out.Print("{}\n", ShortValue(change.kv.value));
  }

 private:
  void PrintObject(std::string_view object) {
    std::string now(object);
    now += '\n';
    std::string text;
    if (before_.empty()) {
      text = now;
    } else {
      render::AppendLineDiff(text, before_, now, {3, 1000, context_.color});
    }
    context_.out.Write(text.empty() ? "(the object is the same)\n" : text);
    before_ = std::move(now);
  }

  Context& context_;
  const ObjectOf object_of_;
  std::string before_;  // the object before, empty where there is none
};

// A key that is gone: its deletion, and the put before it where that is retained.
struct Deleted {
  Change deletion;
  std::optional<Change> last;
};

void WriteDeleted(render::Document& document, const Deleted& deleted) {
  document.FieldBytes("key", AsBytes(deleted.deletion.kv.key));
  document.Field("deleted_at", deleted.deletion.revision.main);
  document.Field("value_known", deleted.last.has_value());
  if (!deleted.last) return;
  document.Field("create_revision", deleted.last->kv.create_revision);
  document.Field("mod_revision", deleted.last->kv.mod_revision);
  document.Field("version", deleted.last->kv.version);
  document.Field("lease", deleted.last->kv.lease);
  document.FieldBytes("value", AsBytes(deleted.last->kv.value));
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
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const std::string& key = args.positional()[1];
  const auto changes = (*opened)->store->History(key);
  if (!changes) return Report(context, changes.error());
  std::optional<ListDocument> rows;
  if (!ForPeople(context)) {
    rows.emplace(context, "history", "changes",
                 [&](render::Document& document) { document.FieldBytes("key", AsBytes(key)); });
  }
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  ObjectView view(context, encryption->open, (*opened)->found);
  const mvcc::Store& store = *(*opened)->store;
  const auto object_of = [&](const mvcc::KeyValue& kv) -> std::optional<std::string_view> {
    if (args.Has("--raw")) return std::nullopt;
    return view.Text(AsBytes(kv.key), AsBytes(kv.value), std::nullopt,
                     {store.file(), store.OffsetOf(AsBytes(kv.value))});
  };
  ChangePrinter printer(context, object_of);
  uint64_t generation = 1;
  for (const Change& change : *changes) {
    if (rows) {
      rows->Add([&](render::Document& document) {
        WriteChange(document, change, generation);
        const auto object = change.tombstone ? std::nullopt : object_of(change.kv);
        if (!object) return;
        document.Key("object");
        document.Embed(*object);
      });
    } else {
      printer.Print(change, generation);
    }
    if (change.tombstone) ++generation;
  }
  if (rows) rows->End();
  return Finish(context, **opened, changes->empty() ? kMended : kClean);
}

int RunDeleted(Context& context, const Args& args) {
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const auto at = (*opened)->store->RevisionOr(*revision);
  if (!at) return Report(context, at.error());
  const std::string prefix = args.positional().size() > 1 ? args.positional()[1] : "";
  const auto index = (*opened)->store->Index(mvcc::WithPrefix(prefix), *at);
  if (!index) return Report(context, index.error());
  std::optional<ListDocument> rows;
  if (!ForPeople(context)) rows.emplace(context, "deleted", "keys");
  if (context.format == render::Format::kTable)
    context.out.Print("{:>12} {:>12} {:>10}  {}\n", "DELETED AT", "LAST MOD", "SIZE", "KEY");
  uint64_t count = 0;
  ForEachDeleted(*index, [&](const Deleted& deleted) {
    if (rows) {
      rows->Add([&](render::Document& document) { WriteDeleted(document, deleted); });
    } else {
      PrintDeleted(context, deleted);
    }
    return ++count != *limit && !context.out.closed();
  });
  if (rows) rows->End();
  return Finish(context, **opened, kClean);
}

}  // namespace etcdmedic::tool
