// SPDX-License-Identifier: Apache-2.0
#include "plan/proposal.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/path.h"
#include "plan/edit.h"
#include "plan/rebuild.h"
#include "startup/etcd_decoder.h"

namespace etcdmedic::plan {
namespace {

using check::LostRange;
using diag::Code;
using member::MemberState;

class Planner {
 public:
  Planner(const MemberState& state, const check::Report& report) : state_(state), report_(report) {}

  // The first kind of step that there is something to do for.
  Proposal Make() {
    if (CannotBeRepaired()) return std::move(plan_);
    PlanHealings();
    PlanTailGarbage();
    PlanSnapshots();
    PlanLeftovers();
    if (plan_.steps.empty()) PlanCopies();
    if (plan_.steps.empty()) PlanRenames();
    if (plan_.steps.empty()) PlanEmptySegments();
    if (!plan_.steps.empty() || IsForeign()) return std::move(plan_);
    PlanNewerSnapshots();
    if (plan_.steps.empty() && !PlanRebuild()) PlanTailCut();
    return std::move(plan_);
  }

 private:
  bool CannotBeRepaired() {
    if (state_.layout.given == "-") {
      plan_.advice.push_back("standard input cannot be repaired: name the file");
      return true;
    }
    if (!state_.complete()) {
      plan_.advice.push_back(
          "not every file could be opened, and a plan made without it could do harm: see verify");
      return true;
    }
    for (const member::File& file : state_.layout.segments) {
      if (!file.name.ends_with(".zst") && !file.name.ends_with(".gz")) continue;
      plan_.advice.push_back("a compressed file cannot be repaired in place: unpack it first");
      return true;
    }
    return false;
  }

  // Parts of different members or histories are never joined into one log.
  bool IsForeign() {
    constexpr Code kForeign[] = {Code::kWalSegmentForeign, Code::kWalMetadataConflict, Code::kDbMemberForeign,
                                 Code::kSnapMemberForeign, Code::kMvccTerm};
    for (const diag::Finding& finding : report_.findings) {
      if (std::ranges::find(kForeign, finding.code) == std::end(kForeign)) continue;
      plan_.advice.push_back(
          fmt::format("{} does not belong here ({}), so nothing is joined with it. Bring back the part that "
                      "does, or remove this "
                      "member from its cluster and add it again",
                      finding.where.file, finding.message));
      return true;
    }
    if (witness::HistoriesDiffer(report_.findings)) {
      plan_.advice.push_back(
          "the parts of this member tell different histories, so nothing is joined or cut: compare with the "
          "other members, then replace this one or restore a snapshot");
      return true;
    }
    return HasForeignMetadata();
  }

  // Also where a damaged segment lies between the two, so that no rule compares them.
  bool HasForeignMetadata() {
    for (const raft::Segment& segment : state_.log.segments) {
      if (!segment.metadata || *segment.metadata == *state_.log.metadata) continue;
      plan_.advice.push_back(fmt::format(
          "{} is of member {:x} of cluster {:x}, the log before it of member {:x} of cluster {:x}: nothing "
          "is joined with it",
          segment.file, segment.metadata->node_id, segment.metadata->cluster_id, state_.log.metadata->node_id,
          state_.log.metadata->cluster_id));
      return true;
    }
    return false;
  }

  void Add(Step step) { plan_.steps.push_back(std::move(step)); }

  // The segment before it does not lead to it, and another one, which holds the same, is where it belongs.
  bool IsStrayCopy(size_t at) const {
    const auto& segments = state_.log.segments;
    const auto begins_alike = [&](const raft::Segment& a, const raft::Segment& b) {
      const size_t size = std::min({a.bytes.size(), b.bytes.size(), size_t{512}});
      return size > 0 && AsText(a.bytes.first(size)) == AsText(b.bytes.first(size));
    };
    const auto follows = [&](size_t i) {
      if (i == 0) return segments[0].chain.first_crc == 0U;
      return segments[i - 1].chain.end_proven && segments[i].chain.first_crc == segments[i - 1].chain.end_crc;
    };
    if (follows(at) || !segments[at].chain.first_crc) return false;
    for (size_t i = 0; i < segments.size(); ++i) {
      if (i != at && begins_alike(segments[i], segments[at]) && follows(i)) return true;
    }
    return false;
  }

