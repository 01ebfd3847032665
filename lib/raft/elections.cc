// SPDX-License-Identifier: Apache-2.0
#include "raft/elections.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/walk.h"
#include "raft/messages.h"

namespace etcdmedic::raft {
namespace {

// raftpb.ConfChange, as far as a line about it needs it.
class ConfChangeReader final : public MessageVisitor {
 public:
  void OnNumber(const FieldInfo& field, uint64_t value) override {
    if (field.name == "type") type = value;
    if (field.name == "node_id") node_id = value;
  }
  void OnBytes(const FieldInfo& field, Bytes value) override {
    if (field.name == "context") context = value;
  }
  void OnBegin(const FieldInfo&) override {}
  void OnEnd(const FieldInfo&) override {}
  void OnUnknown(uint32_t, bool, uint64_t, Bytes) override {}
  uint64_t type = 0;
  uint64_t node_id = 0;
  Bytes context;
};

std::string Describe(const EntryMark& mark) {
  if (mark.type != EntryType::kConfChange) return "a joint configuration change";
  ConfChangeReader change;
  if (!WalkMessage(kConfChange, AsBytes(mark.data), change))
    return "a configuration change that does not decode";
  const auto json = nlohmann::json::parse(AsText(change.context), nullptr, false);
  const auto text = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string()
               ? " " + json[name].get<std::string>()
               : std::string();
  };
  const bool promote = json.is_object() && json.contains("isPromote") && json["isPromote"].is_boolean() &&
                       json["isPromote"].get<bool>();
  constexpr std::string_view kVerbs[] = {"add", "remove", "update", "add learner"};
  std::string line = fmt::format("{} {:x}{}",
                                 promote           ? "promote"
                                 : change.type < 4 ? kVerbs[change.type]
                                                   : "change",
                                 change.node_id, text("name"));
  if (json.is_object() && json.contains("peerURLs") && json["peerURLs"].is_array()) {
    for (const auto& url : json["peerURLs"]) {
      if (url.is_string()) line += " " + url.get<std::string>();
    }
  }
  return line;
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
        if (mark.type != EntryType::kNormal) changes[mark.index] = {mark.index, mark.term, Describe(mark)};
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
