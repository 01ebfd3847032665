// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/flags.h"
#include "diag/naming_sink.h"
#include "inputs/key_space.h"
#include "objects/key_filter.h"
#include "render/text.h"
#include "text/utf8.h"
#include "views/rows.h"
#include "views/value_objects.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

using std::literals::operator""sv;

constexpr Flag kFlags[] = {
    kNamespaceFlag,
    {"--all-namespaces", "", "objects of every namespace", 'A'},
    {"--selector", "LABELS", "only objects whose last version had these labels", 'l'},
    {"--prefix", "PREFIX", "only keys that begin with PREFIX, whatever else they are"},
    kRevFlag,
    kLimitKeysFlag,
    kRawFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"deleted DIR pods -A", "which Pods were deleted, and when"},
    {"deleted DIR -n demo -o wide", "all that is gone from a namespace, with keys and sizes"},
    {"deleted DIR /registry/ --limit 5", "keys by their beginning, Kubernetes or not"},
};
constexpr std::string_view kFormats[] = {"wide"};

// A key that is gone: its deletion, and the put before it where that is retained.
struct Deleted {
  mvcc::Change deletion;
  std::optional<mvcc::Change> last;
  std::optional<kubectl::RegistryKey> object;
};

// What is looked for.
struct Asked {
  std::string prefix;
  objects::KeyFilter filter;
  std::string no_kind;  // what is to be said where the prefix was perhaps meant as a kind
};

class Finder {
 public:
  Finder(const mvcc::KeyIndex& index, const kubectl::Registry& registry, const Asked& asked,
         const encryption::Decryptor& open)
      : index_(index), registry_(registry), asked_(asked), stored_(open) {}

  // Those of the keys in the index whose newest change is a deletion and that are asked for.
  std::vector<Deleted> All(uint64_t limit) {
    std::vector<Deleted> all;
    index_.ForEachKey([&](mvcc::Numbers numbers) {
      if (index_.IsTombstone(numbers.back())) Offer(numbers, all);
      return all.size() != limit || limit == 0;
    });
    return all;
  }

  // Objects that would be meant but for their namespace.
  uint64_t elsewhere() const { return elsewhere_; }

 private:
  void Offer(mvcc::Numbers numbers, std::vector<Deleted>& all) {
    Deleted deleted{index_.At(numbers.back()), {}, {}};
    if (!deleted.deletion.kv.key.starts_with(asked_.prefix)) return;
    if (text::IsUtf8(deleted.deletion.kv.key)) deleted.object = registry_.Parse(deleted.deletion.kv.key);
    if (numbers.size() > 1 && !index_.IsTombstone(numbers[numbers.size() - 2]))
      deleted.last = index_.At(numbers[numbers.size() - 2]);
    const objects::KeyFilter& filter = asked_.filter;
    if (filter.all()) return all.push_back(std::move(deleted));
    if (!deleted.object || !filter.MatchesName(*deleted.object) || !HasLabels(deleted)) return;
    if (filter.InNamespace(*deleted.object))
      all.push_back(std::move(deleted));
    else
      ++elsewhere_;
  }

  bool HasLabels(const Deleted& deleted) {
    const kubectl::LabelSelector& labels = asked_.filter.labels();
    if (labels.empty()) return true;
    if (!deleted.last) return false;
    const mvcc::KeyValue& kv = deleted.last->kv;
    diag::NoSink ignored;
    objects::DecodeStored(kv.key, stored_.Open(kv.key, AsBytes(kv.value)).bytes, {}, tree_, {}, ignored);
    return labels.Matches(tree_.root().At("metadata.labels"));
  }

  const mvcc::KeyIndex& index_;
  const kubectl::Registry& registry_;
  const Asked& asked_;
  objects::StoredObjects stored_;
  text::ObjectTree tree_;
  uint64_t elsewhere_ = 0;
};

// A table has the key where it holds no object, or where it is wide.
class Printer {
 public:
  Printer(Context& context, int64_t revision, bool kubernetes, ValueObjects& objects,
          objects::RevisionTimes& times)
      : objects_(objects),
        times_(times),
        kubernetes_(kubernetes),
        rows_(context, {"deleted", "deleted-key", "keys"}, Columns(kubernetes, context.own_format == "wide"),
              [=](render::Document& document) { document.Field("revision", revision); }) {}

  void Add(const Deleted& deleted) {
    const std::string_view key = deleted.deletion.kv.key;
    const int64_t at = deleted.deletion.revision.main;
    const objects::TimeSpan when = times_.Of(at);
    std::vector<Cell> cells{key, at, Cell(std::monostate(), IntervalCell(when)), deleted.last.has_value()};
    if (deleted.last) {
      cells.emplace_back(deleted.last->kv.mod_revision);
      cells.emplace_back(deleted.last->kv.value.size());
    } else {
      cells.insert(cells.end(), {"compacted"sv, "-"sv});
    }
    if (deleted.object) {
      cells.insert(cells.end(),
                   {KindOf(*deleted.object), TextCell(std::string(deleted.object->namespace_name), "-"),
                    deleted.object->name});
    } else if (kubernetes_) {
      cells.insert(cells.end(),
                   {TextCell("", "-"), TextCell("", "-"), Cell(std::monostate(), std::string(key))});
    } else {
      cells.insert(cells.end(), {std::monostate(), std::monostate(), std::monostate()});
    }
    cells.emplace_back(key);
    rows_.Add(cells, [&](render::Document& document) {
      WriteTimes(document, when);
      if (!deleted.last) return;
      WriteRevisions(document, deleted.last->kv);
      objects_.Write(document, deleted.last->kv);
    });
  }

