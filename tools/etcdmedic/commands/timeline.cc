// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "base/async_consumer.h"
#include "cli/flags.h"
#include "diag/naming_sink.h"
#include "inputs/key_space.h"
#include "inputs/log_records.h"
#include "kubectl/resource_name.h"
#include "objects/key_filter.h"
#include "objects/object_fields.h"
#include "render/table.h"
#include "render/text.h"
#include "text/time.h"
#include "text/utf8.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--namespace", "NAMESPACE", "objects of this namespace (default: all)", 'n'},
    {"--prefix", "PREFIX", "only keys that begin with PREFIX"},
    {"--since", "WHEN", "from this revision on, or this time: 2026-11-24T05:04:02Z"},
    {"--until", "WHEN", "up to this revision, or this time"},
    {"--fields", "", "which fields of an object changed"},
    {"--limit", "N", "stop after N changes"},
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"timeline DIR --since 2780 --limit 20", "what changed, in order"},
    {"timeline DIR deploy,rs,pods -n demo --fields", "and in which fields"},
    {"timeline DIR --prefix /registry/leases/ --since 2026-11-24T05:11:20Z", "keys, from a time on"},
};

constexpr size_t kShownFields = 4;  // in tables

struct Change {
  mvcc::Revision revision;
  bool tombstone = false;
  bool in_log = false;  // the backend does not hold it
  mvcc::KeyValue kv;
  objects::TimeSpan when;
  std::optional<mvcc::KeyValue> before;  // with --fields
};

std::string_view VerbOf(const Change& change) {
  if (change.tombstone) return "delete";
  return change.kv.version == 1 ? "create" : "update";
}

// Which changes are wanted.
struct Asked {
  std::string prefix;
  objects::KeyFilter filter;
  int64_t first = 1, last = INT64_MAX;
  uint64_t limit = 0;
  bool fields = false;
};

class Printer {
 public:
  Printer(Context& context, const kubectl::Registry& registry, const encryption::Decryptor& open, bool fields)
      : context_(context), registry_(registry), stored_(open), fields_(fields) {
    constexpr auto kRightAlign = render::Align::kRight;
    std::vector<render::Column> columns{{"REVISION", kRightAlign}, {"TIME"}, {"VERB"},
                                        {"SIZE", kRightAlign},     {"KIND"}, {"NAME"}};
    if (fields) columns.push_back({"FIELDS"});
    if (context.format == render::Format::kTable)
      table_.emplace(context.out, std::move(columns));
    else if (!ForPeople(context))
      list_.emplace(context.out, context.format, render::ListNames{"timeline", "timeline-change", "changes"});
  }

  void Print(const Change& change) {
    const bool text = text::IsUtf8(change.kv.key);
    const auto object = text ? registry_.Parse(change.kv.key) : std::nullopt;
    if (table_) return AddRow(change, object);
    if (!list_) return context_.out.Print("{}\n", render::Printable(change.kv.key));
    list_->Add([&](render::Document& document) { Write(document, change, object); });
  }

  void End() {
    if (table_) table_->Flush();
    if (list_) list_->End();
  }

  // Changes whose fields are not known since what was stored is encrypted.
  uint64_t closed() const { return closed_; }

 private:
  using Object = std::optional<kubectl::RegistryKey>;
  enum class Reading : uint8_t { kObject, kClosed, kOther };  // of a value; kClosed: encrypted

  static std::string KindOf(const kubectl::RegistryKey& key) {
    return key.resource != nullptr ? key.resource->kind : kubectl::ResourceNameOf(key);
  }

  void AddRow(const Change& change, const Object& object) {
    table_->Cell(TextOf(change.revision));
    table_->Cell(TimeOf(change.when));
    table_->Cell(VerbOf(change));
    if (change.tombstone)
      table_->Cell("-");
    else
      table_->Cell(change.kv.value.size());
    table_->Cell(object ? KindOf(*object) : "-");
    if (object && !object->namespace_name.empty())
      table_->Cell(fmt::format("{}/{}", object->namespace_name, object->name));
    else
      table_->Cell(object ? object->name : change.kv.key);
    if (fields_) table_->Cell(ShownFields(ChangedIn(change)));
    table_->EndRow();
  }

  void Write(render::Document& document, const Change& change, const Object& object) {
    document.Field("revision", change.revision.main);
    document.Field("sub_revision", change.revision.sub);
    document.Field("verb", VerbOf(change));
    document.Field("key", change.kv.key);
    if (object) {
      document.Field("kind", KindOf(*object));
      document.FieldIf("namespace", object->namespace_name);
      document.Field("name", object->name);
    }
    WriteTimes(document, change.when);
    if (!change.tombstone) {
      document.Field("version", change.kv.version);
      document.Field("value_size", change.kv.value.size());
    }
    if (change.in_log) document.Field("only_in_log", true);
    if (fields_ && change.before) document.Texts("changed_fields", ChangedIn(change));
  }

