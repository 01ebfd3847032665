// SPDX-License-Identifier: Apache-2.0
#include "check/log_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "check/overwritten.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using diag::Finding;
using diag::Severity;
using wal::Fault;

struct FaultRow {
  Fault fault;
  Code code;
  std::string_view message;
};

constexpr FaultRow kFaults[] = {
    {Fault::kTornTail, Code::kWalTailTorn, "the last write did not reach the disk as a whole"},
    {Fault::kTruncated, Code::kWalFileTruncated, "the file ends inside a frame"},
    {Fault::kZeroed, Code::kWalSectorZeroed, "zeros where records were"},
    {Fault::kGarbage, Code::kWalBytesGarbage, "bytes that are not a record"},
    {Fault::kLength, Code::kWalLengthImpossible, "impossible length field"},
    {Fault::kMalformed, Code::kWalRecordMalformed, "a whole frame that holds no record"},
    {Fault::kCrc, Code::kWalCrcMismatch, "the data does not fit its CRC"},
};

const FaultRow& RowOf(Fault fault) { return kFaults[static_cast<size_t>(fault)]; }

std::string Describe(const std::optional<LostRange>& lost) {
  if (!lost) return "no entry is lost";
  if (lost->last == 0) return fmt::format("what was there, from entry {} on, is lost", lost->first);
  return raft::NameEntries(lost->first, lost->last) + (lost->first == lost->last ? " is lost" : " are lost");
}

std::string HealedMessage(const wal::Damage& damage) {
  const wal::Healing& healing = damage.healings[0];
  return fmt::format("{}; changing {} at offset {} heals it: {}",
                     damage.fault == Fault::kCrc ? fmt::format("stored CRC {:08x}, computed {:08x}",
                                                               damage.stored_crc, damage.computed_crc)
                                                 : std::string(RowOf(damage.fault).message),
                     healing.single_bit ? "one bit" : fmt::format("{} bytes", healing.bytes.size()),
                     healing.offset, healing.proof);
}

std::string UnhealedMessage(const raft::Log& log, size_t segment, const wal::Damage& damage) {
  std::string message(RowOf(damage.fault).message);
  if (damage.fault == Fault::kCrc) {
    message = fmt::format("stored CRC {:08x}, computed {:08x}", damage.stored_crc, damage.computed_crc);
  }
  if (damage.ambiguous_heal) message += "; one flipped bit would explain it, but nothing proves which";
  message += "; " + Describe(LostEntries(log, segment, damage));
  if (damage.followed) message += "; the records after it are sound";
  return message;
}

void CheckDamages(const raft::Log& log, size_t at, diag::FindingSink& sink) {
  const raft::Segment& segment = log.segments[at];
  for (const wal::Damage& damage : segment.damages) {
    Finding finding{CodeOf(damage), {segment.file, damage.offset}, damage.length, {}};
    finding.message = damage.healings.empty() ? UnhealedMessage(log, at, damage) : HealedMessage(damage);
    const bool tail = at + 1 == log.segments.size() && !damage.followed;
    if (damage.fault == Fault::kTruncated && !tail) finding.severity = Severity::kError;
    sink.Add(std::move(finding));
  }
  for (const raft::Anomaly& odd : segment.anomalies) {
    sink.Add({odd.code, {segment.file, odd.offset}, odd.length, odd.message});
  }
  for (const raft::SlackSpan& slack : segment.slack) {
    if (slack.kind != wal::Slack::kGarbageTail) continue;
    sink.Add({Code::kWalTailGarbage,
              {segment.file, slack.offset},
              slack.length,
              "bytes after the first zero length, which etcd never reads"});
  }
  if (segment.chain.plain_frames)
    sink.Add({Code::kWalOldLayout, {segment.file, 0}, 0, "frames are not padded"});
}

bool IsEmpty(const raft::Segment& segment) { return segment.chain.records == 0 && segment.damages.empty(); }

// Entries that the segment begins with, as its name says.
uint64_t IndexInName(const raft::Segment& segment) { return segment.name ? segment.name->index : 0; }

struct Neighbours {
  const raft::Segment& before;
  const raft::Segment& segment;
};

bool ChainFits(const Neighbours& pair) {
  return pair.segment.chain.first_crc && *pair.segment.chain.first_crc == pair.before.chain.end_crc &&
         pair.before.chain.end_proven;
}

void ReportForeign(const raft::Log& log, const raft::Segment& segment, diag::FindingSink& sink) {
  sink.Add({Code::kWalSegmentForeign,
            {segment.file, 0},
            segment.size,
            fmt::format("node {:x} of cluster {:x}; the log is of node {:x} of cluster {:x}",
                        segment.metadata->node_id, segment.metadata->cluster_id, log.metadata->node_id,
                        log.metadata->cluster_id)});
}

