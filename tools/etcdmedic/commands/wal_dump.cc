// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "base/secret_mask.h"
#include "check/log_rules.h"
#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "member/follow.h"
#include "proto/walk.h"
#include "render/fit_tables.h"
#include "render/text.h"
#include "text/ascii.h"
#include "views/object_view.h"
#include "views/request_fields.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

std::vector<std::string> Types() {
  std::vector<std::string> types = SplitWords(raft::TypeNames(), ',');
  for (std::string& type : types) type = text::Trim(type);
  return types;
}

constexpr Flag kFlags[] = {
    {"--from", "INDEX", "first raft index to print"},
    {"--to", "INDEX", "last raft index to print"},
    {"--term", "TERM", "only entries of this term"},
    Choice("--type", "TYPE", "only entries of this type, in our words or those of etcd-dump-logs", Types),
    {"--prefix", "KEY", "only requests that name a key with this prefix"},
    {"--segment", "NAME", "only the segment with this in its name"},
    {"--raw", "", "every record with offset and CRC, not only entries"},
    {"--values", "", "print the values that puts carry"},
    {"--k8s", "", "print the Kubernetes objects that puts carry, as YAML below each entry or as \"object\""},
    {"--encryption-config", "FILE", "with --k8s: the API server's EncryptionConfiguration"},
    {"--limit", "N", "stop after N rows"},
    {"--follow", "", "continue with what a running etcd writes, until interrupted"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"wal dump DIR", "every entry of the log"},
    {"wal dump DIR --type txn --prefix /registry/pods/",
     "who wrote pods; an API server writes in transactions"},
    {"wal dump DIR --prefix /registry/pods/default/keepr --k8s",
     "every version of one object that the log holds"},
    {"wal dump DIR --raw -o ndjson", "every record, for a program"},
};

constexpr std::chrono::milliseconds kPollEvery{200};
constexpr int kPatience = 10;  // polls after which half a record is worth a word

struct Filter {
  uint64_t from = 0;
  uint64_t to = std::numeric_limits<uint64_t>::max();
  uint64_t term = 0;
  uint64_t limit = std::numeric_limits<uint64_t>::max();
  std::string type;
  std::string prefix;
  std::string segment;
  bool raw = false;
  bool values = false;
  bool objects = false;

  // Whether anything else than the whole log was asked for, so that finding nothing is worth a word.
  bool Chooses() const {
    return from > 0 || to != UINT64_MAX || term != 0 || !type.empty() || !prefix.empty() || !segment.empty();
  }
};

Result<Filter> ReadFilter(const Args& args) {
  Filter filter;
  for (const auto& [flag, field] : {std::pair("--from", &filter.from), std::pair("--to", &filter.to),
                                    std::pair("--term", &filter.term), std::pair("--limit", &filter.limit)}) {
    auto number = args.Number(flag, *field);
    if (!number) return tl::make_unexpected(number.error());
    *field = *number;
  }
  filter.type = args.Get("--type").value_or("");
  filter.prefix = args.Get("--prefix").value_or("");
  filter.segment = args.Get("--segment").value_or("");
  filter.raw = args.Has("--raw");
  filter.values = args.Has("--values");
  filter.objects = args.Has("--k8s");
  return filter;
}

class Dumper final : public wal::SegmentVisitor {
 public:
  Dumper(Context& context, const Filter& filter, const raft::Log& log, encryption::Decryptor open)
      : context_(context),
        filter_(filter),
        log_(log),
        view_(context, std::move(open), found_),
        table_(context.format == render::Format::kTable) {
    commit_ = log.state ? log.state->commit : 0;
  }

  // Entries are printed as they are read, so their columns have fixed widths: a render::Table would keep a
  // thousand of them back, which --follow cannot wait for.
  void Begin() {
    if (table_) {
      context_.out.Write(filter_.raw ? "OFFSET      TYPE      CRC       TERM   INDEX       CONTENT\n"
                                     : "TERM   INDEX       STATE        REQUEST\n");
    } else if (context_.format != render::Format::kName) {
      rows_out_.emplace(context_.out, context_.format,
                        filter_.raw ? render::ListNames{"records", "record", "records"}
                                    : render::ListNames{"entries", "entry", "entries"});
    }
  }
  void End() {
    if (rows_out_) rows_out_->End();
  }

