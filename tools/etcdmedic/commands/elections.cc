// SPDX-License-Identifier: Apache-2.0
#include "raft/elections.h"

#include "cli/flags.h"
#include "render/table.h"
#include "render/text.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"elections DIR", "terms, votes, leaders and membership changes"},
};

std::string VotesText(const raft::Term& term) {
  std::string text;
  for (const raft::Vote& vote : term.votes) {
    text += fmt::format("{}{:x}->{}", text.empty() ? "" : " ", vote.member,
                        vote.candidate == 0 ? "none" : Hex(vote.candidate));
  }
  return text;
}

std::string IndexText(uint64_t index) { return index == 0 ? "-" : fmt::format("{}", index); }

void PrintTable(Context& context, const raft::Elections& elections) {
  render::Table terms(
      context.out,
      {{"TERM"}, {"LEADER"}, {"BEGAN AT"}, {"FIRST ENTRY"}, {"LAST ENTRY"}, {"VOTES (MEMBER->CANDIDATE)"}});
  for (const raft::Term& term : elections.terms) {
    terms.Add(term.term, term.leader == 0 ? "unknown" : Hex(term.leader) + (term.leader_certain ? "" : "?"),
              IndexText(term.first_index), IndexText(term.first_entry), IndexText(term.last_entry),
              VotesText(term));
  }
  terms.Flush();
  if (elections.membership.empty()) return;
  context.out.Write("\n");
  render::Table changes(context.out, {{"INDEX"}, {"TERM"}, {"MEMBERSHIP"}});
  for (const raft::MembershipChange& change : elections.membership)
    changes.Add(change.index, change.term, change.text);
}

void Write(render::Document& document, const raft::Elections& elections) {
  document.BeginMap();
  document.Field("schema", "etcdmedic.elections/v1");
  document.Key("terms");
  document.BeginList();
  for (const raft::Term& term : elections.terms) {
    document.BeginMap();
    document.Field("term", term.term);
    document.Field("leader", term.leader == 0 ? std::string() : Hex(term.leader));
    document.Field("leader_certain", term.leader_certain);
    document.Field("began_at", term.first_index);
    document.Field("first_entry", term.first_entry);
    document.Field("last_entry", term.last_entry);
    document.Key("votes");
    document.BeginList();
    for (const raft::Vote& vote : term.votes) {
      document.BeginMap();
      document.Field("member", Hex(vote.member));
      document.Field("candidate", vote.candidate == 0 ? std::string() : Hex(vote.candidate));
      document.EndMap();
    }
    document.EndList();
    document.EndMap();
  }
  document.EndList();
  document.Key("membership");
  document.BeginList();
  for (const raft::MembershipChange& change : elections.membership) {
    document.BeginMap();
    document.Field("index", change.index);
    document.Field("term", change.term);
    document.Field("change", change.text);
    document.EndMap();
  }
  document.EndList();
  document.EndMap();
}

int Run(Context& context, const Args& args) {
  std::vector<member::MemberState> states;
  int unopened = kClean;
  const std::string wal_dir = args.Get("--wal-dir").value_or("");
  if (!wal_dir.empty() && args.positional().size() > 1)
    return Report(context,
                  {Errc::kUsage, {}, "--wal-dir goes with one data directory; a log can be given itself"});
  for (const std::string& path : args.positional()) {
    auto state = LoadLog(member::Recognise(path, wal_dir));
    if (!state) return Report(context, state.error());
    unopened |= NoteUnopened(context, *state);
    NoteRunning(context, state->in_use);
    states.push_back(std::move(*state));
  }
  std::vector<const raft::Log*> logs;
  bool damaged = false;
  for (const member::MemberState& state : states) {
    logs.push_back(&state.log);
    for (const raft::Segment& segment : state.log.segments) damaged = damaged || !segment.damages.empty();
    if (state.log.metadata && states.front().log.metadata &&
        state.log.metadata->cluster_id != states.front().log.metadata->cluster_id) {
      return Report(context, {Errc::kUsage, {state.layout.given, 0}, "is of another cluster"});
    }
  }
  const raft::Elections elections = raft::FindElections(logs);
  if (context.format == render::Format::kTable) {
    PrintTable(context, elections);
  } else {
    render::Document document(context.out, context.format);
    Write(document, elections);
  }
  return (damaged ? kDamaged : kClean) | unopened;
}

}  // namespace

extern const Command kElections = {
    .name = "elections",
    .positional = "PATH...",
    .summary = "terms, votes, leaders and membership changes of one or more members",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
