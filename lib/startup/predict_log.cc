// SPDX-License-Identifier: Apache-2.0
// The steps of a start that read the log.
#include <fmt/format.h>

#include <algorithm>

#include "base/path.h"
#include "startup/predictor.h"
#include "startup/sound_log.h"

namespace etcdmedic::startup {
namespace {

std::vector<Bytes> BytesOf(const std::vector<const raft::Segment*>& files) {
  std::vector<Bytes> bytes;
  for (const raft::Segment* file : files) bytes.push_back(file->bytes);
  return bytes;
}

}  // namespace

std::string Predictor::CrcText(const Decoded& stop, const std::vector<const raft::Segment*>& files) const {
  const bool record = stop.record.type == wal::RecordType::kCrc;
  if (version_ >= EtcdVersion{3, 6} && !record) {
    return fmt::format("walpb: crc mismatch: expected: {:x} computed: {:x}: in file '{}' at position: {}",
                       stop.record.crc, stop.computed, BaseName(files[stop.file]->file), stop.offset);
  }
  return version_ >= EtcdVersion{3, 6} || !record ? "walpb: crc mismatch" : "wal: crc mismatch";
}

std::string Predictor::StopText(const Decoded& stop, const std::vector<const raft::Segment*>& files) const {
  switch (stop.end) {
    case DecodeEnd::kCrcMismatch:
      return CrcText(stop, files);
    case DecodeEnd::kOverLimit:
      return rules_.limit_by_file_size ? "[wal] max entry size limit exceeded when reading"
                                       : "wal: max entry size limit exceeded";
    case DecodeEnd::kMalformed:
      return stop.error;
    default:
      return "unexpected EOF";
  }
}

// Every segment from the first, before anything else is opened (3.4.8 and newer).
End Predictor::ListSnapshotRecords() {
  if (ReadsToCleanEnd(segments_)) {
    ListFromSoundLog();
    return std::nullopt;
  }
  EtcdDecoder decoder(BytesOf(segments_), rules_);
  uint64_t commit = 0;
  for (;;) {
    const Decoded next = decoder.Next();
    if (next.end != DecodeEnd::kRecord) {
      if (next.end != DecodeEnd::kEof && !next.Repairable(rules_)) {
        return Exits(StopText(next, segments_),
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

void Predictor::ListFromSoundLog() {
  uint64_t commit = 0;
  for (const raft::Segment* segment : segments_) {
    for (const raft::SnapshotMark& mark : segment->snapshots) records_.push_back({mark.term, mark.index});
    if (segment->last_state) commit = segment->last_state->state.commit;
  }
  std::erase_if(records_, [&](const WalSnapshotKey& key) { return key.index > commit; });
}

void Predictor::NoteSnapshotRecord(const wal::Record& record, uint64_t& commit) {
  raft::WalSnapshot snapshot;
  raft::HardState state;
  if (record.type == wal::RecordType::kSnapshot && raft::ParseWalSnapshot(record.data, snapshot)) {
    records_.push_back({snapshot.term, snapshot.index});
  } else if (record.type == wal::RecordType::kState && raft::ParseHardState(record.data, state)) {
    commit = state.commit;
  }
}

End Predictor::OpenLog() {
  size_t from = segments_.size();
  for (size_t i = 0; i < segments_.size(); ++i) {
    if (segments_[i]->name->index <= snapshot_.index) from = i;
  }
  if (from == segments_.size()) {
    return Exits(
        version_ >= EtcdVersion{3, 6}
            ? fmt::format("wal: file not found which matches the snapshot index '{}'", snapshot_.index)
            : std::string("wal: file not found"),
        fmt::format("no segment starts at or before index {}", snapshot_.index));
  }
  uint64_t sequence = 0;
  for (size_t i = from; i < segments_.size(); ++i) {
    if (sequence != 0 && segments_[i]->name->sequence != sequence + 1) {
      return Exits(
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

void Predictor::NoteEntry(const wal::Record& record, ReadOutcome& read) const {
  raft::Entry entry;
  if (!raft::ParseEntry(record.data, entry) || entry.index <= snapshot_.index) return;
  const uint64_t due = (read.last == 0 ? snapshot_.index : read.last) + 1;
  if (entry.index > due) {
    read.gap = true;
    read.gap_index = entry.index;
    return;
  }
  read.last = entry.index;
}

void Predictor::Note(const wal::Record& record, std::optional<std::string>& metadata, ReadOutcome& read) const {
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
      read.metadata = true;
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
  read.unknown_type = static_cast<int64_t>(record.type);
}

// Nothing where the log must be decoded to know.
std::optional<ReadOutcome> Predictor::ReadSoundLog() const {
  if (!ReadsToCleanEnd(opened_)) return std::nullopt;
  const EntriesAfter entries = FindEntriesAfter(opened_, snapshot_.index);
  if (entries.gap) return std::nullopt;
  ReadOutcome read;
  read.stop.end = DecodeEnd::kEof;
  read.last = entries.last;
  read.metadata = true;
  for (const raft::Segment* segment : opened_) {
    if (segment->last_state) read.state = segment->last_state->state;
    if (segment->record_count[0] > 0) return std::nullopt;  // a record of an unknown type
    for (const raft::SnapshotMark& mark : segment->snapshots) {
      if (mark.index == snapshot_.index && mark.term != snapshot_.term) return std::nullopt;
    }
  }
  return read;
}

ReadOutcome Predictor::ReadAll(const std::vector<Bytes>& files) const {
  EtcdDecoder decoder(files, rules_);
  ReadOutcome read;
  std::optional<std::string> metadata;
  for (;;) {
    read.stop = decoder.Next();
    if (read.stop.end != DecodeEnd::kRecord) return read;
    Note(read.stop.record, metadata, read);
    if (read.gap || read.conflict || read.mismatch || read.unknown_type) return read;
  }
}

End Predictor::Refuse(const ReadOutcome& read) const {
  if (read.unknown_type)
    return Exits(fmt::format("unexpected block type {}", *read.unknown_type),
                 "a record is of a type that etcd does not know; no CRC covers a record's type");
  if (read.gap) {
    return Exits("wal: slice bounds out of range",
                 fmt::format("the log continues with entry {}, expected {}", read.gap_index,
                             std::max(read.last, snapshot_.index) + 1));
  }
  if (read.conflict) return Exits("wal: conflicting metadata found", "the segments are of different members");
  if (read.mismatch)
    return Exits("wal: snapshot mismatch", "a snapshot record has the index of the .snap and another term");
  if (read.stop.end == DecodeEnd::kEof) return std::nullopt;
  return Exits(StopText(read.stop, opened_),
               "etcd cannot repair the log: failed to read WAL, cannot be repaired");
}

End Predictor::ReadLog() {
  std::vector<Bytes> files = BytesOf(opened_);
  read_ = ReadSoundLog().value_or(ReadOutcome{});
  if (read_.stop.end != DecodeEnd::kEof) read_ = ReadAll(files);
  const bool decided = read_.gap || read_.conflict || read_.mismatch || read_.unknown_type;
  if (decided || read_.stop.end == DecodeEnd::kEof || !read_.stop.Repairable(rules_)) return Refuse(read_);
  // Repair looks at the last file alone, and cuts it after its last valid record.
  EtcdDecoder last({files.back()}, rules_);
  Decoded end = last.Next();
  while (end.end == DecodeEnd::kRecord) end = last.Next();
  if (end.end == DecodeEnd::kEof) {
    return Exits(StopText(read_.stop, opened_),
                 fmt::format("the fault is in {}, but etcd repairs only the last segment; the second attempt "
                             "to read fails as the first",
                             opened_[read_.stop.file]->file));
  }
  if (!end.Repairable(rules_)) return Refuse(read_);
  repaired_ = true;
  cut_ = end.valid_end;
  files.back() = files.back().subspan(0, end.valid_end);
  read_ = ReadAll(files);
  return Refuse(read_);
}

End Predictor::RefuseWithoutMetadata() {
  if (read_.metadata) return std::nullopt;
  return Panics(version_ >= EtcdVersion{3, 7}
                    ? "runtime error: invalid memory address or nil pointer dereference"
                    : "cannot use none as id",
                "no metadata record is left in the log, so etcd does not know which member this is");
}

}  // namespace etcdmedic::startup