  // Consecutive changes have mostly the same time.
  const std::string& TimeOf(const objects::TimeSpan& when) {
    if (when != last_when_ || last_time_.empty()) last_time_ = IntervalCell(when);
    last_when_ = when;
    return last_time_;
  }

  std::vector<std::string> ChangedIn(const Change& change) {
    if (!change.before) return {};
    const Reading before = Read(*change.before, before_, before_tree_);
    const Reading after = Read(change.kv, after_, after_tree_);
    if (before == Reading::kClosed || after == Reading::kClosed) ++closed_;
    if (before != Reading::kObject || after != Reading::kObject) return {};
    return objects::ChangedFields(before_tree_.root(), after_tree_.root());
  }

  Reading Read(const mvcc::KeyValue& kv, std::string& plain, text::ObjectTree& tree) {
    const objects::StoredObjects::Value value = stored_.Open(kv.key, AsBytes(kv.value));
    if (value.closed()) return Reading::kClosed;
    if (!value.is_object()) return Reading::kOther;
    plain = AsText(value.bytes);
    diag::NoSink ignored;
    objects::DecodeStored(kv.key, AsBytes(plain), {}, tree, {}, ignored);
    return Reading::kObject;
  }

  static std::string ShownFields(std::span<const std::string> fields) {
    std::string shown =
        fmt::format("{}", fmt::join(fields.first(std::min(fields.size(), kShownFields)), ", "));
    if (fields.size() > kShownFields) shown += fmt::format(" and {} more", fields.size() - kShownFields);
    return shown;
  }

  Context& context_;
  const kubectl::Registry& registry_;
  objects::StoredObjects stored_;
  const bool fields_;
  std::optional<render::Table> table_;
  std::optional<render::ListDocument> list_;
  objects::TimeSpan last_when_;
  std::string last_time_;
  uint64_t closed_ = 0;
  std::string before_, after_;
  text::ObjectTree before_tree_, after_tree_;
};

// Brings together what the backend and what only the log holds, in the order of revisions.
class Merger {
 public:
  Merger(const mvcc::EntryTable& table, std::span<const replay::Record> records, const Asked& asked,
         const kubectl::Registry& registry, objects::TimeTable& times)
      : table_(table), records_(records), asked_(asked), registry_(registry), times_(times) {}

  // Calls `each` for every change that is wanted until it gives false; gives how many there were.
  template <class Each>
  uint64_t ForEach(const Each& each) {
    size_t record = 0;
    bool more = true;
    for (uint32_t entry = 0; entry < table_.size() && more; ++entry) {
      if (entry + kAhead < table_.size()) table_.Prefetch(entry + kAhead);
      const auto id = mvcc::ParseRevisionKey(table_.KeyAt(entry));
      if (!id) continue;
      for (; more && record < records_.size() && records_[record].revision < id->revision; ++record)
        more = Offer(OfLog(records_[record]), kNoEntry, each);
      if (record < records_.size() && records_[record].revision == id->revision) ++record;
      if (!more || id->revision.main > asked_.last) break;
      Change change{id->revision, id->tombstone, false, {}, {}, {}};
      if (mvcc::ParseKeyValue(table_.ValueAt(entry), change.kv)) more = Offer(change, entry, each);
    }
    for (; more && record < records_.size(); ++record) more = Offer(OfLog(records_[record]), kNoEntry, each);
    return count_;
  }

 private:
  static constexpr uint32_t kAhead = 16;
  static constexpr uint32_t kNoEntry = UINT32_MAX;

  static Change OfLog(const replay::Record& record) {
    return {record.revision, record.tombstone, true, record.kv, {}, {}};
  }

  template <class Each>
  bool Offer(Change change, uint32_t entry, const Each& each) {
    if (!Wanted(change.kv.key)) return true;
    if (asked_.fields) Remember(change);
    if (change.revision.main < asked_.first || change.revision.main > asked_.last) return true;
    change.when = entry == kNoEntry || change.revision.sub != 0 ? times_.Of(change.revision.main)
                                                                : times_.Of(change.revision.main, entry);
    ++count_;
    return each(change) && count_ != asked_.limit;
  }

  bool Wanted(std::string_view key) const {
    if (!key.starts_with(asked_.prefix)) return false;
    if (asked_.filter.all()) return true;
    const auto object = registry_.Parse(key);
    return object && asked_.filter.Matches(*object);
  }

  // What the key held before.
  void Remember(Change& change) {
    if (change.tombstone) return static_cast<void>(newest_.erase(change.kv.key));
    const auto [place, is_new] = newest_.try_emplace(change.kv.key, change.kv);
    if (is_new) return;
    change.before = place->second;
    place->second = change.kv;
  }

