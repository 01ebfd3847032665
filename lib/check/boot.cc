// SPDX-License-Identifier: Apache-2.0
#include "check/boot.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "check/backend.h"
#include "check/log_rules.h"
#include "check/permissions.h"
#include "check/sound_log.h"
#include "wal/etcd_decoder.h"

namespace etcdmedic::check {
namespace {

using wal::DecodeEnd;

struct WalSnapshotKey {
  uint64_t term = 0;
  uint64_t index = 0;
  friend bool operator==(const WalSnapshotKey&, const WalSnapshotKey&) = default;
};

// What ReadAll gives back, as far as the start depends on it.
struct ReadOutcome {
  wal::Decoded stop;
  bool gap = false;       // "slice bounds out of range"
  bool conflict = false;  // metadata differ
  bool mismatch = false;  // snapshot record with another term
  uint64_t gap_index = 0;
  std::optional<raft::HardState> state;
  uint64_t first = 0;  // of the entries behind the snapshot, 0 for none
  uint64_t last = 0;
};

class Boot {
 public:
  Boot(const MemberState& state, EtcdVersion version) : state_(state), version_(version) {
    rules_.limit_by_file_size = version >= EtcdVersion{3, 5};
    rules_.tells_position = version >= EtcdVersion{3, 6};
    for (const raft::Segment& segment : state.log.segments) {
      if (segment.name) segments_.push_back(&segment);
    }
  }

  Prediction Run() {
    if (auto done = FailToOpen(state_, version_)) return *done;
    if (segments_.empty()) return NoLog();
    if (auto done = ListSnapshotRecords()) return *done;
    if (auto done = ChooseSnapshot()) return *done;
    if (auto done = CheckBackend()) return *done;
    if (auto done = OpenLog()) return *done;
    if (auto done = ReadLog()) return *done;
    return Judge();
  }

 private:
  static Prediction Exit(std::string message, std::string explanation) {
    return {Outcome::kExits, std::move(message), std::move(explanation)};
  }

  Prediction NoLog() const {
    return {Outcome::kStarts, "",
            "there is no segment, so etcd takes this for a new member: it bootstraps or joins, and does not "
            "use what the "
            "backend holds as its own history"};
  }

  std::string CrcText(const wal::Decoded& stop, const std::vector<const raft::Segment*>& files) const {
    const bool record = stop.record.type == wal::RecordType::kCrc;
    if (version_ >= EtcdVersion{3, 6} && !record) {
      return fmt::format("walpb: crc mismatch: expected: {:x} computed: {:x}: in file '{}' at position: {}",
                         stop.record.crc, stop.computed, BaseName(files[stop.file]->file), stop.offset);
    }
    return version_ >= EtcdVersion{3, 6} || !record ? "walpb: crc mismatch" : "wal: crc mismatch";
  }

  static std::string BaseName(const std::string& file) { return file.substr(file.rfind('/') + 1); }

  std::string StopText(const wal::Decoded& stop, const std::vector<const raft::Segment*>& files) const {
    switch (stop.end) {
      case DecodeEnd::kCrcMismatch:
        return CrcText(stop, files);
      case DecodeEnd::kOverLimit:
        return rules_.limit_by_file_size ? "[wal] max entry size limit exceeded when reading"
                                         : "wal: max entry size limit exceeded";
      case DecodeEnd::kMalformed:
        return "proto: a record does not parse";
      default:
        return "unexpected EOF";
    }
  }

  static std::vector<Bytes> BytesOf(const std::vector<const raft::Segment*>& files) {
    std::vector<Bytes> bytes;
    for (const raft::Segment* file : files) bytes.push_back(file->bytes);
    return bytes;
  }

  // Every segment from the first, before anything else is opened (3.4.8 and newer).
  std::optional<Prediction> ListSnapshotRecords() {
    if (ReadsToCleanEnd(segments_)) {
      ListFromSoundLog();
      return std::nullopt;
    }
    wal::EtcdDecoder decoder(BytesOf(segments_), rules_);
    uint64_t commit = 0;
    for (;;) {
      const wal::Decoded next = decoder.Next();
      if (next.end != DecodeEnd::kRecord) {
        if (next.end != DecodeEnd::kEof && !next.Repairable(rules_)) {
          return Exit(StopText(next, segments_),
                      "etcd reads all segments for their snapshot records before it opens the log, and ends "
                      "at the first fault");
        }
        break;
      }
      NoteSnapshotRecord(next.record, commit);
    }
    std::erase_if(records_, [&](const WalSnapshotKey& key) { return key.index > commit; });
    return std::nullopt;
  }