void CheckJoint(const Neighbours& pair, bool swapped, diag::FindingSink& sink) {
  const raft::Segment& segment = pair.segment;
  const Where where{segment.file, 0};
  if (pair.before.foreign || segment.foreign) return;
  const bool numbered =
      pair.before.name && segment.name && segment.name->sequence == pair.before.name->sequence + 1;
  if (!numbered && !ChainFits(pair)) {
    const uint64_t first =
        pair.before.runs.empty() ? IndexInName(pair.before) : pair.before.runs.back().last + 1;
    sink.Add({Code::kWalSegmentMissing, where, 0,
              fmt::format("the segment before it is number {}; what is missing would hold {}",
                          pair.before.name ? pair.before.name->sequence : 0,
                          raft::NameEntries(first, std::max(first, IndexInName(segment)) -
                                                       (IndexInName(segment) > first ? 1 : 0)))});
    return;
  }
  if (!numbered) {
    sink.Add({Code::kWalSegmentMisnamed, where, 0,
              fmt::format("it continues {} but is not numbered as the next", pair.before.file)});
    return;
  }
  if (ChainFits(pair) || swapped || !segment.chain.first_crc || !pair.before.chain.end_proven) return;
  sink.Add({Code::kWalSeedWrong, where, 16,
            fmt::format("it starts from CRC {:08x}, the segment before ends with {:08x}",
                        *segment.chain.first_crc, pair.before.chain.end_crc)});
}

void CheckEnd(const raft::Log& log, diag::FindingSink& sink) {
  std::string doubt = DoubtAboutEnd(log);
  if (doubt.empty()) return;
  const raft::Segment& last = log.segments.back();
  sink.Add({Code::kWalEndUncertain, {last.file, last.chain.valid_end}, 0, std::move(doubt)});
}

// True where the segments are in their true order, so that what they say can be read in a row.
bool CheckSegments(const raft::Log& log, diag::FindingSink& sink) {
  const auto order = raft::ChainOrder(log);
  bool swapped = false;
  for (size_t i = 0; order && i < order->size(); ++i) {
    if ((*order)[i] == i) continue;
    swapped = true;
    const raft::Segment& content = log.segments[(*order)[i]];
    sink.Add({Code::kWalSegmentSwapped,
              {content.file, 0},
              content.size,
              fmt::format("by the CRC chain this is the content of {}", log.segments[i].file)});
  }
  const raft::Segment* before = nullptr;
  for (const raft::Segment& segment : log.segments) {
    if (IsEmpty(segment)) {
      sink.Add({Code::kWalSegmentEmpty, {segment.file, 0}, segment.size, "it holds no record"});
      continue;
    }
    if (segment.foreign) ReportForeign(log, segment, sink);
    if (before != nullptr) CheckJoint({*before, segment}, swapped, sink);
    before = &segment;
  }
  if (before == nullptr && !log.segments.empty()) {
    sink.Add({Code::kWalEmpty, {log.segments[0].file, 0}, 0, "no segment holds a record"});
  }
  return !swapped;
}

// The first segment's name tells whether older ones were purged; a jump of the name against the content tells
// a rename.
void CheckNames(const raft::Log& log, diag::FindingSink& sink) {
  uint64_t last = 0;
  bool known = false;
  for (const raft::Segment& segment : log.segments) {
    if (!segment.name || IsEmpty(segment)) continue;
    const uint64_t named = segment.name->index;
    const bool content_before = !segment.runs.empty() &&
                                segment.runs.front().first > std::max<uint64_t>(named, 1) &&
                                segment.damages.empty() && segment.snapshots.empty();
    if (known && named != last + 1 && content_before) {
      sink.Add({Code::kWalSegmentMisnamed,
                {segment.file, 0},
                0,
                fmt::format("its name says that it starts with entry {}, its first entry is {}", named,
                            segment.runs.front().first)});
    }
    if (!segment.runs.empty()) {
      last = segment.runs.back().last;
      known = true;
    }
    for (const raft::SnapshotMark& mark : segment.snapshots) last = std::max(last, mark.index);
  }
}

bool CoveredBySnapshot(const raft::Log& log, const raft::Run& before, const raft::Run& next) {
  return std::ranges::any_of(log.snapshots, [&](const raft::SnapshotMark& mark) {
    const auto at = std::pair(mark.segment, mark.offset);
    return mark.index + 1 >= next.first && at > std::pair(before.segment, before.first_offset) &&
           at < std::pair(next.segment, next.first_offset);
  });
}

// True where damage or a missing segment, which are reported themselves, is between the two runs.
bool Explained(const raft::Log& log, const raft::Run& before, const raft::Run& next) {
  if (next.segment != before.segment) {
    for (uint32_t i = before.segment; i <= next.segment; ++i) {
      const raft::Segment& segment = log.segments[i];
      if (!segment.damages.empty() || segment.foreign || IsEmpty(segment)) return true;
      if (i == before.segment || !log.segments[i].name || !log.segments[i - 1].name) continue;
      if (log.segments[i].name->sequence != log.segments[i - 1].name->sequence + 1) return true;
    }
    return false;
  }
  return std::ranges::any_of(log.segments[next.segment].damages, [&](const wal::Damage& damage) {
    return damage.offset >= before.last_end && damage.offset < next.first_offset;
  });
}

