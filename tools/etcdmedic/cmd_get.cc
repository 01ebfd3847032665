// SPDX-License-Identifier: Apache-2.0
#include "base/behind.h"
#include "etcdctl_json.h"
#include "render/text.h"
#include "value_objects.h"

namespace etcdmedic::tool {
namespace {

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

void WriteKeyValue(render::Document& document, const mvcc::KeyValue& kv) {
  document.FieldBytes("key", AsBytes(kv.key));
  document.Field("create_revision", kv.create_revision);
  document.Field("mod_revision", kv.mod_revision);
  document.Field("version", kv.version);
  document.Field("lease", kv.lease);
  document.Field("size", kv.value.size());
}

class Printer {
 public:
  Printer(Context& context, const KeyQuery& query, ValueObjects& objects)
      : context_(context), query_(query), objects_(objects) {
    if (context.format == render::Format::kTable && query.keys_only)
      context.out.Print("{:>12} {:>12} {:>9} {:>10} {:<16} {}\n", "MOD", "CREATE", "VERSION", "SIZE", "LEASE",
                        "KEY");
  }

  void Print(const mvcc::KeyValue& kv) {
    if (query_.values_only) return PrintValueOnly(kv);
    if (context_.format == render::Format::kName)
      return context_.out.Write(render::Printable(kv.key)), context_.out.Write("\n");
    if (query_.keys_only) {
      return context_.out.Print("{:>12} {:>12} {:>9} {:>10} {:<16} {}\n", kv.mod_revision, kv.create_revision,
                                kv.version, kv.value.size(), kv.lease == 0 ? "-" : LeaseText(kv.lease),
                                render::Printable(kv.key));
    }
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
};

// Calls `print` for the keys that VisitKeys gives, on a thread behind it.
Result<uint64_t> PrintKeys(const Context& context, const mvcc::Store& store, const KeyQuery& query,
                           const std::function<void(const mvcc::KeyValue&)>& print) {
  Behind<mvcc::KeyValue> printed(print);
  const auto read_on = [&] { return !context.out.closed(); };
  auto count = VisitKeys(store, query, [&](const mvcc::KeyValue& kv) { return printed.Add(kv, read_on); });
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
  ListDocument rows(context, "keys", "keys",
                    [&](render::Document& document) { document.Field("revision", *at); });
  auto count = PrintKeys(context, store, query, [&](const mvcc::KeyValue& kv) {
    rows.Add([&](render::Document& document) {
      WriteKeyValue(document, kv);
      if (!query.keys_only) objects.Write(document, kv, kv.mod_revision);
    });
  });
  rows.End([&](render::Document& document) { document.Field("count", count.value_or(0)); });
  return count;
}

int Run(Context& context, const Args& args, const Result<KeyQuery>& query) {
  if (!query) return Report(context, query.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  auto objects = ValueObjects::Of(context, args, **opened);
  if (!objects) return Report(context, objects.error());
  const auto count = Answer(context, **opened, *query, *objects);
  if (!count) return Report(context, count.error());
  return Finish(context, **opened, *count == 0 ? kMended : kClean);
}

}  // namespace

int RunGet(Context& context, const Args& args) {
  auto range = RangeOf(args);
  if (!range) return Report(context, range.error());
  return Run(context, args, QueryOf(args, std::move(*range)));
}

int RunKeys(Context& context, const Args& args) {
  const auto& words = args.positional();
  auto query = QueryOf(args, mvcc::WithPrefix(words.size() > 1 ? words[1] : ""));
  if (query) query->keys_only = !args.Has("--values");
  return Run(context, args, query);
}

}  // namespace etcdmedic::tool