  void ListFromSoundLog() {
    uint64_t commit = 0;
    for (const raft::Segment* segment : segments_) {
      for (const raft::SnapshotMark& mark : segment->snapshots) records_.push_back({mark.term, mark.index});
      if (segment->last_state) commit = segment->last_state->state.commit;
    }
    std::erase_if(records_, [&](const WalSnapshotKey& key) { return key.index > commit; });
  }

  void NoteSnapshotRecord(const wal::Record& record, uint64_t& commit) {
    raft::WalSnapshot snapshot;
    raft::HardState state;
    if (record.type == wal::RecordType::kSnapshot && raft::ParseWalSnapshot(record.data, snapshot)) {
      records_.push_back({snapshot.term, snapshot.index});
    } else if (record.type == wal::RecordType::kState && raft::ParseHardState(record.data, state)) {
      commit = state.commit;
    }
  }

  std::optional<Prediction> ChooseSnapshot() {
    if (version_ >= EtcdVersion{3, 7}) {
      for (const WalSnapshotKey& key : records_) snapshot_ = key;
      return std::nullopt;
    }
    for (const SnapFile& file : state_.snapshots) {
      if (!file.content) continue;
      const WalSnapshotKey key{file.content->term, file.content->index};
      if (std::ranges::find(records_, key) == records_.end()) continue;
      snapshot_ = key;
      break;
    }
    return std::nullopt;
  }

  uint64_t ConsistentIndex() const {
    return state_.backend ? state_.backend->consistent_index.value_or(0) : 0;
  }

  std::optional<Prediction> CheckBackend() const {
    if (snapshot_.index == 0 || ConsistentIndex() >= snapshot_.index) return std::nullopt;
    const std::string wanted = fmt::format("{:016x}.snap.db", snapshot_.index);
    for (const member::File& file : state_.layout.snap_db) {
      if (BaseName(file.name) == wanted) return std::nullopt;
    }
    return Exit("failed to recover v3 backend from snapshot",
                fmt::format("the newest snapshot stands at index {}, the backend at {}, and {} is not there",
                            snapshot_.index, ConsistentIndex(), wanted));
  }

  std::optional<Prediction> OpenLog() {
    size_t from = segments_.size();
    for (size_t i = 0; i < segments_.size(); ++i) {
      if (segments_[i]->name->index <= snapshot_.index) from = i;
    }
    if (from == segments_.size()) {
      return Exit(
          version_ >= EtcdVersion{3, 6}
              ? fmt::format("wal: file not found which matches the snapshot index '{}'", snapshot_.index)
              : std::string("wal: file not found"),
          fmt::format("no segment starts at or before index {}", snapshot_.index));
    }
    uint64_t sequence = 0;
    for (size_t i = from; i < segments_.size(); ++i) {
      if (sequence != 0 && segments_[i]->name->sequence != sequence + 1) {
        return Exit(
            version_ >= EtcdVersion{3, 6}
                ? fmt::format("wal: file sequence numbers (starting from {}) do not increase continuously",
                              segments_[from]->name->sequence)
                : std::string("wal: file not found"),
            fmt::format("segment {} is missing", sequence + 1));
      }
      sequence = segments_[i]->name->sequence;
    }
    opened_.assign(segments_.begin() + static_cast<std::ptrdiff_t>(from), segments_.end());
    return std::nullopt;
  }

  void NoteEntry(const wal::Record& record, ReadOutcome& read) const {
    raft::Entry entry;
    if (!raft::ParseEntry(record.data, entry) || entry.index <= snapshot_.index) return;
    if (read.last == 0 && entry.index != snapshot_.index + 1) read.gap = true;
    if (read.last != 0 && entry.index > read.last + 1) read.gap = true;
    if (read.gap) {
      read.gap_index = entry.index;
      return;
    }
    if (read.first == 0) read.first = entry.index;
    read.last = entry.index;
  }

