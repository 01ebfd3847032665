// SPDX-License-Identifier: Apache-2.0
#include "raft/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "base/parallel.h"
#include "base/path.h"
#include "base/progress.h"

namespace etcdmedic::raft {
namespace {

class SegmentBuilder final : public wal::SegmentVisitor {
 public:
  SegmentBuilder(Segment& segment, uint32_t position, EntryVisitor* visitor)
      : segment_(segment), position_(position), visitor_(visitor) {
    if (visitor_ != nullptr) visitor_->BeginSegment(position);
  }

  void OnRecord(const wal::Record& record) override {
    Count(record);
    if (!record.proven) {
      Odd(diag::Code::kWalRecordUnproven, record, "the first record after lost bytes");
    }
    if (record.padding_dirty) Odd(diag::Code::kWalPaddingDirty, record, "its CRC does not cover padding");
    Understand(record);
  }

  void OnSlack(wal::Slack kind, uint64_t offset, uint64_t length) override {
    if (length > 0) segment_.slack.push_back({kind, offset, length});
  }

  void OnDamage(const wal::Damage& damage) override {
    segment_.damages.push_back(damage);
    if (damage.healings.empty() || !damage.record) return;
    Count(*damage.record);
    Understand(*damage.record);
  }

 private:
  void Count(const wal::Record& record) {
    const auto type = static_cast<uint64_t>(record.type);
    const size_t at = type < segment_.record_count.size() ? type : 0;
    ++segment_.record_count[at];
    segment_.largest_frame = std::max(segment_.largest_frame, record.size);
    segment_.record_bytes[at] += record.size;
  }

  void Odd(diag::Code code, const wal::Record& record, std::string message) {
    constexpr size_t kMostAnomalies = 10'000;  // more add nothing
    if (segment_.anomalies.size() < kMostAnomalies) {
      segment_.anomalies.push_back({code, record.offset, record.size, std::move(message)});
    }
  }

  void Understand(const wal::Record& record) {
    switch (record.type) {
      case wal::RecordType::kEntry:
        return OnEntry(record);
      case wal::RecordType::kState:
        return OnState(record);
      case wal::RecordType::kSnapshot:
        return OnSnapshot(record);
      case wal::RecordType::kMetadata:
        return OnMetadata(record);
      case wal::RecordType::kCrc:
        return;
    }
    Odd(diag::Code::kWalRecordType, record, fmt::format("type {}", static_cast<int64_t>(record.type)));
  }

  void OnEntry(const wal::Record& record) {
    Entry entry;
    if (!ParseEntry(record.data, entry)) {
      return Odd(diag::Code::kRaftEntryMalformed, record, "the record's data is not a raft entry");
    }
    if (entry.type < EntryType::kNormal || entry.type > EntryType::kConfChangeV2) {
      Odd(diag::Code::kRaftEntryType, record, fmt::format("type {}", static_cast<int32_t>(entry.type)));
    }
    OnRequest(entry, record);
    Run* run = segment_.runs.empty() ? nullptr : &segment_.runs.back();
    if (run != nullptr && entry.index == run->last + 1 && entry.term == run->term) {
      run->last = entry.index;
      run->last_end = record.end();
    } else {
      segment_.runs.push_back({entry.index, entry.index, entry.term, position_, record.offset, record.end()});
    }
    if (entry.type != EntryType::kNormal || entry.data.empty()) {
      segment_.marks.push_back(
          {entry.index, entry.term, entry.type, std::string(AsText(entry.data)), position_, record.offset});
    }
  }

  void OnRequest(const Entry& entry, const wal::Record& record) {
    const Request request = DecodeRequest(entry);
    if (request.form == RequestForm::kUndecodable) {
      segment_.last_undecodable = entry.index;
      Odd(diag::Code::kRaftEntryMalformed, record, "the entry's request does not decode");
    }
    if (visitor_ != nullptr) visitor_->OnEntry(position_, record.offset, entry, request);
    const auto v2 = AsV2(request);
    if (v2) NoteV2(entry.index, *v2, v2->OfCluster() ? segment_.v2_cluster : segment_.v2_client);
    if (SetsAttributes(request)) segment_.last_attributes = entry.index;
    const std::string_view version = ClusterVersionOf(request);
    if (version.empty()) return;
    segment_.cluster_version = VersionMark{entry.index, std::string(version)};
    if (v2) segment_.v2_cluster_version = segment_.cluster_version;
  }