 private:
  static Cell KindOf(const kubectl::RegistryKey& key) {
    return key.resource != nullptr ? key.resource->kind : std::string(key.path);
  }

  static std::vector<Column> Columns(bool kubernetes, bool wide) {
    const auto shown = [](bool is, std::string_view title) {
      return is ? std::optional(title) : std::nullopt;
    };
    return {{"key"},
            {"deleted_revision", "DELETED AT", kRight},
            {"", shown(kubernetes, "TIME")},
            {"value_known"},
            {"", shown(wide || !kubernetes, "LAST MOD"), kRight},
            {"", shown(wide || !kubernetes, "SIZE"), kRight},
            {"kind", shown(kubernetes, "KIND")},
            {"namespace", shown(kubernetes, "NAMESPACE")},
            {"name", shown(kubernetes, "NAME")},
            {"", shown(wide || !kubernetes, "KEY")}};
  }

  ValueObjects& objects_;
  objects::RevisionTimes& times_;
  bool kubernetes_;
  Rows rows_;
};

// The beginning of keys that the line asks for by itself: --prefix, or one word with a slash in front.
std::string PrefixOf(const Args& args) {
  const auto& words = args.positional();
  const bool is_prefix = words.size() == 2 && words[1].starts_with('/');
  return args.Get("--prefix").value_or(is_prefix ? words[1] : "");
}

// One other word that names no kind is the beginning of keys too: "config/".
Result<Asked> AskedOf(const Args& args, const kubectl::ResourceTable& resources) {
  using Filter = objects::KeyFilter;
  Asked asked{PrefixOf(args), {}, {}};
  objects::ObjectRequest request{.words = std::span(args.positional()).subspan(1),
                                 .all_namespaces = args.Has("--all-namespaces"),
                                 .namespace_name = args.Get("--namespace"),
                                 .labels = args.Get("--selector").value_or("")};
  const auto without_words = [&](std::string prefix) {
    asked.prefix = std::move(prefix);
    request.words = {};
    return Filter::Parse(request, resources, Filter::Unsaid::kDefaultNamespace);
  };
  const bool one_word = request.words.size() == 1;
  auto filter = Filter::Parse(request, resources, Filter::Unsaid::kDefaultNamespace);
  if (one_word && request.words[0].starts_with('/'))
    filter = without_words(asked.prefix);
  else if (one_word && !filter && !args.Has("--namespace")) {
    asked.no_kind = filter.error().what;
    filter = without_words(request.words[0]);
  }
  if (!filter) return tl::make_unexpected(filter.error());
  asked.filter = std::move(*filter);
  return asked;
}

// Where nothing was found that was asked for by its name.
int NoteNone(Context& context, const Asked& asked, const mvcc::Store& store, uint64_t elsewhere) {
  context.out.Flush();
  if (!asked.prefix.empty())
    context.err.Print("etcdmedic: no key that begins with {} was deleted{}{}\n",
                      render::Printable(asked.prefix), asked.no_kind.empty() ? "" : "; ",
                      render::Printable(asked.no_kind));
  if (asked.filter.all()) return asked.prefix.empty() ? kClean : kNotable;
  const auto& space = asked.filter.namespace_name();
  context.err.Print("etcdmedic: no deletion found{}; revisions from {} on are retained\n",
                    space ? " in namespace " + render::Printable(*space) : "", store.oldest_revision());
  if (elsewhere > 0)
    context.err.Print("etcdmedic: there {}: -A lists all\n",
                      elsewhere == 1 ? "is one in another namespace"
                                     : fmt::format("are {} in other namespaces", elsewhere));
  return asked.filter.by_name() ? kNotable : kClean;
}

int Run(Context& context, const Args& args) {
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  const auto opened = OpenKeySpace(context, args);
  if (!opened) return Report(context, opened.error());
  KeySpace& space = **opened;
  const mvcc::Store& store = space.store();
  const auto index = store.Index(mvcc::WithPrefix(PrefixOf(args)), space.at);
  if (!index) return Report(context, index.error());
  space.names.LearnFrom(*index);
  const auto asked = AskedOf(args, space.names.resources());
  if (!asked) return Report(context, asked.error());
  auto objects = ValueObjects::Of(context, args, *space.opened);
  if (!objects) return Report(context, objects.error());
  Finder finder(*index, space.names.registry(), *asked, space.encryption.open);
  const std::vector<Deleted> all = finder.All(*limit);
  objects::RevisionTimes times(store, space.encryption.open);
  if (!all.empty() || context.format != render::Format::kTable) {
    const bool kubernetes =
        std::ranges::any_of(all, [](const Deleted& each) { return each.object.has_value(); });
    Printer printer(context, space.at, kubernetes, *objects, times);
    for (const Deleted& deleted : all) {
      if (context.out.closed()) break;
      printer.Add(deleted);
    }
  }
  const int code = all.empty() ? NoteNone(context, *asked, store, finder.elsewhere()) : kClean;
  return Finish(context, *space.opened, code);
}

}  // namespace

extern const Command kDeleted = {
    .name = "deleted",
    .positional = "PATH [KIND[,KIND] [NAME...] | KIND/NAME... | PREFIX]",
    .summary = "what was deleted and when: objects in kubectl's grammar, or keys",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kFormats,
};

}  // namespace etcdmedic::tool
