// SPDX-License-Identifier: Apache-2.0
#include "render/text.h"
#include "shared.h"

namespace etcdmedic::tool {
namespace {

uint64_t SizeOf(const std::vector<member::File>& files) {
  uint64_t size = 0;
  for (const member::File& file : files) size += file.size;
  return size;
}

Facts FactsOf(const check::MemberState& state, const check::Report& report) {
  Facts facts;
  const auto add = [&](std::string name, std::string value) {
    facts.emplace_back(std::move(name), std::move(value));
  };
  add("kind", std::string(member::NameOf(state.layout.kind)));
  add("running", state.in_use.running ? "yes, it holds " + state.in_use.what : "no");
  if (state.log.metadata)
    add("member_id", Hex(state.log.metadata->node_id)),
        add("cluster_id", Hex(state.log.metadata->cluster_id));
  if (!state.log.segments.empty()) {
    add("wal", fmt::format("{}, {}", render::Count(state.log.segments.size(), "segment"),
                           render::HumanSize(SizeOf(state.layout.segments))));
    add("entries", state.log.surviving.empty()
                       ? "none"
                       : fmt::format("{} to {}", state.log.first_index(), state.log.last_index()));
  }
  if (state.log.state) {
    add("term", fmt::format("{}", state.log.state->term));
    add("vote", Hex(state.log.state->vote));
    add("commit", fmt::format("{}", state.log.state->commit));
  }
  if (const check::SnapFile* snap = state.NewestSnapshot()) {
    add("snapshot",
        fmt::format("index {} term {} ({})", snap->content->index, snap->content->term, snap->file));
  }
  if (state.backend) {
    const mvcc::BackendState& backend = *state.backend;
    add("db", fmt::format("{}, page size {}, transaction {}", render::HumanSize(SizeOf(state.layout.db)),
                          backend.page_size, backend.txid));
    if (backend.revision) add("revision", fmt::format("{}", *backend.revision));
    if (backend.compact_revision) add("compact_revision", fmt::format("{}", *backend.compact_revision));
    if (backend.consistent_index) add("consistent_index", fmt::format("{}", *backend.consistent_index));
    if (backend.term) add("applied_term", fmt::format("{}", *backend.term));
    if (!backend.storage_version.empty()) add("storage_version", backend.storage_version);
    if (!backend.cluster_version.empty()) add("cluster_version", backend.cluster_version);
    add("members", fmt::format("{}", backend.members.size()));
  }
  size_t worse = 0;
  for (const diag::Finding& finding : report.findings)
    worse += finding.severity > diag::Severity::kNote ? 1 : 0;
  add("health", worse == 0 ? "sound" : render::Count(worse, "finding") + " worse than a note; see verify");
  if (report.prediction.outcome != check::Outcome::kUnknown) {
    add("etcd_would", fmt::format("{} (as etcd {}.{})", NameOf(report.prediction.outcome),
                                  report.version.major, report.version.minor));
  }
  return facts;
}

}  // namespace

int RunInfo(Context& context, const Args& args) {
  auto state = Load(args);
  if (!state) return Report(context, state.error());
  const check::Report report = check::Verify(*state);
  const Facts facts = FactsOf(*state, report);
  if (context.format == render::Format::kTable || context.format == render::Format::kName) {
    PrintFacts(context, facts);
  } else {
    render::Document document(context.out, context.format);
    document.BeginMap();
    document.Field("schema", "etcdmedic.info/v1");
    document.Field("path", state->layout.given);
    for (const auto& [name, value] : facts) document.Field(name, value);
    document.EndMap();
  }
  return report.damaged() ? kDamaged : kClean;
}

}  // namespace etcdmedic::tool