  static void NoteV2(uint64_t index, const V2Request& request, V2Requests& noted) {
    constexpr size_t kPathsKept = 3;
    if (noted.count++ == 0) noted.first = index;
    noted.last = index;
    const bool writes = request.method == "PUT" || request.method == "POST" || request.method == "DELETE";
    if (writes && noted.writes++ < kPathsKept) noted.paths.emplace_back(request.path);
  }

  void OnState(const wal::Record& record) {
    HardState state;
    if (!ParseHardState(record.data, state)) {
      return Odd(diag::Code::kRaftEntryMalformed, record, "the record's data is not a HardState");
    }
    const StateMark mark{state, record.offset};
    const auto& last = segment_.last_state;
    if (!last || last->state.term != state.term || last->state.vote != state.vote)
      segment_.states.push_back(mark);
    if (last && (state.term < last->state.term || state.commit < last->state.commit)) {
      Odd(diag::Code::kRaftStateBackwards, record,
          fmt::format("term {} commit {} after term {} commit {}", state.term, state.commit, last->state.term,
                      last->state.commit));
    }
    if (!segment_.first_state) segment_.first_state = mark;
    segment_.last_state = mark;
  }

  void OnSnapshot(const wal::Record& record) {
    WalSnapshot snapshot;
    if (!ParseWalSnapshot(record.data, snapshot)) {
      return Odd(diag::Code::kRaftEntryMalformed, record, "the record's data is not a snapshot record");
    }
    segment_.snapshots.push_back(
        {snapshot.index, snapshot.term,
         snapshot.conf_state ? std::string(AsText(*snapshot.conf_state)) : std::string(), position_,
         record.offset});
  }

  void OnMetadata(const wal::Record& record) {
    Metadata metadata;
    if (!ParseMetadata(record.data, metadata)) {
      return Odd(diag::Code::kRaftEntryMalformed, record, "the record's data is not metadata");
    }
    if (segment_.metadata && *segment_.metadata != metadata) {
      Odd(diag::Code::kWalMetadataConflict, record, "a second metadata record names another member");
    }
    segment_.metadata = metadata;
    segment_.metadata_bytes = AsText(record.data);
  }