  // A segment that was copied over another, or beside it. Where it took the place of the log's end, that is
  // lost.
  void PlanCopies() {
    const auto& segments = state_.log.segments;
    if (!state_.whole()) return;
    for (size_t i = 0; i < segments.size(); ++i) {
      if (!IsStrayCopy(i)) continue;
      const bool ends_before = i > 0 && EndsInZeros(segments[i - 1]);
      const bool safe = i + 1 < segments.size() || ends_before;
      Step step{
          safe ? Safety::kSafe : Safety::kLossy, CodesOf(segments[i].file), "", "", "nothing", 0, 0, 0, {}};
      step.title = fmt::format("set the copy {} aside", BaseName(segments[i].file));
      step.why = "another segment holds the same, and the CRC chain leads to that one";
      if (!safe) {
        step.lost_first = segments[i].name ? std::max<uint64_t>(segments[i].name->index, 1) : 1;
        step.loss = fmt::format(
            "what the file held before it was written over: entries from {} on, if there were any",
            step.lost_first);
      }
      step.edits.push_back(
          RenameEdit(segments[i].file, segments[i].bytes, AsideName(state_, segments[i].file)));
      return Add(std::move(step));
    }
  }

  // As the segment does that etcd still writes to; it cuts the zeros off when it begins the next one.
  static bool EndsInZeros(const raft::Segment& segment) {
    return !segment.slack.empty() && segment.slack.back().kind == wal::Slack::kZeroTail;
  }

  // Segments under one another's names: through names that no other file has.
  void PlanRenames() {
    // One file's name, or that of a few picked ones, says nothing about the log that they are of.
    if (state_.layout.kind == member::Kind::kSegment) return;
    const auto order = raft::ChainOrder(state_.log);
    if (!order) return;
    Step step{Safety::kSafe,
              CodesOfNames(),
              "",
              "the CRC chain leads through the contents in this order only",
              "nothing",
              0,
              0,
              0,
              {}};
    std::vector<Edit> second;
    for (size_t i = 0; i < order->size(); ++i) {
      const raft::Segment& segment = state_.log.segments[(*order)[i]];
      const std::string& from = segment.file;
      const std::string to = RightName(i, *order);
      if (from == to) continue;
      step.edits.push_back(RenameEdit(from, segment.bytes, from + ".swap"));
      second.push_back(RenameEdit(from + ".swap", segment.bytes, to));
      step.title += (step.title.empty() ? "rename " : ", ") + BaseName(from) + " to " + BaseName(to);
    }
    if (step.edits.empty()) return;
    step.edits.insert(step.edits.end(), second.begin(), second.end());
    Add(std::move(step));
  }

  std::vector<Code> CodesOfNames() const {
    std::vector<Code> codes;
    for (const Code code : {Code::kWalSegmentSwapped, Code::kWalSegmentMisnamed, Code::kWalSegmentMissing,
                            Code::kWalSegmentFirstMissing, Code::kWalSeedWrong}) {
      if (std::ranges::find(report_.findings, code, &diag::Finding::code) != report_.findings.end())
        codes.push_back(code);
    }
    return codes;
  }

  // The i-th content's name: the i-th sequence from the first one's, and the index of the entry it begins
  // with.
  std::string RightName(size_t i, const std::vector<size_t>& order) const {
    const raft::Segment& content = state_.log.segments[order[i]];
    const auto& first = state_.log.segments[order.front()];
    const uint64_t start = first.chain.first_crc == 0U
                               ? 0
                               : state_.log.segments.front().name.value_or(wal::SegmentName{}).sequence;
    uint64_t index = 0;
    for (size_t j = 0; j < i; ++j) {
      const raft::Segment& before = state_.log.segments[order[j]];
      if (!before.runs.empty()) index = before.runs.back().last + 1;
      for (const raft::SnapshotMark& mark : before.snapshots) index = std::max(index, mark.index + 1);
      if (j == 0 && before.runs.empty() && before.name) index = std::max(index, before.name->index);
    }
    if (i == 0) index = start == 0 ? 0 : first.name.value_or(wal::SegmentName{}).index;
    // A name that already carries the right number is left alone: a leader change may have written it
    // differently.
    if (content.name && content.name->sequence == start + i && SameOrder(order)) return content.file;
    return SiblingOf(content.file, wal::FormatSegmentName({start + i, index}));
  }

