// SPDX-License-Identifier: Apache-2.0
#include "render/text.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"snap dump DIR", "the newest snapshot: index, term, members"},
};

void WriteIds(render::Document& document, std::string_view key, const std::vector<uint64_t>& ids) {
  document.Key(key);
  document.BeginList();
  for (const uint64_t id : ids) document.String(Hex(id));
  document.EndList();
}

void WriteStrings(render::Document& document, std::string_view key, const std::vector<std::string>& texts) {
  document.Key(key);
  document.BeginList();
  for (const std::string& text : texts) document.String(text);
  document.EndList();
}

void WriteSnapshot(render::Document& document, const member::SnapFile& file) {
  const snap::Snapshot& snapshot = *file.content;
  document.BeginMap();
  document.Field("schema", "etcdmedic.snapshot/v1");
  document.Field("file", file.file);
  document.Field("index", snapshot.index);
  document.Field("term", snapshot.term);
  document.Field("crc", snapshot.crc);
  WriteIds(document, "voters", snapshot.conf_state.voters);
  WriteIds(document, "learners", snapshot.conf_state.learners);
  document.Field("store_bytes", snapshot.store.size());
  if (const auto membership = snap::ParseMembership(snapshot.store)) {
    document.Field("cluster_version", membership->cluster_version);
    document.Key("members");
    document.BeginList();
    for (const cluster::Member& member : membership->members) {
      document.BeginMap();
      document.Field("id", Hex(member.id));
      document.Field("name", member.name);
      document.Field("learner", member.is_learner);
      WriteStrings(document, "peer_urls", member.peer_urls);
      WriteStrings(document, "client_urls", member.client_urls);
      document.EndMap();
    }
    document.EndList();
    if (!membership->incomplete.empty()) WriteIds(document, "incomplete", membership->incomplete);
    WriteIds(document, "removed", membership->removed);
  }
  document.EndMap();
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
  render::Document document(context.out, format);
  const member::SnapFile* newest = state->NewestSnapshot();
  if (newest != nullptr) WriteSnapshot(document, *newest);
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
};

}  // namespace etcdmedic::tool