  Segment& segment_;
  const uint32_t position_;
  EntryVisitor* const visitor_;
};

Segment ReadOne(const SegmentInput& input, uint32_t position, const wal::SegmentOptions& options,
                EntryVisitor* visitor) {
  Segment segment;
  segment.file = input.file;
  segment.size = input.bytes.size();
  segment.bytes = input.bytes;
  segment.name = wal::ParseSegmentName(BaseName(input.file));
  SegmentBuilder builder(segment, position, visitor);
  segment.chain = wal::ReadSegment(input.bytes, options, builder);
  Progress::Add(input.bytes.size());
  if (input.mapping != nullptr) input.mapping->ReleasePages();
  return segment;
}

void ReadInParallel(const std::vector<SegmentInput>& inputs, unsigned threads, EntryVisitor* visitor,
                    std::vector<Segment>& segments) {
  std::atomic<uint32_t> next{0};
  const size_t parts = PartsOf(inputs.size(), 1, threads);
  InParallel(parts, parts, [&](size_t, size_t, size_t) {
    for (uint32_t i = next++; i < inputs.size(); i = next++)
      segments[i] = ReadOne(inputs[i], i, {std::nullopt, i + 1 == inputs.size()}, visitor);
  });
}

// A segment whose start is in doubt is read again from what the one before it ended with.
void ReadDoubtfulAgain(const std::vector<SegmentInput>& inputs, EntryVisitor* visitor,
                       std::vector<Segment>& segments) {
  for (uint32_t i = 0; i < segments.size(); ++i) {
    std::optional<uint32_t> seed;
    if (i > 0 && segments[i - 1].chain.end_proven) seed = segments[i - 1].chain.end_crc;
    if (i == 0 && segments[0].name && segments[0].name->sequence == 0) seed = 0;
    if (!seed) continue;
    const bool fits = segments[i].chain.first_crc == seed;
    if (fits && segments[i].damages.empty()) continue;
    segments[i] = ReadOne(inputs[i], i, {seed, i + 1 == segments.size()}, visitor);
  }
}

Overwritten ReplacedBy(const Run& lost, const Run& run) {
  return {{lost}, run.term, run.segment, run.first_offset, run.first};
}

// Appends `run` as etcd's reader does: it drops everything from run.first on.
void Append(Log& log, Run run) {
  auto& kept = log.surviving;
  while (!kept.empty() && kept.back().first >= run.first) {
    log.overwritten.push_back(ReplacedBy(kept.back(), run));
    kept.pop_back();
  }
  if (!kept.empty() && kept.back().last >= run.first) {
    Run lost = kept.back();
    lost.first = run.first;
    log.overwritten.push_back(ReplacedBy(lost, run));
    kept.back().last = run.first - 1;
  }
  kept.push_back(run);
}

std::optional<Metadata> MetadataOfMost(const std::vector<Segment>& segments) {
  const auto like = [&](const Segment& segment) {
    return segment.metadata ? std::ranges::count(segments, segment.metadata, &Segment::metadata) : 0;
  };
  const auto most = std::ranges::max_element(segments, {}, like);
  return most == segments.end() ? std::nullopt : most->metadata;
}

// etcd reads nothing of a segment of another member. What says where its bytes are stays.
void Disown(Segment& segment) {
  Segment bare;
  bare.file = std::move(segment.file);
  bare.size = segment.size;
  bare.bytes = segment.bytes;
  bare.name = segment.name;
  bare.chain = segment.chain;
  bare.damages = std::move(segment.damages);
  bare.slack = std::move(segment.slack);
  bare.anomalies = std::move(segment.anomalies);
  bare.metadata = segment.metadata;
  bare.metadata_bytes = std::move(segment.metadata_bytes);
  bare.largest_frame = segment.largest_frame;
  bare.record_count = segment.record_count;
  bare.record_bytes = segment.record_bytes;
  bare.foreign = true;
  segment = std::move(bare);
}

}  // namespace

uint64_t Log::ContiguousFrom(uint64_t from) const {
  uint64_t next = from;
  for (const Run& run : surviving) {
    if (run.last < next) continue;
    if (run.first > next) break;
    next = run.last + 1;
  }
  return next - 1;
}

std::optional<uint64_t> Log::TermAt(uint64_t index) const {
  for (const Run& run : surviving) {
    if (run.first <= index && index <= run.last) return run.term;
  }
  return std::nullopt;
}

Log ReadLog(const std::vector<SegmentInput>& inputs, unsigned threads, EntryVisitor* visitor) {
  Log log;
  log.segments.resize(inputs.size());
  if (visitor != nullptr) visitor->Begin(inputs.size());
  uint64_t bytes = 0;
  for (const SegmentInput& input : inputs) bytes += input.bytes.size();
  Progress::Begin("reading the log", bytes);
  ReadInParallel(inputs, threads, visitor, log.segments);
  ReadDoubtfulAgain(inputs, visitor, log.segments);
  log.metadata = MetadataOfMost(log.segments);
  for (Segment& segment : log.segments) {
    if (segment.metadata && segment.metadata != log.metadata) Disown(segment);
    for (const Run& run : segment.runs) Append(log, run);
    if (segment.last_state) log.state = segment.last_state->state;
    log.snapshots.insert(log.snapshots.end(), segment.snapshots.begin(), segment.snapshots.end());
  }
  return log;
}

std::string NameEntries(uint64_t first, uint64_t last) {
  return first == last ? fmt::format("entry {}", first) : fmt::format("entries {} to {}", first, last);
}

std::optional<std::vector<size_t>> ChainOrder(const Log& log) {
  std::map<uint32_t, size_t> by_seed;
  for (size_t i = 0; i < log.segments.size(); ++i) {
    const auto& chain = log.segments[i].chain;
    if (!chain.first_crc || !by_seed.emplace(*chain.first_crc, i).second) return std::nullopt;
  }
  std::vector<bool> is_next(log.segments.size(), false);
  for (const Segment& segment : log.segments) {
    const auto next = by_seed.find(segment.chain.end_crc);
    if (segment.chain.end_proven && next != by_seed.end()) is_next[next->second] = true;
  }
  const auto first = std::ranges::find(is_next, false);
  if (first == is_next.end()) return std::nullopt;
  std::vector<size_t> order{static_cast<size_t>(first - is_next.begin())};
  std::vector<bool> seen(log.segments.size(), false);
  seen[order.front()] = true;
  while (order.size() < log.segments.size()) {
    const auto next = by_seed.find(log.segments[order.back()].chain.end_crc);
    if (next == by_seed.end() || seen[next->second]) return std::nullopt;
    seen[next->second] = true;
    order.push_back(next->second);
  }
  return order;
}

}  // namespace etcdmedic::raft
