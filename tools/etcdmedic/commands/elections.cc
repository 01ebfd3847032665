// SPDX-License-Identifier: Apache-2.0
#include "raft/elections.h"

#include "cli/flags.h"
#include "render/table.h"
#include "render/text.h"
#include "views/member_fields.h"

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

std::string TextOf(const raft::MembershipChange& change) {
  if (change.change == "joint") return "a joint configuration change";
  if (change.change == "unknown") return "a configuration change that does not decode";
  std::string text =
      fmt::format("{} {:x}", change.change == "add-learner" ? "add learner" : change.change, change.member);
  if (!change.name.empty()) text += " " + change.name;
  for (const std::string& url : change.peer_urls) text += " " + url;
  return text;
}

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
    changes.Add(change.index, change.term, TextOf(change));
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
    WriteDocument(context, "elections",
                  [&](render::Document& document) { WriteElectionFields(document, elections); });
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
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