  static bool SameOrder(const std::vector<size_t>& order) { return std::ranges::is_sorted(order); }

  void PlanHealings() {
    for (const raft::Segment& segment : state_.log.segments) {
      for (const wal::Damage& damage : segment.damages) {
        for (const wal::Healing& healing : damage.healings) {
          Step step{Safety::kSafe, {check::CodeOf(damage)}, "", healing.proof, "nothing", 0, 0, 0, {}};
          step.title =
              healing.single_bit
                  ? fmt::format("flip one bit back at {} of {}", healing.offset, BaseName(segment.file))
                  : fmt::format("put {} bytes right at {} of {}", healing.bytes.size(), healing.offset,
                                BaseName(segment.file));
          step.edits.push_back(WriteEdit(segment.file, segment.bytes, healing.offset, healing.bytes));
          Add(std::move(step));
        }
      }
    }
  }

  void PlanTailGarbage() {
    for (const raft::Segment& segment : state_.log.segments) {
      for (const raft::SlackSpan& slack : segment.slack) {
        if (slack.kind != wal::Slack::kGarbageTail) continue;
        Add({Safety::kSafe,
             {Code::kWalTailGarbage},
             fmt::format("zero {} bytes at {} of {}", slack.length, slack.offset, BaseName(segment.file)),
             "etcd stops at the zero length before them and never reads them",
             "nothing",
             0,
             0,
             0,
             {WriteEdit(segment.file, segment.bytes, slack.offset, std::string(slack.length, '\0'))}});
      }
    }
  }

  static bool IsEmpty(const raft::Segment& segment) {
    return segment.chain.records == 0 && segment.damages.empty();
  }

  // An empty last segment is dropped where the log before it is complete; else the log is built anew.
  void PlanEmptySegments() {
    if (state_.log.segments.empty() || AllSegmentsEmpty()) return;
    const raft::Segment& last = state_.log.segments.back();
    if (!IsEmpty(last) || NeedsRebuild()) return;
    Add({Safety::kSafe,
         {Code::kWalSegmentEmpty},
         fmt::format("remove the empty segment {}", BaseName(last.file)),
         "it holds no record, and neither the commit index nor the backend knows of an entry behind the "
         "segment before it",
         "nothing",
         0,
         0,
         0,
         {RemoveEdit(last.file, last.bytes)}});
  }

  bool AllSegmentsEmpty() const { return std::ranges::all_of(state_.log.segments, IsEmpty); }

  void PlanSnapshots() {
    for (const member::SnapFile& file : state_.snapshots) {
      if (file.content) continue;
      const auto heal = snap::HealSnapshot(file.bytes);
      if (heal) {
        Add({Safety::kSafe,
             {Code::kSnapCrcMismatch},
             fmt::format("flip one bit back at {} of {}", heal->offset, BaseName(file.file)),
             "it is the only bit whose flip explains the CRC, and the file then reads as a snapshot",
             "nothing",
             0,
             0,
             0,
             {WriteEdit(file.file, file.bytes, heal->offset,
                        std::string(1, static_cast<char>(heal->byte)))}});
        continue;
      }
      Add({Safety::kSafe,
           CodesOf(file.file),
           fmt::format("set {} aside", BaseName(file.file)),
           "etcd cannot read it and would set it aside itself; it goes on from an older one, or from the log",
           "nothing",
           0,
           0,
           0,
           {RenameEdit(file.file, file.bytes, AsideName(state_, file.file))}});
    }
  }

  // What is wrong with one file.
  std::vector<Code> CodesOf(const std::string& file) const {
    std::vector<Code> codes;
    for (const diag::Finding& finding : report_.findings) {
      if (finding.where.file == file && finding.severity > diag::Severity::kNote)
        codes.push_back(finding.code);
    }
    return codes;
  }

  // The newest .snap that the log knows, as etcd will find it after the steps above.
  uint64_t SnapshotIndex() const {
    for (const member::SnapFile& file : state_.snapshots) {
      if (!file.content) continue;
      for (const raft::SnapshotMark& mark : state_.log.snapshots) {
        if (mark.index == file.content->index && mark.term == file.content->term) return mark.index;
      }
    }
    return 0;
  }