void CheckEntries(const raft::Log& log, diag::FindingSink& sink) {
  for (size_t i = 1; i < log.surviving.size(); ++i) {
    const raft::Run& before = log.surviving[i - 1];
    const raft::Run& run = log.surviving[i];
    const Where where{log.segments[run.segment].file, run.first_offset};
    if (run.first != before.last + 1 && !CoveredBySnapshot(log, before, run) &&
        !Explained(log, before, run)) {
      sink.Add({Code::kRaftIndexGap, where, 0,
                fmt::format("entry {} follows entry {}; missing: {}", run.first, before.last,
                            raft::NameEntries(before.last + 1, run.first - 1))});
    }
    if (run.term < before.term) {
      sink.Add({Code::kRaftTermBackwards, where, 0,
                fmt::format("entry {} has term {}, entry {} has term {}", run.first, run.term, before.last,
                            before.term)});
    }
  }
  CheckOverwritten(log, sink);
}

void CheckState(const raft::Log& log, diag::FindingSink& sink) {
  if (!log.state) return;
  const raft::Segment* holder = nullptr;
  for (const raft::Segment& segment : log.segments) {
    if (segment.last_state) holder = &segment;
  }
  const Where where{holder->file, holder->last_state->offset};
  uint64_t reach = log.last_index();
  for (const raft::SnapshotMark& mark : log.snapshots) reach = std::max(reach, mark.index);
  if (log.state->commit > reach) {
    sink.Add({Code::kRaftStateBeyondLog, where, 0,
              fmt::format("commit index {}, but the last entry held is {}", log.state->commit, reach)});
  } else if (log.last_index() > log.state->commit) {
    sink.Add({Code::kRaftEntryUncommitted, where, 0,
              fmt::format("{} after the recorded commit index {}",
                          raft::NameEntries(log.state->commit + 1, log.last_index()), log.state->commit)});
  }
}

}  // namespace

Code CodeOf(const wal::Damage& damage) {
  if (damage.healings.empty()) return RowOf(damage.fault).code;
  const bool seed = damage.record && damage.record->type == wal::RecordType::kCrc && damage.offset == 0;
  if (seed) return Code::kWalSeedWrong;
  if (damage.healings[0].single_bit) return Code::kWalBitFlip;
  return RowOf(damage.fault).code;
}

std::optional<LostRange> LostEntries(const raft::Log& log, size_t at, const wal::Damage& damage) {
  uint64_t before = 0;
  bool known = false;
  const raft::Run* next = nullptr;
  for (const raft::Segment& segment : log.segments) {
    for (const raft::Run& run : segment.runs) {
      const bool earlier = run.segment < at || (run.segment == at && run.first_offset < damage.offset);
      if (earlier) {
        before = run.last;
        known = true;
        if (run.segment == at && run.last_end > damage.offset) return std::nullopt;  // the run leads through
      } else if (next == nullptr && run.segment == at && run.first_offset >= damage.offset + damage.length) {
        next = &run;
      }
    }
  }
  if (!known && log.segments[at].name) before = std::max<uint64_t>(log.segments[at].name->index, 1) - 1;
  if (next == nullptr && at + 1 < log.segments.size()) {
    for (size_t i = at + 1; i < log.segments.size() && next == nullptr; ++i) {
      if (!log.segments[i].runs.empty()) next = &log.segments[i].runs.front();
    }
  }
  if (next == nullptr) return LostRange{before + 1, 0};
  if (next->first <= before + 1) return std::nullopt;
  return LostRange{before + 1, next->first - 1};
}

std::string DoubtAboutEnd(const raft::Log& log) {
  constexpr uint64_t kSector = 512;
  if (log.segments.empty()) return {};
  const raft::Segment& last = log.segments.back();
  const uint64_t end = last.chain.valid_end;
  if (IsEmpty(last) || last.chain.plain_frames || !last.chain.end_proven) return {};
  if (end == last.size) {
    return fmt::format(
        "the file ends with entry {}'s records and no preallocated zeros follow: it was cut here, by etcd's "
        "own repair or by something else",
        log.last_index());
  }
  const bool zeros = !last.slack.empty() && last.slack.front().offset == end &&
                     last.slack.front().kind == wal::Slack::kZeroTail;
  if (!zeros || end % kSector != 0) return {};
  return fmt::format(
      "the zeros after entry {} begin exactly at a sector boundary, as in one sound log of 64; lost "
      "sectors would look the same",
      log.last_index());
}

void CheckLog(const raft::Log& log, diag::FindingSink& sink) {
  for (size_t i = 0; i < log.segments.size(); ++i) CheckDamages(log, i, sink);
  if (!CheckSegments(log, sink)) return;
  CheckEnd(log, sink);
  CheckNames(log, sink);
  CheckEntries(log, sink);
  CheckState(log, sink);
}

}  // namespace etcdmedic::check