  void Note(const wal::Record& record, std::optional<std::string>& metadata, ReadOutcome& read) const {
    raft::HardState state;
    raft::WalSnapshot mark;
    switch (record.type) {
      case wal::RecordType::kEntry:
        return NoteEntry(record, read);
      case wal::RecordType::kState:
        if (raft::ParseHardState(record.data, state)) read.state = state;
        return;
      case wal::RecordType::kMetadata:
        if (metadata && *metadata != AsText(record.data)) read.conflict = true;
        metadata = std::string(AsText(record.data));
        return;
      case wal::RecordType::kSnapshot:
        if (raft::ParseWalSnapshot(record.data, mark) && mark.index == snapshot_.index &&
            mark.term != snapshot_.term) {
          read.mismatch = true;
        }
        return;
      case wal::RecordType::kCrc:
        return;
    }
  }

  // Nothing where the log must be decoded to know.
  std::optional<ReadOutcome> ReadSoundLog() const {
    if (!ReadsToCleanEnd(opened_)) return std::nullopt;
    const EntriesBehind entries = FindEntriesBehind(opened_, snapshot_.index);
    ReadOutcome read;
    read.stop.end = DecodeEnd::kEof;
    read.first = entries.first;
    read.last = entries.last;
    for (const raft::Segment* segment : opened_) {
      if (segment->last_state) read.state = segment->last_state->state;
      for (const raft::SnapshotMark& mark : segment->snapshots) {
        if (mark.index == snapshot_.index && mark.term != snapshot_.term) return std::nullopt;
      }
    }
    if (entries.gap) return std::nullopt;
    return read;
  }

  ReadOutcome ReadAll(const std::vector<Bytes>& files) const {
    wal::EtcdDecoder decoder(files, rules_);
    ReadOutcome read;
    std::optional<std::string> metadata;
    for (;;) {
      read.stop = decoder.Next();
      if (read.stop.end != DecodeEnd::kRecord) return read;
      Note(read.stop.record, metadata, read);
      if (read.gap || read.conflict || read.mismatch) return read;
    }
  }

  std::optional<Prediction> Refuse(const ReadOutcome& read) const {
    if (read.gap) {
      return Exit("wal: slice bounds out of range",
                  fmt::format("the log jumps to entry {} where entry {} is due", read.gap_index,
                              std::max(read.last, snapshot_.index) + 1));
    }
    if (read.conflict)
      return Exit("wal: conflicting metadata found", "the segments are of different members");
    if (read.mismatch)
      return Exit("wal: snapshot mismatch", "a snapshot record has the index of the .snap and another term");
    if (read.stop.end == DecodeEnd::kEof) return std::nullopt;
    return Exit(StopText(read.stop, opened_), "failed to read WAL, cannot be repaired");
  }

  std::optional<Prediction> ReadLog() {
    std::vector<Bytes> files = BytesOf(opened_);
    read_ = ReadSoundLog().value_or(ReadOutcome{});
    if (read_.stop.end != DecodeEnd::kEof) read_ = ReadAll(files);
    const bool clean = read_.stop.end == DecodeEnd::kEof || read_.gap || read_.conflict || read_.mismatch;
    if (clean || !read_.stop.Repairable(rules_)) return Refuse(read_);
    // Repair looks at the last file alone, and cuts it behind its last valid record.
    wal::EtcdDecoder last({files.back()}, rules_);
    wal::Decoded end = last.Next();
    while (end.end == DecodeEnd::kRecord) end = last.Next();
    if (end.end == DecodeEnd::kEof) {
      return Exit(
          StopText(read_.stop, opened_),
          fmt::format(
              "the fault is in {}, but etcd repairs only the last segment; the second attempt to read fails "
              "as the first",
              opened_[read_.stop.file]->file));
    }
    if (!end.Repairable(rules_)) return Refuse(read_);
    repaired_ = true;
    cut_ = end.valid_end;
    files.back() = files.back().subspan(0, end.valid_end);
    read_ = ReadAll(files);
    return Refuse(read_);
  }

  uint64_t Reach() const { return std::max(read_.last, snapshot_.index); }