  uint64_t Applied() const { return state_.backend ? state_.backend->consistent_index.value_or(0) : 0; }

  // Everything that the log holds or is known to have held.
  uint64_t KnownReach() const {
    uint64_t reach = std::max(state_.log.last_index(), state_.log.state ? state_.log.state->commit : 0);
    for (const raft::SnapshotMark& mark : state_.log.snapshots) reach = std::max(reach, mark.index);
    return reach;
  }

  bool WholeFromTheStart() const {
    const auto& segments = state_.log.segments;
    return !segments.empty() && segments.front().name && segments.front().name->index == 0 &&
           KnownReach() > 0 && state_.log.ContiguousFrom(1) >= KnownReach() && !HasInnerDamage() &&
           !HasNamingFault();
  }

  // A backend that is older than the newest .snap, or none at all: etcd refuses to start, though a log that
  // is whole from the first entry needs no snapshot. Since 3.7 the log's own snapshot records count as well.
  void PlanNewerSnapshots() {
    const uint64_t applied = Applied();
    if (!state_.whole() || SnapshotIndex() <= applied || !WholeFromTheStart()) return;
    const bool again = report_.version >= startup::EtcdVersion{3, 7};
    if (again && !TailWhole()) return;
    Step step{Safety::kSafe, {Code::kDbBehindSnapshot, Code::kDbMissing}, "", "", "nothing", 0, 0, 0, {}};
    if (again) {
      Base base;
      base.drop_snapshots = true;
      auto edits = RebuildLog(state_, base, state_.log.last_index());
      if (!edits) return plan_.advice.push_back(edits.error().what);
      step.edits = std::move(*edits);
    }
    for (const member::SnapFile& file : state_.snapshots) {
      if (!file.content || (file.content->index <= applied && !again)) continue;
      step.edits.push_back(RenameEdit(file.file, file.bytes, AsideName(state_, file.file)));
    }
    step.title = fmt::format("set aside the .snap files that are newer than the backend{}",
                             again ? ", write the log anew without snapshots" : "");
    step.why = fmt::format(
        "the log holds every entry from the first, so etcd needs no snapshot: it applies again what the "
        "backend {}",
        state_.backend ? fmt::format("lacks, from entry {} on", applied + 1) : "held");
    Add(std::move(step));
  }

  // A fault that no cut of the tail can mend.
  bool NeedsRebuild() const {
    if (!state_.whole()) return false;
    const uint64_t start = SnapshotIndex();
    const auto& segments = state_.log.segments;
    if (segments.empty() || AllSegmentsEmpty())
      return state_.backend.has_value() && Applied() > 0 && !segments.empty();
    if (Applied() > std::max(state_.log.last_index(), start) + 1) return true;
    if (segments.front().name && segments.front().name->index > start) return true;
    const uint64_t reach = KnownReach();
    if (std::max(state_.log.ContiguousFrom(start + 1), start) < reach) return true;
    return HasInnerDamage() || HasNamingFault();
  }

  bool HasInnerDamage() const {
    for (size_t i = 0; i < state_.log.segments.size(); ++i) {
      for (const wal::Damage& damage : state_.log.segments[i].damages) {
        const bool tail = i + 1 == state_.log.segments.size() && !damage.followed;
        if (damage.healings.empty() && !tail) return true;
      }
    }
    return false;
  }

  bool HasNamingFault() const {
    return std::ranges::any_of(report_.findings, [](const diag::Finding& finding) {
      return finding.code == Code::kWalSegmentMissing || finding.code == Code::kWalSegmentMisnamed ||
             finding.code == Code::kWalSeedWrong;
    });
  }

  // Whether the log still has its end: not where the backend knows of entries behind it.
  bool TailWhole() const {
    const raft::Segment& last = state_.log.segments.back();
    if (Applied() > KnownReach()) return false;
    const bool cut = std::ranges::any_of(
        last.damages, [](const wal::Damage& damage) { return damage.healings.empty() && !damage.followed; });
    return last.chain.end_proven && !cut && !IsEmpty(last);
  }

