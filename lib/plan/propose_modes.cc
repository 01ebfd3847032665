// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "plan/draft.h"
#include "plan/edit.h"
#include "startup/permissions.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

// Directories from the outside in, so that each can be reached when its turn comes; then the files in them.
std::vector<const member::File*> PartsOf(const member::Layout& layout) {
  std::vector<const member::File*> parts = member::FoldersOf(layout);
  for (const auto* list : {&layout.segments, &layout.snapshots, &layout.db}) {
    for (const member::File& file : *list) parts.push_back(&file);
  }
  return parts;
}

bool IsClosed(const Draft& draft, const member::File& file) {
  return std::ranges::any_of(draft.report.findings, [&](const diag::Finding& finding) {
    return finding.code == Code::kFilePermission && finding.severity > diag::Severity::kNote &&
           finding.where.file == file.name;
  });
}

}  // namespace

// What the owner of the data directory, as whom etcd runs, cannot use.
void PlanModes(Draft& draft) {
  const auto runner = startup::RunnerOf(draft.state.layout);
  if (!runner) return;
  Step step{.heals = {Code::kFilePermission}};
  for (const member::File* file : PartsOf(draft.state.layout)) {
    const bool folder = file->kind == FileKind::kDirectory;
    const bool outside = folder && file->name.starts_with('/');  // a --wal-dir is left to its owner
    if (outside || !IsClosed(draft, *file) || (!folder && file->kind != FileKind::kRegular)) continue;
    step.edits.push_back(
        SetOwnerEdit(file->name, {runner->uid, runner->gid, file->mode | (folder ? 0700U : 0600U)}));
    step.title += (step.title.empty() ? "let its owner use " : ", ") + file->name;
  }
  if (step.edits.empty()) return;
  step.why = fmt::format("etcd runs as user {}, who owns the data directory, and reads and writes them all",
                         runner->uid);
  step.asked_for = true;  // what could not be opened here is not read again before it is done
  draft.Add(std::move(step));
}

}  // namespace etcdmedic::plan
