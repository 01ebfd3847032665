// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "cli/flags.h"
#include "objects/space_use.h"
#include "render/text.h"
#include "views/rows.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    Choice("--by", "WHAT", "what is counted together (default: segment)",
           [] { return SplitWords("segment|type|prefix"); }),
    {"--depth", "N", "how many parts of a key make its prefix (default 3)"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"wal stat DIR --by type", "what fills the log"},
};

struct Tally {
  uint64_t count = 0;
  uint64_t bytes = 0;
  uint64_t largest = 0;
  void Add(uint64_t size) {
    ++count;
    bytes += size;
    largest = std::max(largest, size);
  }
};

constexpr size_t kLongestPrefix = 120;  // of a key in a table

// A file and a type of record; or a type of request or a prefix alone.
using Group = std::pair<std::string, std::string>;
using Tallies = std::map<Group, Tally>;

// A key without a slash whole.
std::string PrefixOf(std::string_view key, uint64_t depth) {
  const std::string_view folder = objects::FolderOf(key, depth);
  return std::string(folder.empty() ? key : folder);
}

class Counter final : public wal::SegmentVisitor {
 public:
  Counter(Tallies& tallies, std::string by, uint64_t depth)
      : tallies_(tallies), by_(std::move(by)), depth_(depth) {}

  void Enter(std::string segment) { segment_ = std::move(segment); }

  void OnRecord(const wal::Record& record) override {
    if (by_ == "segment") return tallies_[{segment_, std::string(NameOf(record.type))}].Add(record.size);
    raft::Entry entry;
    if (record.type != wal::RecordType::kEntry || !raft::ParseEntry(record.data, entry)) return;
    const raft::Request request = raft::DecodeRequest(entry);
    if (by_ == "type") return tallies_[{std::string(request.kind), ""}].Add(record.size);
    bool first = true;
    raft::ForEachKey(request, [&](Bytes key, Bytes) {
      // An entry is counted once, under the first key that it names.
      if (first) tallies_[{PrefixOf(AsText(key), depth_), ""}].Add(record.size);
      first = false;
    });
  }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage& damage) override {
    damaged_ = true;
    if (!damage.healings.empty() && damage.record) OnRecord(*damage.record);
  }
  bool damaged() const { return damaged_; }

 private:
  Tallies& tallies_;
  const std::string by_;
  const uint64_t depth_;
  std::string segment_;
  bool damaged_ = false;
};

using Row = std::pair<Group, Tally>;

void Print(Context& context, const Tallies& tallies, const std::string& by) {
  std::vector<Row> rows(tallies.begin(), tallies.end());
  const bool files = by == "segment";
  if (!files)
    std::ranges::stable_sort(rows, std::greater<>(), [](const Row& row) { return row.second.bytes; });
  Rows out(context, {"wal-stat", "wal-stat-group", "groups"},
           {{files ? "file" : std::string_view(by)},
            {"record_type"},
            {"record_count", "COUNT", kRight},
            {"size", "BYTES", kRight},
            {"", "MEAN", kRight},
            {"largest_size", "LARGEST", kRight},
            {"", files          ? "SEGMENT AND RECORD"
                 : by == "type" ? "TYPE"
                                : "PREFIX"}},
           [&](render::Document& document) { document.Field("by", by); });
  for (const auto& [group, tally] : rows) {
    const auto& [name, type] = group;
    out.Add({name, TextCell(type), tally.count, tally.bytes, tally.bytes / std::max<uint64_t>(tally.count, 1),
             tally.largest, render::Shorten(files ? name + " " + type : name, kLongestPrefix)});
  }
}

int Run(Context& context, const Args& args) {
  const std::string by = args.Get("--by").value_or("segment");
  auto depth = args.Number("--depth", 3);
  if (!depth) return Report(context, depth.error());
  auto state = LoadLog(LayoutOf(args));
  if (!state) return Report(context, state.error());
  const int unopened = NoteUnopened(context, *state);
  NoteRunning(context, state->in_use);
  Tallies tallies;
  Counter counter(tallies, by, *depth);
  for (size_t i = 0; i < state->log.segments.size(); ++i) {
    counter.Enter(state->log.segments[i].file);
    ReadSegmentAgain(*state, i, counter);
  }
  Print(context, tallies, by);
  return (counter.damaged() ? kDamaged : kClean) | unopened;
}

}  // namespace

extern const Command kWalStat = {
    .name = "wal stat",
    .positional = "PATH...",
    .summary = "counts and bytes by segment, type or key prefix",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