  // True where the log is written anew, or where only that would help and it cannot be done.
  bool PlanRebuild() {
    if (!NeedsRebuild()) return false;
    const uint64_t reach = KnownReach();
    const auto base = ChooseBase(state_, reach);
    if (base) return AddRebuild(*base, std::max(reach, base->index));
    return PlanCut(reach);
  }

  static std::string Describe(const Base& base) {
    switch (base.kind) {
      case Base::Kind::kBeginning:
        return "from the first entry";
      case Base::Kind::kSnapshot:
        return fmt::format("behind the snapshot at index {}", base.index);
      case Base::Kind::kBackend:
        return fmt::format("behind index {}, where the backend stands", base.index);
    }
    return {};
  }

  bool AddRebuild(const Base& base, uint64_t last) {
    auto edits = RebuildLog(state_, base, last);
    if (!edits) {
      plan_.advice.push_back(edits.error().what);
      return true;
    }
    const bool safe = TailWhole();
    Step step{safe ? Safety::kSafe : Safety::kLossy, CodesOfLog(), "", "", "", 0, 0, 0, std::move(*edits)};
    step.title = fmt::format("write the log anew {}{}, set the old segments aside", Describe(base),
                             last > base.index ? fmt::format(" up to entry {}", last) : "");
    step.why = base.kind == Base::Kind::kBackend ? "the backend already holds the effect of every entry "
                                                   "before that index, so etcd does not need them"
                                                 : "every entry behind it is held and proven";
    step.loss =
        safe ? "nothing of the data; a peer that lags far behind gets a snapshot instead of old entries"
             : fmt::format(
                   "the log's end was lost: writes behind entry {} that clients were told of, if there were "
                   "any",
                   last);
    if (!safe) step.lost_first = last + 1;
    if (!safe && Members() > 1) {
      plan_.advice.push_back(
          "this member is one of several: removing it from the cluster and adding it anew is safer than a "
          "log without its end");
    }
    Add(std::move(step));
    return true;
  }

  size_t Members() const { return state_.backend ? state_.backend->membership.Count() : 0; }

  std::vector<Code> CodesOfLog() const {
    std::vector<Code> codes;
    for (const diag::Finding& finding : report_.findings) {
      const std::string_view name = diag::InfoOf(finding.code).name;
      const bool log = name.starts_with("WAL-") || name.starts_with("RAFT-") || name.starts_with("DB-") ||
                       finding.code == Code::kSnapOutOfReach;
      if (!log || finding.severity <= diag::Severity::kNote) continue;
      if (std::ranges::find(codes, finding.code) == codes.end()) codes.push_back(finding.code);
    }
    return codes;
  }

  // The base from which most is kept where no base reaches the log's end: a snapshot or the beginning up to
  // the first hole, or, where the backend has gone further than that, the backend itself.
  std::optional<Base> BaseOfCut() const {
    const uint64_t start = SnapshotIndex();
    const uint64_t keep = std::max(state_.log.ContiguousFrom(start + 1), start);
    const bool from_start = state_.log.segments.empty() || !state_.log.segments.front().name ||
                            state_.log.segments.front().name->index <= start;
    if (keep == 0 || !from_start || Applied() > keep + 1) return BackendBase(state_);
    Base base{start == 0 ? Base::Kind::kBeginning : Base::Kind::kSnapshot, start, 0, {}};
    for (const raft::SnapshotMark& mark : state_.log.snapshots) {
      if (start != 0 && mark.index == start) base.term = mark.term, base.conf_state = mark.conf_state;
    }
    return base;
  }

