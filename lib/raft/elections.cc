// SPDX-License-Identifier: Apache-2.0
#include "raft/elections.h"

#include <algorithm>

#include "raft/conf_change.h"

namespace etcdmedic::raft {
namespace {

MembershipChange ChangeOf(const EntryMark& mark) {
  MembershipChange found{mark.index, mark.term, "joint", 0, {}, {}};
  if (mark.type != EntryType::kConfChange) return found;
  found.change = "unknown";
  const auto change = ParseConfChange(mark);
  if (!change) return found;
  constexpr std::string_view kChanges[] = {"add", "remove", "update", "add-learner"};
  found.change = change->promote ? "promote" : kChanges[static_cast<size_t>(change->type)];
  found.member = change->node_id;
  found.name = change->name;
  found.peer_urls = change->peer_urls;
  return found;
}

void NoteEntries(const Log& log, std::map<uint64_t, Term>& terms) {
  for (const Run& run : log.surviving) {
    Term& term = terms[run.term];
    if (term.first_entry == 0 || run.first < term.first_entry) term.first_entry = run.first;
    term.last_entry = std::max(term.last_entry, run.last);
  }
  for (const Segment& segment : log.segments) {
    for (const EntryMark& mark : segment.marks) {
      if (mark.type != EntryType::kNormal) continue;
      Term& term = terms[mark.term];
      if (term.first_index == 0 || mark.index < term.first_index) term.first_index = mark.index;
    }
  }
}

void NoteVotes(const Log& log, std::map<uint64_t, Term>& terms) {
  const uint64_t member = log.metadata ? log.metadata->node_id : 0;
  for (const Segment& segment : log.segments) {
    for (const StateMark& mark : segment.states) {
      Term& term = terms[mark.state.term];
      const auto found = std::ranges::find(term.votes, member, &Vote::member);
      if (found == term.votes.end()) {
        term.votes.push_back({member, mark.state.vote});
      } else if (mark.state.vote != 0) {
        found->candidate = mark.state.vote;
      }
    }
  }
}

void ChooseLeader(Term& term) {
  std::map<uint64_t, size_t> count;
  for (const Vote& vote : term.votes) {
    if (vote.candidate != 0) ++count[vote.candidate];
  }
  if (term.first_entry == 0 && term.first_index == 0) return;  // no leader is known to have won
  for (const auto& [candidate, votes] : count) {
    if (term.leader != 0 && votes <= count[term.leader]) continue;
    term.leader = candidate;
  }
  if (term.leader != 0) term.leader_certain = 2 * count[term.leader] > term.votes.size();
}

}  // namespace

Elections FindElections(const std::vector<const Log*>& logs) {
  std::map<uint64_t, Term> terms;
  std::map<uint64_t, MembershipChange> changes;
  for (const Log* log : logs) {
    NoteEntries(*log, terms);
    NoteVotes(*log, terms);
    for (const Segment& segment : log->segments) {
      for (const EntryMark& mark : segment.marks) {
        if (mark.type != EntryType::kNormal) changes[mark.index] = ChangeOf(mark);
      }
    }
  }
  Elections found;
  for (auto& [number, term] : terms) {
    term.term = number;
    ChooseLeader(term);
    found.terms.push_back(std::move(term));
  }
  for (auto& [index, change] : changes) found.membership.push_back(std::move(change));
  return found;
}

}  // namespace etcdmedic::raft
