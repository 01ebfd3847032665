// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/path.h"
#include "plan/draft.h"
#include "plan/edit.h"
#include "plan/rebuild.h"

namespace etcdmedic::plan {

using diag::Code;

void PlanHealings(Draft& draft) {
  for (const raft::Segment& segment : draft.state.log.segments) {
    for (const wal::Damage& damage : segment.damages) {
      for (const wal::Healing& healing : damage.healings) {
        Step step{.heals = {check::CodeOf(damage)}, .why = healing.proof};
        step.title = healing.single_bit ? fmt::format("flip one bit back at {} of {}", healing.offset,
                                                      BaseName(segment.file))
                                        : fmt::format("put {} bytes right at {} of {}", healing.bytes.size(),
                                                      healing.offset, BaseName(segment.file));
        step.edits.push_back(WriteEdit(segment.file, segment.bytes, healing.offset, healing.bytes));
        draft.Add(std::move(step));
      }
    }
  }
}

void PlanTailGarbage(Draft& draft) {
  for (const raft::Segment& segment : draft.state.log.segments) {
    for (const raft::SlackSpan& slack : segment.slack) {
      if (slack.kind != wal::Slack::kGarbageTail) continue;
      draft.Add(
          {.heals = {Code::kWalTailGarbage},
           .title =
               fmt::format("zero {} bytes at {} of {}", slack.length, slack.offset, BaseName(segment.file)),
           .why = "etcd stops at the zero length before them and never reads them",
           .edits = {WriteEdit(segment.file, segment.bytes, slack.offset, std::string(slack.length, '\0'))}});
    }
  }
}

void PlanSnapshots(Draft& draft) {
  for (const member::SnapFile& file : draft.state.snapshots) {
    if (file.content) continue;
    const auto heal = snap::HealSnapshot(file.bytes);
    if (heal) {
      draft.Add(
          {.heals = {Code::kSnapCrcMismatch},
           .title = fmt::format("flip one bit back at {} of {}", heal->offset, BaseName(file.file)),
           .why = "it is the only bit whose flip explains the CRC, and the file then reads as a snapshot",
           .edits = {WriteEdit(file.file, file.bytes, heal->offset,
                               std::string(1, static_cast<char>(heal->byte)))}});
      continue;
    }
    draft.Add({.heals = draft.CodesOf(file.file),
               .title = fmt::format("set {} aside", BaseName(file.file)),
               .why = "etcd cannot read it and would set it aside itself; it continues from an older one, or "
                      "from the log",
               .edits = {RenameEdit(file.file, file.bytes, AsideName(draft.state, file.file))}});
  }
}

// Left-over files are removed only where they are not what a stopped member normally leaves.
void PlanLeftovers(Draft& draft) {
  for (const member::File& file : draft.state.layout.wal_tmp) {
    const std::string name = BaseName(file.name);
    if (name == "0.tmp" || name == "1.tmp") continue;
    const auto content = MappedFile::Open(file.path);
    if (!content) continue;
    draft.Add({.heals = {Code::kWalTmpLeft},
               .title = fmt::format("remove {}", name),
               .why = "a preallocated segment that no start of etcd will use",
               .edits = {RemoveEdit(file.name, content->bytes())}});
  }
}

}  // namespace etcdmedic::plan