  // Drops what lies behind the first hole that nothing bridges.
  bool PlanCut(uint64_t reach) {
    const auto base = BaseOfCut();
    if (!base) {
      plan_.advice.push_back(
          fmt::format("no state is left from which the log goes on: it is whole up to {}, the backend stands "
                      "at {}. Restore a snapshot, or remove this member from its cluster and add it anew",
                      state_.log.ContiguousFrom(SnapshotIndex() + 1), Applied()));
      return true;
    }
    const uint64_t keep = std::max(state_.log.ContiguousFrom(base->index + 1), base->index);
    auto edits = RebuildLog(state_, *base, keep);
    if (!edits) {
      plan_.advice.push_back(edits.error().what);
      return true;
    }
    // Where the log's own end is gone or in doubt, nobody can tell how much followed.
    const bool open = !TailWhole() || !check::DoubtAboutEnd(state_.log).empty();
    Step step{Safety::kLossy, CodesOfLog(), "", "", "", keep + 1, open ? 0 : reach, 0, std::move(*edits)};
    step.title = fmt::format("end the log at entry {}, set the old segments aside", keep);
    step.why = "what follows lies behind a hole, and the backend does not hold it";
    const uint64_t commit = state_.log.state ? state_.log.state->commit : 0;
    step.lost_committed = commit > keep ? commit - keep : 0;
    step.loss =
        fmt::format("{}; by the commit index clients were told of at least {} of them",
                    open ? fmt::format("entries from {} on: at least {}, to {}, and whatever followed",
                                       keep + 1, reach - keep, reach)
                         : raft::NameEntries(keep + 1, reach),
                    step.lost_committed);
    Add(std::move(step));
    return true;
  }

  // A torn or damaged end of the last segment: cut behind the last sound record.
  void PlanTailCut() {
    if (state_.log.segments.empty()) return;
    const size_t at = state_.log.segments.size() - 1;
    const raft::Segment& last = state_.log.segments[at];
    for (const wal::Damage& damage : last.damages) {
      if (!damage.healings.empty() || damage.followed) continue;
      const bool zeros = damage.fault == wal::Fault::kZeroed;
      const bool as_etcd = EtcdCutsAt(last, damage.offset);
      const auto lost = check::LostEntries(state_.log, at, damage);
      const bool applied = lost && Applied() >= lost->first;
      const bool safe = as_etcd || applied;
      Step step{safe ? Safety::kSafe : Safety::kLossy, {check::CodeOf(damage)}, "", "", "", 0, 0, 0, {}};
      step.title =
          fmt::format("cut {} at {}, behind its last sound record", BaseName(last.file), damage.offset);
      step.why = as_etcd ? "a write that never finished; etcd itself cuts there when it starts"
                 : zeros
                     ? "etcd stops at these zeros, as if the log ended there, and writes over what follows"
                     : "nothing proves what stands there, and etcd refuses to start on it";
      if (applied || !lost) {
        step.loss = applied ? "nothing: the backend has applied what stood there" : "nothing";
      } else {
        step.loss = fmt::format(
            "what would have been entry {}{}", lost->first,
            as_etcd ? "; no client was told of it, unless the disk lied" : ", and whatever followed it");
        step.lost_first = lost->first;
      }
      step.edits.push_back(TruncateEdit(last.file, last.bytes, damage.offset));
      Add(std::move(step));
    }
  }

  // Whether etcd's own repair would cut this segment at `offset`. Its other damages are healed before it gets
  // there.
  bool EtcdCutsAt(const raft::Segment& last, uint64_t offset) const {
    startup::DecoderRules rules;
    rules.limit_by_file_size = report_.version >= startup::EtcdVersion{3, 5};
    std::string healed(AsText(last.bytes));
    for (const wal::Damage& damage : last.damages) {
      for (const wal::Healing& healing : damage.healings)
        healed.replace(healing.offset, healing.bytes.size(), healing.bytes);
    }
    startup::EtcdDecoder decoder({AsBytes(healed)}, rules);
    startup::Decoded next = decoder.Next();
    while (next.end == startup::DecodeEnd::kRecord) next = decoder.Next();
    return next.Repairable(rules) && next.offset == offset;
  }

  // Left-over files are removed only where they are not what a stopped member normally leaves.
  void PlanLeftovers() {
    for (const member::File& file : state_.layout.wal_tmp) {
      const std::string name = BaseName(file.name);
      if (name == "0.tmp" || name == "1.tmp") continue;
      const auto content = MappedFile::Open(file.path);
      if (!content) continue;
      Add({Safety::kSafe,
           {Code::kWalTmpLeft},
           fmt::format("remove {}", name),
           "a preallocated segment that no start of etcd will use",
           "nothing",
           0,
           0,
           0,
           {RemoveEdit(file.name, content->bytes())}});
    }
  }

  const MemberState& state_;
  const check::Report& report_;
  Proposal plan_;
};

}  // namespace

Proposal ProposeSteps(const member::MemberState& state, const check::Report& report) {
  return Planner(state, report).Make();
}

}  // namespace etcdmedic::plan