  // What is read from now on is being written: the log says only later which entries are committed.
  void BeginFollowing() { unknown_ = "appended"; }
  // Says, once all that is there was printed, which of the entries that were appended are committed.
  void NoteCommit() {
    if (first_appended_ == 0 || commit_ < first_appended_) return;
    if (table_ && !filter_.raw) context_.out.Print("-- committed up to entry {}\n", std::min(commit_, last_));
    first_appended_ = commit_ < last_ ? commit_ + 1 : 0;
  }

  void Enter(size_t segment, const std::string& file) {
    segment_ = segment;
    file_ = file;
    if (table_ && filter_.raw) context_.out.Print("-- {}\n", file_);
  }
  uint64_t rows() const { return rows_; }
  bool Done() const { return rows_ >= filter_.limit || context_.out.closed(); }

  void OnRecord(const wal::Record& record) override {
    if (Done()) return;
    raft::Entry entry;
    if (record.type == wal::RecordType::kEntry && raft::ParseEntry(record.data, entry))
      return OnEntry(record, entry);
    raft::HardState state;
    if (record.type == wal::RecordType::kState && raft::ParseHardState(record.data, state))
      commit_ = std::max(commit_, state.commit);  // grows where a log is followed
    if (filter_.raw && EntriesOnly()) return;
    if (filter_.raw) OnOther(record);
  }

  void OnSlack(wal::Slack kind, uint64_t offset, uint64_t length) override {
    if (!filter_.raw || !table_ || length == 0 || EntriesOnly()) return;
    context_.out.Print("{:<11} {} ({} bytes)\n", offset,
                       kind == wal::Slack::kZeroTail ? "zero tail" : "bytes that nobody reads", length);
  }

  void OnDamage(const wal::Damage& damage) override {
    damaged_ = true;
    context_.err.Print("etcdmedic: {} at {}: {} ({} bytes){}\n", file_, damage.offset, NameOf(damage.fault),
                       damage.length, damage.healings.empty() ? "" : "; shown as healed");
    if (table_ && filter_.raw)
      context_.out.Print("{:<11} !! {} ({} bytes)\n", damage.offset, NameOf(damage.fault), damage.length);
    if (!damage.healings.empty() && damage.record) OnRecord(*damage.record);
  }

  bool damaged() const { return damaged_ || view_.damaged() > 0; }
  std::vector<diag::Finding> TakeFound() { return std::exchange(found_.items, {}); }

 private:
  bool EntriesOnly() const {
    return filter_.from != 0 || filter_.to != std::numeric_limits<uint64_t>::max() || filter_.term != 0 ||
           !filter_.type.empty() || !filter_.prefix.empty();
  }

  bool Passes(const raft::Entry& entry, const raft::Request& request) const {
    if (entry.index < filter_.from || entry.index > filter_.to) return false;
    if (filter_.term != 0 && entry.term != filter_.term) return false;
    if (!filter_.type.empty() && !raft::IsOfType(request, filter_.type).value_or(false)) return false;
    if (filter_.prefix.empty()) return true;
    bool found = false;
    raft::ForEachKey(request,
                     [&](Bytes key, Bytes) { found = found || AsText(key).starts_with(filter_.prefix); });
    return found;
  }

  std::string_view StateOf(const wal::Record& record, const raft::Entry& entry) const {
    for (const raft::Overwritten& run : log_.overwritten) {
      if (run.segment == segment_ && entry.index >= run.first && entry.index <= run.last &&
          entry.term == run.term && record.offset >= run.first_offset && record.end() <= run.last_end) {
        return "overwritten";
      }
    }
    return entry.index <= commit_ ? "committed" : unknown_;
  }

  void OnEntry(const wal::Record& record, const raft::Entry& entry) {
    const raft::Request request = raft::DecodeRequest(entry);
    if (!Passes(entry, request)) return;
    ++rows_;
    last_ = entry.index;
    if (entry.index > commit_ && first_appended_ == 0) first_appended_ = entry.index;
    if (rows_out_) return WriteEntry(record, entry, request);
    if (!table_) return PrintName(record, &entry);
    const std::string columns =
        filter_.raw ? fmt::format("{:<11} {:<9} {:08x}  {:<6} {:<11} ", record.offset, "entry", record.crc,
                                  entry.term, entry.index)
                    : fmt::format("{:<6} {:<11} {:<12} ", entry.term, entry.index, StateOf(record, entry));
    const std::string summary =
        raft::Summarize(request, !context_.hides_passwords(), !context_.hides_values());
    std::string cut;
    context_.out.Print("{}{}\n", columns, render::Fitting(summary, columns.size(), cut));
    if (filter_.values) PrintValues(request);
    if (filter_.objects) PrintObjects(record, request);
  }

