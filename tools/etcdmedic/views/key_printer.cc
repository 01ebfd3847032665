// SPDX-License-Identifier: Apache-2.0
#include "views/key_printer.h"

#include "base/async_consumer.h"
#include "inputs/kubernetes_args.h"
#include "render/table.h"
#include "render/text.h"
#include "views/etcdctl_json.h"
#include "views/not_found.h"
#include "views/value_objects.h"

namespace etcdmedic::tool {
namespace {

void WriteKeyValue(render::Document& document, const mvcc::KeyValue& kv) {
  document.Field("key", kv.key);
  WriteRevisions(document, kv);
}

class Printer {
 public:
  Printer(Context& context, const KeyQuery& query, ValueObjects& objects)
      : context_(context), query_(query), objects_(objects) {
    constexpr auto kRight = render::Align::kRight;
    if (context.format == render::Format::kTable && query.keys_only && !query.count_only)
      table_.emplace(context.out, std::vector<render::Column>{{"MOD", kRight},
                                                              {"CREATE", kRight},
                                                              {"VERSION", kRight},
                                                              {"SIZE", kRight},
                                                              {"LEASE"},
                                                              {"KEY"}});
  }

  void Print(const mvcc::KeyValue& kv) {
    if (query_.values_only) return PrintValueOnly(kv);
    if (context_.format == render::Format::kName)
      return context_.out.Write(render::Printable(kv.key)), context_.out.Write("\n");
    if (table_)
      return table_->Add(kv.mod_revision, kv.create_revision, kv.version, kv.value.size(),
                         kv.lease == 0 ? "-" : LeaseText(kv.lease), kv.key);
    if (const auto object = objects_.Text(kv, kv.mod_revision)) return PrintObject(kv, *object);
    context_.out.Print("{}\n", render::Printable(kv.key));
    context_.out.Print("  mod_revision {}, create_revision {}, version {}, lease {}, {} bytes\n",
                       kv.mod_revision, kv.create_revision, kv.version,
                       kv.lease == 0 ? "none" : LeaseText(kv.lease), kv.value.size());
    context_.out.Write(ShortValue(objects_.Shown(kv)));
    context_.out.Write("\n");
  }

 private:
  // As it is, but for what would steer a terminal.
  void PrintValueOnly(const mvcc::KeyValue& kv) {
    const std::string_view value = objects_.Shown(kv);
    if (context_.terminal) {
      context_.out.Write(render::PrintableLines(value));
    } else {
      context_.out.Write(value);
    }
    context_.out.Write("\n");
  }

  // One key that was asked for by its name is its object alone; several are a stream of documents.
  void PrintObject(const mvcc::KeyValue& kv, std::string_view object) {
    if (!query_.range.end.empty()) context_.out.Print("---\n# {}\n", render::Printable(kv.key));
    context_.out.Write(object);
    context_.out.Write("\n");
  }

  static std::string LeaseText(int64_t lease) { return Hex(static_cast<uint64_t>(lease)); }