  Prediction Judge() const {
    const uint64_t commit = read_.state ? read_.state->commit : 0;
    if (commit > Reach() || (read_.state && commit < snapshot_.index)) {
      return Exit(fmt::format("state.commit {} is out of range [{}, {}]", commit, snapshot_.index, Reach()),
                  "raft panics: the recorded commit index does not lie within the log");
    }
    const bool whole = state_.whole();
    if (whole && ConsistentIndex() > Reach() + 1) {
      return {Outcome::kHangs, Hint(),
              fmt::format("the backend has applied entry {}, the log ends at {}: the member elects itself "
                          "and then ignores "
                          "every new entry up to {}",
                          ConsistentIndex(), Reach(), ConsistentIndex())};
    }
    if (whole && Reach() == 0) {
      return {Outcome::kHangs, "",
              "the log holds no entry and no snapshot, so no member may vote and no leader is elected"};
    }
    const uint64_t held = state_.log.last_index();
    if (repaired_ && held > Reach()) {
      const bool in_backend = ConsistentIndex() >= held;
      return {in_backend ? Outcome::kRepairsAndStarts : Outcome::kStartsAndLoses, "repaired WAL",
              fmt::format("etcd cuts the last segment at {} and loses what can still be read: {}", cut_,
                          NameEntries(Reach() + 1, held))};
    }
    if (repaired_) {
      return {Outcome::kRepairsAndStarts, "repaired WAL",
              fmt::format("etcd cuts {} at {} and keeps a .broken copy", opened_.back()->file, cut_)};
    }
    if (held > Reach()) {
      return {Outcome::kStartsAndLoses, "",
              fmt::format("etcd stops reading at entry {}; entries up to {} lie behind a zeroed "
                          "length and are not seen",
                          Reach(), held)};
    }
    if (auto wrong = WrongAnswers(state_, version_)) return {Outcome::kStartsWrong, Hint(), std::move(*wrong)};
    return {Outcome::kStarts, "", ""};
  }

  std::string Hint() const { return repaired_ ? "repaired WAL" : ""; }

  const MemberState& state_;
  const EtcdVersion version_;
  wal::DecoderRules rules_;
  std::vector<const raft::Segment*> segments_;  // by name
  std::vector<const raft::Segment*> opened_;    // those that are read from the snapshot on
  std::vector<WalSnapshotKey> records_;
  WalSnapshotKey snapshot_;
  ReadOutcome read_;
  bool repaired_ = false;
  uint64_t cut_ = 0;
};

constexpr EtcdVersion kKnownVersions[] = {{3, 4}, {3, 5}, {3, 6}, {3, 7}};

}  // namespace

std::optional<EtcdVersion> ParseEtcdVersion(std::string_view text) {
  EtcdVersion version;
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, version.major);
  if (error != std::errc() || dot == end || *dot != '.') return std::nullopt;
  const auto [rest, minor_error] = std::from_chars(dot + 1, end, version.minor);
  if (minor_error != std::errc() || (rest != end && *rest != '.')) return std::nullopt;
  return version;
}

std::span<const EtcdVersion> KnownVersions() { return kKnownVersions; }

bool IsKnown(EtcdVersion version) {
  return std::ranges::find(kKnownVersions, version) != std::end(kKnownVersions);
}

EtcdVersion GuessVersion(const MemberState& state) {
  std::optional<EtcdVersion> version;
  if (state.backend) {
    version = ParseEtcdVersion(state.backend->storage_version);
    if (!version) version = ParseEtcdVersion(state.backend->cluster_version);
  }
  return std::clamp(version.value_or(EtcdVersion{}), kKnownVersions[0], *std::rbegin(kKnownVersions));
}

std::string_view NameOf(Outcome outcome) {
  constexpr std::string_view kNames[] = {"starts", "repairs-tail", "starts-loses", "starts-wrong",
                                         "hangs",  "exits",        "panics",       "unknown"};
  return kNames[static_cast<size_t>(outcome)];
}

bool IsGood(Outcome outcome) { return outcome == Outcome::kStarts || outcome == Outcome::kRepairsAndStarts; }

Prediction PredictBoot(const MemberState& state, EtcdVersion version,
                       const std::vector<diag::Finding>& /*findings*/) {
  if (auto done = FailByFiles(state, version)) return *done;
  if (!state.has_log) return {};
  return Boot(state, version).Run();
}

}  // namespace etcdmedic::check