  std::optional<std::string_view> ObjectOf(const wal::Record& record, Bytes key, Bytes value) {
    return view_.Text(key, value, std::nullopt, {file_, record.offset});
  }

  void PrintObjects(const wal::Record& record, const raft::Request& request) {
    raft::ForEachPut(request, [&](Bytes key, Bytes value) {
      auto object = ObjectOf(record, key, value);
      if (!object) return;
      context_.out.Print("    # {}\n", render::Printable(AsText(key)));
      for (std::string_view rest = *object; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        context_.out.Print("{}{}\n", line.empty() ? "" : "    ", line);
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      }
    });
  }

  void PrintValues(const raft::Request& request) {
    if (request.info == nullptr) return;
    class Values final : public proto::MessageVisitor {
     public:
      Values(render::Output& out, bool hides) : out_(out), hides_(hides) {}
      void OnBytes(const proto::FieldInfo& field, Bytes value) override {
        if (field.role == proto::FieldRole::kKey) key_ = value;
        if (field.role != proto::FieldRole::kValue) return;
        out_.With([&](std::string& out) {
          out += "    ";
          render::AppendPrintable(out, hides_ && IsHiddenValue(key_, value) ? kSecretMask : AsText(value));
          out += '\n';
        });
      }
      void OnBegin(const proto::FieldInfo&) override { key_ = {}; }
      void OnEnd(const proto::FieldInfo&) override { key_ = {}; }

     private:
      render::Output& out_;
      const bool hides_;
      Bytes key_;
    } values(context_.out, context_.hides_values());
    proto::WalkMessage(*request.info, request.body, values);
  }

  // An entry's index, or where a record is.
  void PrintName(const wal::Record& record, const raft::Entry* entry) {
    if (filter_.raw || entry == nullptr)
      return context_.out.Print("{}:{}\n", render::Printable(file_), record.offset);
    context_.out.Print("{}\n", entry->index);
  }

  void WriteRecord(render::Document& document, const wal::Record& record) {
    if (filter_.raw) document.Field("record_type", NameOf(record.type));
    document.Field("file", file_);
    document.Field("offset", record.offset);
    document.Field("size", record.size);
    document.Field("crc", record.crc);
  }

  void WriteEntry(const wal::Record& record, const raft::Entry& entry, const raft::Request& request) {
    rows_out_->Add([&](render::Document& document) {
      WriteRecord(document, record);
      document.Field("index", entry.index);
      document.Field("term", entry.term);
      document.Field("state", StateOf(record, entry));
      document.Field("type", request.kind);
      if (request.info == nullptr) return;
      document.Map("request", [&] {
        RequestFields fields(context_, document, filter_.values);
        if (filter_.objects)
          fields.ShowObjects([&](Bytes key, Bytes value) { return ObjectOf(record, key, value); });
        fields.Write(request);
      });
    });
  }

  static void WriteOther(render::Document& document, const wal::Record& record) {
    raft::HardState state;
    raft::WalSnapshot snapshot;
    raft::Metadata metadata;
    if (record.type == wal::RecordType::kState && raft::ParseHardState(record.data, state)) {
      document.Field("term", state.term);
      document.Id("vote_id", state.vote);
      document.Field("commit", state.commit);
    } else if (record.type == wal::RecordType::kSnapshot && raft::ParseWalSnapshot(record.data, snapshot)) {
      document.Field("index", snapshot.index);
      document.Field("term", snapshot.term);
    } else if (record.type == wal::RecordType::kMetadata && raft::ParseMetadata(record.data, metadata)) {
      document.Id("member_id", metadata.node_id);
      document.Id("cluster_id", metadata.cluster_id);
    } else if (record.type != wal::RecordType::kCrc) {
      document.Field("decoded", false);
    }
  }

  std::string OtherText(const wal::Record& record) const {
    raft::HardState state;
    raft::WalSnapshot snapshot;
    raft::Metadata metadata;
    switch (record.type) {
      case wal::RecordType::kState:
        if (raft::ParseHardState(record.data, state))
          return fmt::format("term={} vote={:x} commit={}", state.term, state.vote, state.commit);
        break;
      case wal::RecordType::kSnapshot:
        if (raft::ParseWalSnapshot(record.data, snapshot))
          return fmt::format("index={} term={}", snapshot.index, snapshot.term);
        break;
      case wal::RecordType::kMetadata:
        if (raft::ParseMetadata(record.data, metadata))
          return fmt::format("node={:x} cluster={:x}", metadata.node_id, metadata.cluster_id);
        break;
      default:
        return {};
    }
    return fmt::format("{} bytes that do not decode", record.data.size());
  }