  Context& context_;
  const KeyQuery& query_;
  ValueObjects& objects_;
  std::optional<render::Table> table_;  // of keys without their values
};

// Calls `print` for the keys that VisitKeys gives, on a thread behind it.
Result<uint64_t> PrintKeys(const Context& context, const mvcc::Store& store, const KeyQuery& query,
                           const std::function<void(const mvcc::KeyValue&)>& print) {
  AsyncConsumer<mvcc::KeyValue> printed(print);
  const auto read_on = [&] { return !context.out.closed(); };
  auto count =
      mvcc::VisitKeys(store, query, [&](const mvcc::KeyValue& kv) { return printed.Add(kv, read_on); });
  printed.Finish();
  return count;
}

Result<uint64_t> Answer(Context& context, const OpenedStore& opened, const KeyQuery& query,
                        ValueObjects& objects) {
  const mvcc::Store& store = *opened.store;
  const auto at = store.RevisionOr(query.revision);
  if (!at) return tl::make_unexpected(at.error());
  if (AsEtcdctl(context)) return WriteEtcdctlRange(context, opened, query);
  if (ForPeople(context) || query.values_only) {
    Printer printer(context, query, objects);
    auto count = PrintKeys(context, store, query, [&](const mvcc::KeyValue& kv) { printer.Print(kv); });
    if (count && query.count_only) context.out.Print("{}\n", *count);
    return count;
  }
  const auto head = [&](render::Document& document) { document.Field("revision", *at); };
  if (query.count_only) {
    const auto count = mvcc::VisitKeys(store, query, [](const mvcc::KeyValue&) { return true; });
    WriteDocument(context, "keys", [&](render::Document& document) {
      head(document);
      document.Field("key_count", count.value_or(0));
    });
    return count;
  }
  render::ListDocument rows(context.out, context.format, {"keys", "key", "keys"}, head);
  auto count = PrintKeys(context, store, query, [&](const mvcc::KeyValue& kv) {
    rows.Add([&](render::Document& document) {
      WriteKeyValue(document, kv);
      if (!query.keys_only) objects.Write(document, kv, kv.mod_revision);
    });
  });
  rows.End([&](render::Document& document) { document.Field("key_count", count.value_or(0)); });
  return count;
}

// Every change is looked for until one is found: the newest says whether the key is there.
bool Any(const std::vector<mvcc::Change>& changes) { return !changes.empty(); }

// Takes the key of the object that is meant for the range, unless there is a key of the name that was typed.
// Gives the object, if that is what was meant.
Result<std::optional<FoundObject>> ResolveObject(const Args& args, const OpenedStore& opened, KeyQuery& query,
                                                 objects::ObjectNames& names) {
  if (!query.object) return std::nullopt;
  const mvcc::Store& store = *opened.store;
  const auto at = store.RevisionOr(query.revision);
  if (!at) return tl::make_unexpected(at.error());
  const std::vector<std::string> typed{query.range.key};
  const auto any = [](const mvcc::FoundChanges& found) { return Any(found[0]); };
  if (!args.Has("--namespace") && Any(mvcc::SearchBack(store.view(), typed, *at, any)[0]))
    return std::nullopt;
  auto found = FindObject(store, names, *query.object, *at, mvcc::HasLastPut);
  if (!found && IsOnlyAKey(args, found.error())) return std::nullopt;
  if (!found) return tl::make_unexpected(found.error());
  query.range = mvcc::OneKey(found->key);
  return std::optional(std::move(*found));
}

// Says of what was asked for by its name that it is not there.
void NoteMissing(Context& context, const Args& args, const OpenedStore& opened, const KeyQuery& query,
                 const std::optional<FoundObject>& object) {
  const mvcc::Store& store = *opened.store;
  const auto at = store.RevisionOr(query.revision);
  if (!at || query.count_only) return;
  if (!query.range.end.empty())
    return context.out.Flush(), context.err.Print("etcdmedic: no key matches at revision {}\n", *at);
  const std::string& path = args.positional()[0];
  if (object) return NoteMissingObject(context, path, *object, *query.object, store, *at);
  const std::vector<std::string> keys{query.range.key};
  const auto last = [](const mvcc::FoundChanges& found) { return mvcc::HasLastPut(found[0]); };
  NoteMissingKey(context, path, query.range.key, mvcc::SearchBack(store.view(), keys, *at, last)[0], store,
                 *at);
}

}  // namespace

int ShowKeys(Context& context, const Args& args, const Result<KeyQuery>& asked) {
  if (!asked) return Report(context, asked.error());
  KeyQuery query = *asked;
  if (query.values_only && context.format != render::Format::kTable)
    return Report(
        context,
        {Errc::kUsage, {}, "--print-value-only prints bytes, which no other format than table holds"});
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  objects::StoredObjects stored(encryption->open);
  objects::ObjectNames names(*(*opened)->store, stored, args.Get("--etcd-prefix").value_or(""));
  const auto object = ResolveObject(args, **opened, query, names);
  if (!object) return Report(context, object.error());
  auto objects = ValueObjects::Of(context, args, **opened);
  if (!objects) return Report(context, objects.error());
  const auto count = Answer(context, **opened, query, *objects);
  if (!count) return Report(context, count.error());
  if (*count == 0) NoteMissing(context, args, **opened, query, *object);
  return Finish(context, **opened, *count == 0 ? kNotable : kClean);
}

}  // namespace etcdmedic::tool
