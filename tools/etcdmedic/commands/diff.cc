// SPDX-License-Identifier: Apache-2.0
// Keys that differ between two revisions of one file, or between two files.
#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "member/origin.h"
#include "mvcc/live_keys.h"
#include "render/text.h"
#include "views/value_objects.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--rev", "REVISION", "compare two files as they were at this revision"},
    {"--values", "", "print all values, those of keys that were added or removed too"},
    {"--keys-only", "", "leave out what changed in Kubernetes objects"},
    kRawFlag,
    kEncryptionFlag,
    {"--limit", "N", "stop after N differences"},
};
constexpr Example kExamples[] = {
    {"diff DIR 2700 2809 --limit 3", "what changed between two revisions, and in which lines of an object",
     kNotable},
    {"diff DIR 2700 2809 --keys-only", "which keys", kNotable},
    {"diff DIR DIR", "compare two members, or a db and a snapshot; of two clusters, their values"},
};

using Pair = std::pair<std::optional<mvcc::KeyValue>, std::optional<mvcc::KeyValue>>;

constexpr render::ListNames kNames{"diff", "difference", "differences"};

std::string_view ChangeOf(const Pair& pair) {
  return !pair.first ? "added" : !pair.second ? "removed" : "changed";
}

// How the values and revisions of one side are shown.
struct SideViews {
  ValueObjects& objects;
  objects::RevisionTimes& times;
};

void WriteSide(render::Document& document, std::string_view name, const std::optional<mvcc::KeyValue>& kv,
               SideViews& side) {
  if (!kv) return;
  document.Map(name, [&] {
    WriteRevisions(document, *kv);
    WriteTimes(document, side.times.Of(kv->mod_revision));
    side.objects.Write(document, *kv);
  });
}

// How much of the values is printed for people.
enum class Values : uint8_t { kNone, kChangedObjects, kAll };

class Printer {
 public:
  // `before` and `after` are one where both sides are of one file.
  Printer(Context& context, Values values, SideViews before, SideViews after)
      : context_(context), values_(values), before_(before), after_(after) {
    if (!ForPeople(context)) rows_.emplace(context.out, context.format, kNames);
  }

  void Add(const Pair& pair) {
    ++count_;
    const std::string_view key = pair.first ? pair.first->key : pair.second->key;
    if (rows_) {
      rows_->Add([&](render::Document& document) {
        document.Field("key", key);
        document.Field("change", ChangeOf(pair));
        WriteSide(document, "before", pair.first, before_);
        WriteSide(document, "after", pair.second, after_);
      });
      return;
    }
    if (context_.format == render::Format::kName) return context_.out.Print("{}\n", render::Printable(key));
    context_.out.Print("{} {}  {}\n",
                       !pair.first    ? '+'
                       : !pair.second ? '-'
                                      : '~',
                       render::Printable(key), Revisions(pair));
    if (values_ == Values::kAll || (values_ == Values::kChangedObjects && pair.first && pair.second))
      PrintValues(pair);
  }

  uint64_t End() {
    if (rows_) rows_->End();
    return count_;
  }

 private:
  // ", 2026-11-24T05:04:02Z +2s", where that is known.
  static std::string TimeOf(const mvcc::KeyValue& kv, SideViews& side) {
    const objects::TimeSpan when = side.times.Of(kv.mod_revision);
    return when == objects::TimeSpan() ? "" : ", " + IntervalCell(when);
  }

  std::string Revisions(const Pair& pair) {
    const auto& [before, after] = pair;
    if (!before) return fmt::format("put at revision {}{}", after->mod_revision, TimeOf(*after, after_));
    if (!after)
      return fmt::format("last put at revision {}{}", before->mod_revision, TimeOf(*before, before_));
    return fmt::format("revision {} -> {}{}", before->mod_revision, after->mod_revision,
                       TimeOf(*after, after_));
  }

  void PrintValues(const Pair& pair) {
    const auto before = ObjectOf(pair.first, before_.objects), after = ObjectOf(pair.second, after_.objects);
    if ((pair.first && !before) || (pair.second && !after)) {
      if (values_ != Values::kAll) return;
      if (pair.first) context_.out.Print("  - {}\n", ShortValue(before_.objects.Shown(*pair.first)));
      if (pair.second) context_.out.Print("  + {}\n", ShortValue(after_.objects.Shown(*pair.second)));
      return;
    }
    std::string text;
    AppendObjectDiff(context_, text, before.value_or(""), after.value_or(""));
    WriteIndented(text);
  }

  // A copy, since a text lasts until the next one.
  static std::optional<std::string> ObjectOf(const std::optional<mvcc::KeyValue>& kv, ValueObjects& objects) {
    return kv ? std::optional<std::string>(objects.Text(*kv)) : std::nullopt;
  }

  void WriteIndented(std::string_view text) {
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
      context_.out.Write("    ");
      context_.out.Write(text.substr(0, end));
      text.remove_prefix(end);
    }
  }

  Context& context_;
  const Values values_;
  SideViews before_, after_;
  std::optional<render::ListDocument> rows_;
  uint64_t count_ = 0;
};

