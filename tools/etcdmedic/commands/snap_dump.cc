// SPDX-License-Identifier: Apache-2.0
#include "render/text.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"snap dump DIR", "the newest snapshot: index, term, members"},
};

void WriteSnapshot(render::Document& document, const member::SnapFile& file) {
  const snap::Snapshot& snapshot = *file.content;
  document.Field("file", file.file);
  document.Field("index", snapshot.index);
  document.Field("term", snapshot.term);
  document.Field("crc", snapshot.crc);
  document.Ids("voters", snapshot.conf_state.voters);
  document.Ids("learners", snapshot.conf_state.learners);
  document.Field("store_size", snapshot.store.size());
  const auto membership = snap::ParseMembership(snapshot.store);
  if (!membership) return;
  document.FieldIf("cluster_version", membership->cluster_version);
  document.List("members", membership->members,
                [&](const cluster::Member& member) { WriteMember(document, member); });
  if (!membership->incomplete.empty()) document.Ids("incomplete_members", membership->incomplete);
  document.Ids("removed_members", membership->removed);
}

int Run(Context& context, const Args& args) {
  auto layout = member::Recognise(args.positional());
  if (!layout) return Report(context, layout.error());
  layout->segments.clear();
  layout->db.clear();
  if (layout->snapshots.empty()) return Report(context, member::Lacking(*layout, "holds no .snap file"));
  auto state = member::LoadMember(std::move(*layout), {1, true, false});
  if (!state) return Report(context, state.error());
  const auto format = context.format == render::Format::kTable ? render::Format::kYaml : context.format;
  render::WriteDocument(context.out, format, "snap-dump", [&](render::Document& document) {
    if (const member::SnapFile* newest = state->NewestSnapshot()) WriteSnapshot(document, *newest);
    WriteFindings(document, state->findings);
  });
  NoteFindings(context, state->findings);
  return state->findings.empty() ? kClean : kDamaged;
}

}  // namespace

extern const Command kSnapDump = {
    .name = "snap dump",
    .positional = "PATH",
    .summary = "the contents of a .snap file",
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
