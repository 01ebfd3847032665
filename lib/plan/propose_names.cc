// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/path.h"
#include "plan/draft.h"
#include "plan/edit.h"
#include "plan/rebuild.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

// The segment before it does not lead to it, and another one, which holds the same, is where it belongs.
bool IsStrayCopy(const Draft& draft, size_t at) {
  const auto& segments = draft.state.log.segments;
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

// As the segment does that etcd still writes to; it cuts the zeros off when it begins the next one.
bool EndsInZeros(const raft::Segment& segment) {
  return !segment.slack.empty() && segment.slack.back().kind == wal::Slack::kZeroTail;
}

std::vector<Code> CodesOfNames(const Draft& draft) {
  std::vector<Code> codes;
  for (const Code code : {Code::kWalSegmentSwapped, Code::kWalSegmentMisnamed, Code::kWalSegmentMissing,
                          Code::kWalSegmentFirstMissing, Code::kWalSeedWrong}) {
    if (std::ranges::find(draft.report.findings, code, &diag::Finding::code) != draft.report.findings.end())
      codes.push_back(code);
  }
  return codes;
}

bool SameOrder(const std::vector<size_t>& order) { return std::ranges::is_sorted(order); }

// The i-th content's name: the i-th sequence from the first one's, and the index of the entry it begins
// with.
std::string RightName(const Draft& draft, size_t i, const std::vector<size_t>& order) {
  const raft::Segment& content = draft.state.log.segments[order[i]];
  const auto& first = draft.state.log.segments[order.front()];
  const uint64_t start = first.chain.first_crc == 0U
                             ? 0
                             : draft.state.log.segments.front().name.value_or(wal::SegmentName{}).sequence;
  uint64_t index = 0;
  for (size_t j = 0; j < i; ++j) {
    const raft::Segment& before = draft.state.log.segments[order[j]];
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

}  // namespace

// A segment that was copied over another, or beside it. Where it took the place of the log's end, that is
// lost.
void PlanCopies(Draft& draft) {
  const auto& segments = draft.state.log.segments;
  if (!draft.state.whole()) return;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (!IsStrayCopy(draft, i)) continue;
    const bool ends_before = i > 0 && EndsInZeros(segments[i - 1]);
    const bool safe = i + 1 < segments.size() || ends_before;
    Step step{.safety = safe ? Safety::kSafe : Safety::kLossy, .heals = draft.CodesOf(segments[i].file)};
    step.title = fmt::format("set the copy {} aside", BaseName(segments[i].file));
    step.why = "another segment holds the same, and the CRC chain leads to that one";
    if (!safe) {
      step.lost_first = segments[i].name ? std::max<uint64_t>(segments[i].name->index, 1) : 1;
      step.loss =
          fmt::format("what the file held before it was overwritten: entries from {} on, if there were any",
                      step.lost_first);
    }
    step.edits.push_back(
        RenameEdit(segments[i].file, segments[i].bytes, AsideName(draft.state, segments[i].file)));
    draft.Add(std::move(step));
    return;
  }
}

// Segments under one another's names: through names that no other file has.
void PlanRenames(Draft& draft) {
  // One file's name, or that of a few picked ones, says nothing about the log that they are of.
  if (draft.state.layout.kind == member::Kind::kSegment) return;
  const auto order = raft::ChainOrder(draft.state.log);
  if (!order) return;
  Step step{.heals = CodesOfNames(draft),
            .why = "the CRC chain leads through the contents in this order only"};
  std::vector<Edit> second;
  for (size_t i = 0; i < order->size(); ++i) {
    const raft::Segment& segment = draft.state.log.segments[(*order)[i]];
    const std::string& from = segment.file;
    const std::string to = RightName(draft, i, *order);
    if (from == to) continue;
    const std::string between = FreeName(draft.state, from, ".swap");
    step.edits.push_back(RenameEdit(from, segment.bytes, between));
    second.push_back(RenameEdit(between, segment.bytes, to));
    step.title += (step.title.empty() ? "rename " : ", ") + BaseName(from) + " to " + BaseName(to);
  }
  if (step.edits.empty()) return;
  step.edits.insert(step.edits.end(), second.begin(), second.end());
  draft.Add(std::move(step));
}

// An empty last segment is dropped where the log before it is complete; else the log is rebuilt.
void PlanEmptySegments(Draft& draft) {
  if (draft.state.log.segments.empty() || draft.AllSegmentsEmpty()) return;
  const raft::Segment& last = draft.state.log.segments.back();
  if (!IsEmpty(last) || draft.NeedsRebuild()) return;
  draft.Add({.heals = {Code::kWalSegmentEmpty},
             .title = fmt::format("remove the empty segment {}", BaseName(last.file)),
             .why = "it holds no record, and neither the commit index nor the backend knows of an entry "
                    "after the segment before it",
             .edits = {RemoveEdit(last.file, last.bytes)}});
}

}  // namespace etcdmedic::plan