  void OnOther(const wal::Record& record) {
    ++rows_;
    if (table_) {
      context_.out.Print("{:<11} {:<9} {:08x}  {:<6} {:<11} {}\n", record.offset, NameOf(record.type),
                         record.crc, "", "", OtherText(record));
      return;
    }
    if (!rows_out_) return PrintName(record, nullptr);
    rows_out_->Add([&](render::Document& document) {
      WriteRecord(document, record);
      WriteOther(document, record);
    });
  }

  Context& context_;
  const Filter& filter_;
  const raft::Log& log_;
  diag::FindingList found_;
  ObjectView view_;
  std::optional<render::ListDocument> rows_out_;
  const bool table_;
  uint64_t commit_ = 0;
  std::string_view unknown_ = "uncommitted";  // the state of an entry that is not known to be committed
  uint64_t first_appended_ = 0;               // the first that was printed so; 0: none
  uint64_t last_ = 0;                         // the last that was printed
  size_t segment_ = 0;
  std::string file_;
  uint64_t rows_ = 0;
  bool damaged_ = false;
};

// Prints what is written to the last segment from its beginning on, until nobody reads any more.
int Follow(Context& context, const member::MemberState& state, Dumper& dumper) {
  const std::string& path = state.layout.segments.back().path;
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
  member::LogFollower follower(folder, path.substr(slash + 1));
  int half = 0;
  dumper.BeginFollowing();
  while (!dumper.Done()) {
    auto seen = follower.Poll(
        dumper, [&](const std::string& file) { dumper.Enter(state.log.segments.size(), file); });
    if (!seen) return Report(context, seen.error());
    half = *seen == member::LogFollower::Seen::kHalf ? half + 1 : 0;
    if (half == kPatience) {
      context.err.Print("etcdmedic: {} at {}: there is no complete record; waiting\n", follower.file(),
                        follower.offset());
      context.err.Flush();
    }
    NoteFindings(context, dumper.TakeFound());
    if (*seen == member::LogFollower::Seen::kRecords) continue;
    dumper.NoteCommit();
    context.out.Flush();
    std::this_thread::sleep_for(kPollEvery);
  }
  NoteFindings(context, dumper.TakeFound());
  return dumper.damaged() ? kDamaged : kClean;
}

Result<void> CheckFollow(const Context& context, const member::MemberState& state) {
  const std::string& given = state.layout.given;
  if (context.format != render::Format::kTable && context.format != render::Format::kNdjson)
    return Fail(Errc::kUsage, given,
                "--follow prints a table or NDJSON: the other documents would have no end");
  if (state.layout.segments.empty()) return Fail(Errc::kUnsupported, given, "has no segment to follow");
  const std::string& last = state.layout.segments.back().path;
  if (!last.ends_with(".wal") || last.starts_with("/proc/"))
    return Fail(Errc::kUnsupported, given, "cannot be followed: a directory or a segment can");
  return {};
}

int Run(Context& context, const Args& args) {
  auto filter = ReadFilter(args);
  if (!filter) return Report(context, filter.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  auto state = LoadLog(LayoutOf(args));
  if (!state) return Report(context, state.error());
  const int unopened = NoteUnopened(context, *state);
  NoteRunning(context, state->in_use);
  const bool follow = args.Has("--follow");
  if (auto can = CheckFollow(context, *state); follow && !can) return Report(context, can.error());
  Dumper dumper(context, *filter, state->log, encryption->open);
  dumper.Begin();
  const size_t whole = state->log.segments.size() - (follow ? 1 : 0);
  for (size_t i = 0; i < whole && !dumper.Done(); ++i) {
    const raft::Segment& segment = state->log.segments[i];
    if (segment.file.find(filter->segment) == std::string::npos) continue;
    dumper.Enter(i, segment.file);
    ReadSegmentAgain(*state, i, dumper);
  }
  if (follow) return Follow(context, *state, dumper);
  dumper.End();
  NoteFindings(context, dumper.TakeFound());
  const bool nothing = dumper.rows() == 0 && filter->Chooses();
  return (dumper.damaged() ? kDamaged : kClean) | (nothing ? kNotable : kClean) | unopened;
}

}  // namespace

extern const Command kWalDump = {
    .name = "wal dump",
    .positional = "PATH...",
    .summary = "the log's entries, or with --raw every record",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
