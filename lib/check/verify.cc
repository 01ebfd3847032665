// SPDX-License-Identifier: Apache-2.0
#include "check/verify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "check/key_rules.h"
#include "check/member_rules.h"
#include "check/snap_db_rules.h"
#include "member/live_backend.h"
#include "startup/backend.h"
#include "startup/permissions.h"

namespace etcdmedic::check {
namespace {

using diag::Code;

void CheckLeftovers(const member::MemberState& state, diag::FindingSink& sink) {
  const member::Layout& layout = state.layout;
  const auto each = [&](const std::vector<member::File>& files, Code code, std::string_view message) {
    for (const member::File& file : files) sink.Add({code, {file.name, 0}, file.size, std::string(message)});
  };
  each(layout.wal_tmp, Code::kWalTmpLeft, "etcd uses it for the next segment or replaces it");
  each(layout.wal_broken, Code::kWalBrokenLeft,
       "a segment that was set aside, by etcd's own repair or by etcdmedic");
  each(layout.wal_stray, Code::kFileNameStray, "etcd ignores it with a warning");
  each(layout.snap_broken, Code::kSnapBrokenLeft, "it was set aside, by etcd or by etcdmedic");
  each(layout.snap_tmp, Code::kSnapTmpLeft, "etcd deletes it when it starts");
}

void CheckSnapshots(const member::MemberState& state, diag::FindingSink& sink) {
  for (const member::SnapFile& file : state.snapshots) {
    if (!file.content) continue;
    const snap::TermIndex content{file.content->term, file.content->index};
    if (file.name && *file.name != content) {
      sink.Add({Code::kSnapNameMismatch,
                {file.file, 0},
                0,
                fmt::format("its content is of term {} index {}", content.term, content.index)});
    }
    const bool known = std::ranges::any_of(state.log.snapshots, [&](const raft::SnapshotMark& mark) {
      return mark.index == content.index && mark.term == content.term;
    });
    // Segments that held the record of an old snapshot may be purged.
    const bool newest = &file == state.NewestSnapshot();
    if (state.has_log && newest && !known) {
      sink.Add({Code::kSnapOrphan,
                {file.file, 0},
                0,
                fmt::format("no snapshot record for index {}", content.index)});
    }
  }
}

// The index from which etcd would read the log: that of the newest .snap that the log knows, else 0.
uint64_t StartIndex(const member::MemberState& state) {
  for (const member::SnapFile& file : state.snapshots) {
    if (!file.content) continue;
    for (const raft::SnapshotMark& mark : state.log.snapshots) {
      if (mark.index == file.content->index && mark.term == file.content->term) return mark.index;
    }
  }
  return 0;
}

uint64_t Reach(const member::MemberState& state) {
  uint64_t reach = state.log.last_index();
  for (const raft::SnapshotMark& mark : state.log.snapshots) reach = std::max(reach, mark.index);
  return reach;
}

void CheckPresence(const member::MemberState& state, diag::FindingSink& sink) {
  const bool rest = state.has_db || !state.snapshots.empty();
  if (state.layout.wal_dir.empty() && rest) {
    sink.Add({Code::kWalMissing,
              {state.layout.given, 0},
              0,
              "there is no wal directory; the log may be elsewhere (--wal-dir)"});
  } else if (state.log.segments.empty() && rest) {
    sink.Add({Code::kWalEmpty, {state.layout.wal_dir, 0}, 0, "there are no segments"});
  }
  const bool records = std::ranges::any_of(
      state.log.segments, [](const raft::Segment& segment) { return segment.chain.records > 0; });
  if (records && !state.log.metadata)
    sink.Add({Code::kWalMetadataMissing, {state.log.segments.front().file, 0}, 0, "no segment holds one"});
}

void CheckReach(const member::MemberState& state, diag::FindingSink& sink) {
  if (state.log.segments.empty()) return;
  if (Reach(state) == 0) {
    sink.Add({Code::kWalEmpty,
              {state.log.segments.front().file, 0},
              0,
              "the log holds no entry and no snapshot record"});
  }
  const auto& first = state.log.segments.front();
  const uint64_t start = StartIndex(state);
  if (!first.name || first.name->index <= start) return;
  sink.Add({start == 0 ? Code::kWalSegmentFirstMissing : Code::kSnapOutOfReach,
            {first.file, 0},
            0,
            start == 0 ? fmt::format("the log starts with entry {}, and there is no snapshot before it",
                                     first.name->index)
                       : fmt::format("the newest usable snapshot is at {}, the log starts with entry {}",
                                     start, first.name->index)});
}

void CheckMissingDb(const member::MemberState& state, diag::FindingSink& sink) {
  const std::string place = state.layout.kind == member::Kind::kDataDir ? "member/snap/db" : "snap/db";
  const bool whole = Reach(state) > 0 && state.log.ContiguousFrom(1) == Reach(state);
  const bool snapshot = StartIndex(state) > 0;
  sink.Add({Code::kDbMissing,
            {place, 0},
            0,
            whole && !snapshot ? "the log holds every entry from the first, so etcd builds it again"
            : whole ? "the log holds every entry from the first; without the .snap files etcd builds it again"
                    : "and the log does not reach back to the first entry",
            whole && !snapshot ? diag::Severity::kWarning : diag::Severity::kError});
}

void CheckBackend(const member::MemberState& state, diag::FindingSink& sink) {
  if (!state.has_db) return CheckMissingDb(state, sink);
  if (!state.backend || state.log.segments.empty()) return;
  const bool readable = state.backend->consistent_index || (state.db && state.db->sound);
  if (!readable) return;
  const uint64_t applied = state.backend->consistent_index.value_or(0);
  const std::string told = state.backend->consistent_index ? fmt::format("consistent_index is {}", applied)
                                                           : "there is no consistent_index";
  const Where where{state.layout.db.front().name, 0};
  if (applied > Reach(state)) {
    sink.Add({Code::kDbAhead, where, 0, fmt::format("{}, the log ends at {}", told, Reach(state)),
              applied > Reach(state) + 1 ? diag::Severity::kError : diag::Severity::kNote});
  }
  const uint64_t start = StartIndex(state);
  if (applied < start) {
    sink.Add(
        {Code::kDbBehindSnapshot, where, 0, fmt::format("{}, the newest snapshot is at {}", told, start)});
  } else if (!state.log.surviving.empty() && applied + 1 < state.log.first_index() &&
             start + 1 < state.log.first_index()) {
    sink.Add({Code::kDbBehindLog, where, 0,
              fmt::format("{}, the log starts with entry {}", told, state.log.first_index())});
  }
}

// Requests and keys of the v2 API, which newer releases refuse.
void CheckV2(const member::MemberState& state, diag::FindingSink& sink) {
  for (const raft::Segment& segment : state.log.segments) {
    const raft::V2Requests& found = segment.v2_client;
    if (found.writes == 0) continue;
    sink.Add({Code::kRaftV2Request,
              {segment.file, 0},
              0,
              fmt::format("{} of them in {}, for {}", found.writes,
                          raft::NameEntries(found.first, found.last), fmt::join(found.paths, ", ")),
              found.last <= StartIndex(state) ? diag::Severity::kNote : diag::Severity::kWarning});
  }
  const member::SnapFile* const newest = state.NewestSnapshot();
  if (newest == nullptr) return;
  const snap::ClientKeys keys = snap::FindClientKeys(newest->content->store);
  if (keys.count == 0) return;
  sink.Add({Code::kSnapV2Keys,
            {newest->file, 0},
            0,
            fmt::format("{} of them: {}{}", keys.count, fmt::join(keys.first, ", "),
                        keys.count > keys.first.size() ? ", …" : "")});
}

// What the backend's buckets hold, whether or not a log is there.
void CheckKeySpace(const member::MemberState& state, diag::FindingSink& sink) {
  if (!state.db_map || !state.db || !state.db->meta) return;
  for (const diag::Finding& finding : state.keys.value_or(std::vector<diag::Finding>())) sink.Add(finding);
  const Bytes db = state.db_map->bytes();
  const std::string& file = state.layout.db.front().name;
  diag::FindingList found;
  const auto store = mvcc::Store::Open(db, file, found);
  if (!store) return;  // has been reported when the member was loaded
  CheckSeparators(*state.db, *store, found);
  CheckBuckets(*store, state.log.segments.empty() ? nullptr : &state.log, found);
  if (!state.keys) CheckKeys(*store, found);
  // A running member may have overwritten the pages meanwhile.
  const uint64_t transaction = state.db->metas.pages[*state.db->meta].meta.txid;
  if (state.in_use.running && member::HasCommittedSince(transaction, *state.db_map)) return;
  for (diag::Finding& finding : found.items) sink.Add(std::move(finding));
}

// Two readers of one page say the same of it; the first one is kept.
void DropRepeats(std::vector<diag::Finding>& findings) {
  std::set<std::tuple<Code, std::string, uint64_t, uint64_t>> known;
  std::erase_if(findings, [&](const diag::Finding& finding) {
    const std::string_view name = InfoOf(finding.code).name;
    return name.starts_with("DB-") &&
           !known
                .emplace(finding.code, finding.where.file, finding.where.offset,
                         name.starts_with("DB-PAGE") || name.starts_with("DB-META") ? 0 : finding.length)
                .second;
  });
}

}  // namespace

Report Verify(const member::MemberState& state, std::optional<startup::EtcdVersion> version) {
  diag::FindingList found;
  found.items = state.findings;
  CheckLog(state.log, found);
  CheckLeftovers(state, found);
  startup::CheckPermissions(state, found);
  CheckV2(state, found);
  CheckKeySpace(state, found);
  if (state.whole()) {
    CheckPresence(state, found);
    CheckSnapshots(state, found);
    CheckSnapDbs(state, found);
    CheckReach(state, found);
    CheckBackend(state, found);
    CheckMembers(state, found);
    if (state.witness) {
      for (const diag::Finding& finding : state.witness->findings) found.Add(finding);
    } else {
      startup::CheckIndex(state, found);
    }
  }
  DropRepeats(found.items);
  Report report;
  report.findings = std::move(found.items);
  diag::SortFindings(report.findings);
  report.version = version.value_or(startup::GuessVersion(state));
  report.prediction = startup::PredictStart(state, report.version, report.findings);
  return report;
}

}  // namespace etcdmedic::check