// Whether two puts of a key are the same change. Between files the value counts, and all that etcd hashes;
// but revisions and leases of two clusters have nothing to do with each other.
bool Same(const mvcc::KeyValue& a, const mvcc::KeyValue& b, bool unrelated) {
  if (unrelated) return a.value == b.value;
  return a.mod_revision == b.mod_revision && a.create_revision == b.create_revision &&
         a.version == b.version && a.lease == b.lease && a.value == b.value;
}

std::optional<mvcc::KeyValue> At(const mvcc::LiveKeys& keys, size_t place) {
  return place < keys.size() ? std::optional(keys.At(place)) : std::nullopt;
}

uint64_t Compare(const mvcc::LiveKeys& before, const mvcc::LiveKeys& after, bool unrelated, uint64_t limit,
                 Printer& printer) {
  uint64_t count = 0;
  for (size_t i = 0, j = 0; i < before.size() || j < after.size();) {
    Pair pair{At(before, i), At(after, j)};
    if (pair.first && pair.second && pair.first->key != pair.second->key)
      (pair.first->key < pair.second->key ? pair.second : pair.first).reset();
    i += pair.first ? 1 : 0;
    j += pair.second ? 1 : 0;
    if (pair.first && pair.second && Same(*pair.first, *pair.second, unrelated)) continue;
    printer.Add(pair);
    if (++count == limit) break;
  }
  return printer.End();
}

std::optional<int64_t> AsRevision(const std::string& word) {
  if (word.empty() || word.find_first_not_of("0123456789") != std::string::npos || word.size() > 18)
    return std::nullopt;
  return std::stoll(word);
}

// Both sides may have a file of the same name below their paths.
Error Named(Error error, const std::string& path) {
  error.where.file = path;
  return error;
}

struct Sides {
  std::string first_path, second_path;
  int64_t first = 0, second = 0;
};

// PATH REV1 REV2, or PATH1 PATH2 with --rev for both.
Result<Sides> SidesOf(const Args& args) {
  const auto& words = args.positional();
  if (words.size() == 3) {
    const auto first = AsRevision(words[1]), second = AsRevision(words[2]);
    if (!first || !second) return Fail(Errc::kUsage, "", "diff takes PATH REV1 REV2, or PATH1 PATH2");
    return Sides{words[0], words[0], *first, *second};
  }
  if (AsRevision(words[1]) && Look(words[1]).kind == FileKind::kMissing)
    return Fail(Errc::kUsage, "", "REV2 is missing: etcdmedic diff PATH REV1 REV2");
  const auto revision = RevisionOf(args);
  if (!revision) return tl::make_unexpected(revision.error());
  return Sides{words[0], words[1], *revision, *revision};
}

std::string NameOfCluster(const member::Origin& origin) {
  return origin.cluster_id ? fmt::format("cluster {:x}", *origin.cluster_id) : "another cluster";
}

// Says it before anything else, since nearly every key differs where the clusters do.
bool AreOfTwoClusters(Context& context, const OpenedStore& first, const OpenedStore& second) {
  const member::Origin a = member::OriginOf(first.layout, first.map->bytes()),
                       b = member::OriginOf(second.layout, second.map->bytes());
  if (!member::AreUnrelated(a, b)) return false;
  context.err.Print(
      "etcdmedic: {} is of {}, {} of {}: their revisions have nothing to do with each other, so only values "
      "are compared\n",
      render::Printable(first.layout.given), a.cluster_id ? NameOfCluster(a) : "one cluster",
      render::Printable(second.layout.given), NameOfCluster(b));
  return true;
}

int Run(Context& context, const Args& args) {
  const auto sides = SidesOf(args);
  if (!sides) return Report(context, sides.error());
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  auto first = OpenStore(context, sides->first_path);
  if (!first) return Report(context, first.error());
  auto second = sides->second_path == sides->first_path ? Result<std::unique_ptr<OpenedStore>>(nullptr)
                                                        : OpenStore(context, sides->second_path);
  if (!second) return Report(context, second.error());
  OpenedStore& other = *second ? **second : **first;
  const auto before = mvcc::LiveKeys::Read(*(*first)->store, sides->first);
  if (!before) return Report(context, Named(before.error(), sides->first_path));
  const auto after = mvcc::LiveKeys::Read(*other.store, sides->second);
  if (!after) return Report(context, Named(after.error(), sides->second_path));
  auto objects_before = ValueObjects::Of(context, args, **first);
  if (!objects_before) return Report(context, objects_before.error());
  auto objects_after = ValueObjects::Of(context, args, other);
  if (!objects_after) return Report(context, objects_after.error());
  const Values values = args.Has("--keys-only") ? Values::kNone
                        : args.Has("--values")  ? Values::kAll
                                                : Values::kChangedObjects;
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  objects::RevisionTimes times_before(*(*first)->store, encryption->open),
      times_after(*other.store, encryption->open);
  const bool unrelated = *second && AreOfTwoClusters(context, **first, other);
  Printer printer(context, values, {*objects_before, times_before}, {*objects_after, times_after});
  const int code = Compare(*before, *after, unrelated, *limit, printer) > 0 ? kNotable : kClean;
  const int finished = Finish(context, **first, code);
  return *second ? Finish(context, **second, finished) : finished;
}

}  // namespace

extern const Command kDiff = {
    .name = "diff",
    .positional = "PATH PATH2-OR-REV1 [REV2]",
    .summary = "keys that differ between two revisions or two files; for Kubernetes objects, a diff",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
