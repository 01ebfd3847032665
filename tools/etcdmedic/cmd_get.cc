// SPDX-License-Identifier: Apache-2.0
#include "etcdctl_json.h"
#include "kubernetes_args.h"
#include "object_view.h"
#include "open_store.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

struct Query {
  mvcc::KeyRange range;
  int64_t revision = 0;
  uint64_t limit = 0;  // 0: none
  bool keys_only = false;
  bool count_only = false;
  bool values_only = false;
};

Result<mvcc::KeyRange> RangeOf(const Args& args) {
  const auto& words = args.positional();
  const std::string key = words.size() > 1 ? words[1] : "";
  const bool prefix = args.Has("--prefix");
  const bool from = args.Has("--from-key");
  if ((prefix && from) || ((prefix || from) && words.size() > 2)) {
    return Fail(Errc::kUsage, "", "give one of RANGE_END, --prefix and --from-key");
  }
  if (words.size() < 2 && !prefix && !from) return Fail(Errc::kUsage, "", "get needs PATH KEY [RANGE_END]");
  if (prefix) return mvcc::WithPrefix(key);
  if (from) return mvcc::KeyRange{key, std::string(1, '\0')};
  return mvcc::KeyRange{key, words.size() > 2 ? words[2] : ""};
}

Result<Query> QueryOf(const Args& args, Result<mvcc::KeyRange> range) {
  if (!range) return tl::make_unexpected(range.error());
  const auto revision = RevisionOf(args);
  if (!revision) return tl::make_unexpected(revision.error());
  const auto limit = args.Number("--limit", 0);
  if (!limit) return tl::make_unexpected(limit.error());
  return Query{std::move(*range),
               *revision,
               *limit,
               args.Has("--keys-only"),
               args.Has("--count-only"),
               args.Has("--print-value-only")};
}

void WriteKeyValue(render::Document& document, const mvcc::KeyValue& kv, bool keys_only) {
  document.FieldBytes("key", AsBytes(kv.key));
  document.Field("create_revision", kv.create_revision);
  document.Field("mod_revision", kv.mod_revision);
  document.Field("version", kv.version);
  document.Field("lease", kv.lease);
  document.Field("size", kv.value.size());
  if (!keys_only) document.FieldBytes("value", AsBytes(kv.value));
}

using ObjectOf = std::function<std::optional<std::string_view>(const mvcc::KeyValue& kv)>;

class Printer {
 public:
  // `object_of` gives the text of a Kubernetes object, and nothing for other values.
  Printer(Context& context, const Query& query, ObjectOf object_of)
      : context_(context), query_(query), object_of_(std::move(object_of)) {
    if (context.format == render::Format::kTable && query.keys_only)
      context.out.Print("{:>12} {:>12} {:>9} {:>10} {:<16} {}\n", "MOD", "CREATE", "VERSION", "SIZE", "LEASE",
                        "KEY");
  }

  void Print(const mvcc::KeyValue& kv) {
    if (query_.values_only) return context_.out.Write(kv.value), context_.out.Write("\n");
    if (context_.format == render::Format::kName)
      return context_.out.Write(render::Printable(kv.key)), context_.out.Write("\n");
    if (query_.keys_only) {
      return context_.out.Print("{:>12} {:>12} {:>9} {:>10} {:<16} {}\n", kv.mod_revision, kv.create_revision,
                                kv.version, kv.value.size(), kv.lease == 0 ? "-" : LeaseText(kv.lease),
                                render::Printable(kv.key));
    }
    if (const auto object = object_of_(kv)) return PrintObject(kv, *object);
    context_.out.Print("{}\n", render::Printable(kv.key));
    context_.out.Print("  mod_revision {}, create_revision {}, version {}, lease {}, {} bytes\n",
                       kv.mod_revision, kv.create_revision, kv.version,
                       kv.lease == 0 ? "none" : LeaseText(kv.lease), kv.value.size());
    context_.out.Write(ShortValue(kv.value));
    context_.out.Write("\n");
  }

 private:
  // One key that was asked for by its name is its object alone; several are a stream of documents.
  void PrintObject(const mvcc::KeyValue& kv, std::string_view object) {
    if (!query_.range.end.empty()) context_.out.Print("---\n# {}\n", render::Printable(kv.key));
    context_.out.Write(object);
    context_.out.Write("\n");
  }

  static std::string LeaseText(int64_t lease) { return Hex(static_cast<uint64_t>(lease)); }

  Context& context_;
  const Query& query_;
  const ObjectOf object_of_;
};

// Calls `each` for the first `limit` keys, and counts all.
Result<uint64_t> Visit(Context& context, const mvcc::Store& store, const Query& query,
                       const std::function<void(const mvcc::KeyValue&)>& each) {
  uint64_t count = 0;
  const auto done = store.Range(query.range, query.revision, [&](const mvcc::KeyValue& kv) {
    if (!query.count_only && (query.limit == 0 || count < query.limit)) each(kv);
    ++count;
    return !context.out.closed();
  });
  if (!done) return tl::make_unexpected(done.error());
  return count;
}

Result<uint64_t> Answer(Context& context, const OpenedStore& opened, const Query& query,
                        const ObjectOf& object_of) {
  const mvcc::Store& store = *opened.store;
  if (AsEtcdctl(context))
    return WriteEtcdctlRange(context, opened, query.range,
                             {query.revision, query.limit, query.keys_only, query.count_only});
  const bool text = context.format == render::Format::kTable || context.format == render::Format::kName;
  if (text || query.values_only) {
    Printer printer(context, query, object_of);
    auto count = Visit(context, store, query, [&](const mvcc::KeyValue& kv) { printer.Print(kv); });
    if (count && query.count_only) context.out.Print("{}\n", *count);
    return count;
  }
  const auto at = store.RevisionOr(query.revision);
  if (!at) return tl::make_unexpected(at.error());
  ListDocument rows(context, "keys", "keys",
                    [&](render::Document& document) { document.Field("revision", *at); });
  auto count = Visit(context, store, query, [&](const mvcc::KeyValue& kv) {
    rows.Add([&](render::Document& document) {
      WriteKeyValue(document, kv, query.keys_only);
      const auto object = query.keys_only ? std::nullopt : object_of(kv);
      if (!object) return;
      document.Key("object");
      document.Embed(*object);
    });
  });
  rows.End([&](render::Document& document) { document.Field("count", count.value_or(0)); });
  return count;
}

int Run(Context& context, const Args& args, const Result<Query>& query) {
  if (!query) return Report(context, query.error());
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  ObjectView view(context, encryption->open, (*opened)->found);
  const mvcc::Store& store = *(*opened)->store;
  const bool raw = args.Has("--raw");
  const auto object_of = [&](const mvcc::KeyValue& kv) -> std::optional<std::string_view> {
    if (raw) return std::nullopt;
    return view.Text(AsBytes(kv.key), AsBytes(kv.value), kv.mod_revision,
                     {store.file(), store.OffsetOf(AsBytes(kv.value))});
  };
  const auto count = Answer(context, **opened, *query, object_of);
  if (!count) return Report(context, count.error());
  return Finish(context, **opened, *count == 0 ? kMended : kClean);
}

}  // namespace

int RunGet(Context& context, const Args& args) { return Run(context, args, QueryOf(args, RangeOf(args))); }

int RunKeys(Context& context, const Args& args) {
  const auto& words = args.positional();
  auto query = QueryOf(args, mvcc::WithPrefix(words.size() > 1 ? words[1] : ""));
  if (query) query->keys_only = !args.Has("--values");
  return Run(context, args, query);
}

}  // namespace etcdmedic::tool