  const mvcc::EntryTable& table_;
  const std::span<const replay::Record> records_;
  const Asked& asked_;
  const kubectl::Registry& registry_;
  objects::TimeTable& times_;
  uint64_t count_ = 0;
  std::unordered_map<std::string_view, mvcc::KeyValue> newest_;
};

// The revision that a bound means. `first`: the bound is the first that is wanted, and not the last.
Result<int64_t> BoundOf(const std::string& typed, bool first, objects::WriteClock& clock) {
  if (!typed.empty() && typed.find_first_not_of("0123456789") == std::string::npos)
    return ParseRevision(typed);
  const auto time = text::ParseTime(typed);
  if (!time)
    return Fail(Errc::kUsage, "",
                fmt::format("{} is neither a revision nor a time such as 2026-11-24T05:04:02Z",
                            typed.empty() ? "an empty text" : typed));
  const auto at = clock.At(time->seconds);
  if (!at) return tl::make_unexpected(at.error());
  return first ? at->before + 1 : at->after.value_or(INT64_MAX) - 1;
}

Result<Asked> AskedOf(const Args& args, objects::ObjectNames& names, objects::WriteClock& clock) {
  Asked asked;
  asked.prefix = args.Get("--prefix").value_or("");
  asked.fields = args.Has("--fields");
  const auto limit = args.Number("--limit", 0);
  if (!limit) return tl::make_unexpected(limit.error());
  asked.limit = *limit;
  for (const bool first : {true, false}) {
    const auto typed = args.Get(first ? "--since" : "--until");
    if (!typed) continue;
    const auto bound = BoundOf(*typed, first, clock);
    if (!bound) return tl::make_unexpected(bound.error());
    (first ? asked.first : asked.last) = *bound;
  }
  const objects::ObjectRequest request{.words = std::span(args.positional()).subspan(1),
                                       .namespace_name = args.Get("--namespace")};
  if (!request.words.empty()) {
    if (auto learnt = names.LearnDefinitions(0); !learnt) return tl::make_unexpected(learnt.error());
  }
  using Filter = objects::KeyFilter;
  auto filter = Filter::Parse(request, names.resources(), Filter::Unsaid::kEveryNamespace);
  if (!filter) return tl::make_unexpected(filter.error());
  asked.filter = std::move(*filter);
  return asked;
}

// What compaction has taken of the revisions that are asked for, and the log does not give back.
void NoteCompacted(Context& context, const KeySpace& space, const replay::LogChanges& changes,
                   const Asked& asked) {
  const int64_t compacted = space.store().compact_revision();
  if (compacted == 0 || asked.first > compacted) return;
  if (!changes.records.empty() && changes.records.front().revision.main <= compacted) return;
  if (changes.unplaced_first == 0)
    context.err.Print(
        "etcdmedic: revisions before {} are compacted: of them only what still existed then is shown\n",
        compacted);
  else
    context.err.Print(
        "etcdmedic: revisions before {} are compacted; what the log still holds of them (entries {} to {}) "
        "is not shown, since it does not begin with the first entry: `etcdmedic wal dump` lists it\n",
        compacted, changes.unplaced_first, changes.unplaced_last);
}

int Run(Context& context, const Args& args) {
  const auto opened = OpenKeySpace(context, args, Unapplied::kShown);
  if (!opened) return Report(context, opened.error());
  KeySpace& space = **opened;
  objects::WriteClock clock(space.store(), space.stored);
  const auto asked = AskedOf(args, space.names, clock);
  if (!asked) return Report(context, asked.error());
  const auto log = ReadLogRecords(*space.opened);
  if (!log) return Report(context, log.error());
  const auto table = mvcc::EntryTable::Read(space.store().view(), "key");
  if (!table) return Report(context, table.error());
  objects::TimeTable times(*table, space.encryption.open);
  Printer printer(context, space.names.registry(), space.encryption.open, asked->fields);
  AsyncConsumer<Change> printed([&](const Change& change) { printer.Print(change); });
  Merger merger(*table, log->changes.records, *asked, space.names.registry(), times);
  const auto go_on = [&] { return !context.out.closed(); };
  const uint64_t count = merger.ForEach([&](const Change& change) { return printed.Add(change, go_on); });
  printed.Finish();
  printer.End();
  context.out.Flush();
  NoteCompacted(context, space, log->changes, *asked);
  if (count == 0)
    context.err.Print("etcdmedic: no change found; revisions from {} on are retained\n",
                      space.store().oldest_revision());
  const int closed = NoteClosed(context, printer.closed());
  return Finish(context, *space.opened, (count == 0 ? kNotable : kClean) | closed);
}

}  // namespace

extern const Command kTimeline = {
    .name = "timeline",
    .positional = "PATH [KIND[,KIND] [NAME...] | KIND/NAME...]",
    .summary = "all changes in order: when, which object, what was done",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
