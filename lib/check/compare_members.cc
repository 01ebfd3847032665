// SPDX-License-Identifier: Apache-2.0
#include "check/compare_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "check/compare_content.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using diag::Severity;

// A follower that runs lacks what is in flight to it; more than this is not a coincidence.
constexpr uint64_t kInFlight = 10;

bool Has(const std::vector<uint64_t>& ids, uint64_t id) { return std::ranges::find(ids, id) != ids.end(); }

bool Belongs(const Standing& standing) {
  return standing.role == Role::kVoter || standing.role == Role::kLearner || standing.role == Role::kUnknown;
}

uint64_t QuorumOf(const Comparison& comparison) { return comparison.voters.size() / 2 + 1; }

void Add(Comparison& comparison, size_t at, Code code, Severity severity, std::string message) {
  comparison.findings.push_back({code, {comparison.members[at].path, 0}, 0, std::move(message), severity});
}

// The cluster that most of the members belong to; of equally many, that of the first one.
uint64_t MainCluster(const std::vector<MemberFacts>& members) {
  std::map<uint64_t, size_t> count;
  for (const MemberFacts& member : members) count[member.cluster_id] += member.cluster_id != 0 ? 1 : 0;
  uint64_t best = 0;
  for (const MemberFacts& member : members) {
    if (member.cluster_id != 0 && (best == 0 || count[member.cluster_id] > count[best]))
      best = member.cluster_id;
  }
  return best;
}

void CheckIdentity(Comparison& comparison) {
  comparison.cluster_id = MainCluster(comparison.members);
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const MemberFacts& member = comparison.members[i];
    if (member.cluster_id == 0 || member.cluster_id == comparison.cluster_id) continue;
    comparison.same_cluster = false;
    comparison.standings[i].role = Role::kForeign;
    Add(comparison, i, Code::kClusterForeign, Severity::kError,
        fmt::format("cluster {:x}; the others are of cluster {:x}", member.cluster_id,
                    comparison.cluster_id));
  }
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const MemberFacts &member = comparison.members[i], &other = comparison.members[j];
      if (member.id == 0 || member.id != other.id || member.cluster_id != other.cluster_id) continue;
      const bool newer = member.last > other.last;
      Add(comparison, i, Code::kClusterDuplicate, Severity::kError,
          fmt::format(
              "member {:x}, as is {}: one is a copy of the other; {} has the newer log (term {}, entry {})",
              member.id, other.path, newer ? member.path : other.path, std::max(member.last, other.last).term,
              std::max(member.last, other.last).index));
      break;
    }
  }
}

void ChooseMembership(Comparison& comparison) {
  const MemberFacts* newest = nullptr;
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const MemberFacts& member = comparison.members[i];
    if (comparison.standings[i].role == Role::kForeign || member.voters.empty()) continue;
    if (newest == nullptr || member.config_index > newest->config_index) newest = &member;
  }
  if (newest == nullptr) return;
  comparison.voters = newest->voters;
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const MemberFacts& member = comparison.members[i];
    Standing& standing = comparison.standings[i];
    if (standing.role == Role::kForeign || member.id == 0) continue;
    standing.role = Has(newest->voters, member.id)     ? Role::kVoter
                    : Has(newest->learners, member.id) ? Role::kLearner
                                                       : Role::kRemoved;
    if (standing.role != Role::kRemoved) continue;
    Add(comparison, i, Code::kClusterRemoved, Severity::kWarning,
        fmt::format("member {:x} is not one of the members that {} knows as of entry {}{}", member.id,
                    newest->name, newest->config_index,
                    Has(newest->removed, member.id) ? ": it was removed" : ""));
  }
}

// Positions of the given voters, each member once: of two directories of one member that with the newer log.
std::vector<size_t> GivenVoters(const Comparison& comparison) {
  std::map<uint64_t, size_t> newest;
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    if (comparison.standings[i].role != Role::kVoter) continue;
    const auto [at, added] = newest.emplace(comparison.members[i].id, i);
    if (!added && comparison.members[i].last > comparison.members[at->second].last) at->second = i;
  }
  std::vector<size_t> voters;
  for (const auto& [id, at] : newest) voters.push_back(at);
  std::ranges::sort(voters);
  return voters;
}

// Who was voted for has voted for itself. A quorum of votes and an entry of the term prove the leader.
bool Led(const MemberFacts& member, const raft::Term& term, uint64_t quorum) {
  const auto votes = std::ranges::count_if(term.votes, [&](const raft::Vote& vote) {
    return vote.candidate == member.id && vote.member != member.id;
  });
  return votes > 0 && static_cast<uint64_t>(votes) + 1 >= quorum && term.last_entry != 0;
}

// A leader holds every entry of its own term; the others got them from it.
bool LedWhatItLacks(const MemberFacts& member, const raft::Elections& elections, uint64_t quorum) {
  return std::ranges::any_of(elections.terms, [&](const raft::Term& term) {
    return Led(member, term, quorum) && member.last.term <= term.term && member.last.index < term.last_entry;
  });
}

// A committed entry is held by a quorum. True where without this member too few are left who could hold it.
bool QuorumNeeds(const Comparison& comparison, size_t at, uint64_t index) {
  const std::vector<size_t> given = GivenVoters(comparison);
  const auto holders = static_cast<uint64_t>(
      std::ranges::count_if(given, [&](size_t i) { return comparison.members[i].last.index >= index; }));
  const uint64_t absent = comparison.voters.size() - given.size();
  return std::ranges::find(given, at) != given.end() && holders + absent < QuorumOf(comparison);
}

std::string BehindText(const MemberFacts& member, const MemberFacts& ahead, bool lost) {
  const uint64_t commit = std::min(ahead.commit, ahead.last.index);
  const std::string what =
      fmt::format("its log ends at entry {} (term {}), and {} holds committed entries up to {}",
                  member.last.index, member.last.term, ahead.name, commit);
  const std::string panic =
      fmt::format("tocommit({}) is out of range [lastIndex({})]", commit, member.last.index);
  if (lost) {
    return fmt::format(
        "{}; it had acknowledged them, so its directory was put back from an older copy or its disk "
        "lost writes: etcd panics with `{}` once a leader that remembers reaches it",
        what, panic);
  }
  return fmt::format(
      "{}; if it was only stopped it catches up, but if its directory was put back from an older copy "
      "or its disk lost writes, etcd panics with `{}`",
      what, panic);
}

void CheckBehind(Comparison& comparison, const raft::Elections& elections) {
  const MemberFacts* ahead = nullptr;
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const MemberFacts& member = comparison.members[i];
    if (!Belongs(comparison.standings[i])) continue;
    const uint64_t held = std::min(member.commit, member.last.index);
    if (ahead == nullptr || held > std::min(ahead->commit, ahead->last.index)) ahead = &member;
  }
  if (ahead == nullptr) return;
  comparison.commit = std::min(ahead->commit, ahead->last.index);
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const MemberFacts& member = comparison.members[i];
    Standing& standing = comparison.standings[i];
    if (!Belongs(standing) || member.last.index >= comparison.commit) continue;
    standing.behind = comparison.commit - member.last.index;
    standing.lost_entries = QuorumNeeds(comparison, i, comparison.commit) ||
                            LedWhatItLacks(member, elections, QuorumOf(comparison));
    Add(comparison, i, Code::kClusterBehind,
        standing.lost_entries         ? Severity::kError
        : standing.behind > kInFlight ? Severity::kWarning
                                      : Severity::kNote,
        BehindText(member, *ahead, standing.lost_entries));
  }
}

// Unknown is the outcome of a log that was given alone.
bool Starts(const MemberFacts& member) {
  return startup::IsGood(member.outcome) || member.outcome == startup::Outcome::kUnknown;
}

// A member that etcd starts, and whose content is not in doubt.
bool CanServe(const Comparison& comparison, size_t at) {
  const Standing& standing = comparison.standings[at];
  return Starts(comparison.members[at]) && !standing.contradicts && !standing.lost_entries;
}

Chance ChanceOf(const Comparison& comparison, const std::vector<size_t>& given, size_t at) {
  if (!CanServe(comparison, at)) return Chance::kNo;
  const auto votes = static_cast<uint64_t>(std::ranges::count_if(given, [&](size_t voter) {
    return voter == at || (Starts(comparison.members[voter]) &&
                           comparison.members[at].last >= comparison.members[voter].last);
  }));
  const uint64_t absent = comparison.voters.size() - given.size();
  if (votes >= QuorumOf(comparison)) return Chance::kYes;
  return votes + absent >= QuorumOf(comparison) ? Chance::kDepends : Chance::kNo;
}

void ChooseStart(Comparison& comparison, const std::vector<size_t>& given) {
  for (const size_t i : given) {
    if (!CanServe(comparison, i)) continue;
    const auto rank = [&](size_t at) {
      return std::tuple(comparison.members[at].sound, comparison.members[at].last,
                        comparison.members[at].applied);
    };
    if (!comparison.start_from || rank(i) > rank(*comparison.start_from)) comparison.start_from = i;
  }
}

void CheckQuorum(Comparison& comparison, const std::vector<size_t>& given) {
  if (comparison.voters.empty() || given.empty()) return;
  const auto serving =
      static_cast<uint64_t>(std::ranges::count_if(given, [&](size_t i) { return CanServe(comparison, i); }));
  const uint64_t absent = comparison.voters.size() - given.size();
  if (serving + absent >= QuorumOf(comparison)) return;
  Add(comparison, given.front(), Code::kClusterQuorum, Severity::kError,
      fmt::format("of {} voters {} can start and {} not given; {} are needed to elect a leader",
                  comparison.voters.size(), serving, absent == 1 ? "1 was" : fmt::format("{} were", absent),
                  QuorumOf(comparison)));
}

std::string MemberName(const MemberFacts& member) {
  return member.name == member.path ? member.path : member.name;
}

std::string AddAgain(const MemberFacts& member) {
  return fmt::format(
      "remove {0} and add it again: `etcdctl member remove {1:x}`, empty {2}, then `etcdctl member "
      "add`; never repair its log",
      MemberName(member), member.id, member.path);
}

// Where none can start as it is: the one whose repair saves most.
std::optional<size_t> WorthRepairing(const Comparison& comparison) {
  std::optional<size_t> best;
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    if (!Belongs(comparison.standings[i]) || comparison.standings[i].contradicts) continue;
    if (!best || comparison.members[i].last > comparison.members[*best].last) best = i;
  }
  return best;
}

std::string StartText(const Comparison& comparison) {
  const MemberFacts& member = comparison.members[*comparison.start_from];
  return fmt::format("start from {}: it holds term {}, entry {}, revision {}", MemberName(member),
                     member.last.term, member.last.index, member.revision);
}

}  // namespace

std::string_view NameOf(Chance chance) {
  constexpr std::string_view kNames[] = {"no", "depends", "yes"};
  return kNames[static_cast<size_t>(chance)];
}

std::string_view NameOf(Role role) {
  constexpr std::string_view kNames[] = {"voter", "learner", "removed", "foreign", "unknown"};
  return kNames[static_cast<size_t>(role)];
}

bool Comparison::sound() const {
  return diag::WorstOf(findings) == Severity::kNote && std::ranges::all_of(members, &MemberFacts::sound);
}

Comparison CompareFacts(std::vector<MemberFacts> members, const raft::Elections& elections) {
  Comparison comparison;
  comparison.standings.resize(members.size());
  comparison.members = std::move(members);
  CheckIdentity(comparison);
  ChooseMembership(comparison);
  CheckBehind(comparison, elections);
  return comparison;
}

void Conclude(Comparison& comparison) {
  const std::vector<size_t> given = GivenVoters(comparison);
  for (const size_t i : given) comparison.standings[i].election = ChanceOf(comparison, given, i);
  ChooseStart(comparison, given);
  CheckQuorum(comparison, given);
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    Standing& standing = comparison.standings[i];
    const bool counts = standing.role == Role::kVoter || standing.role == Role::kLearner;
    standing.replace = counts && !CanServe(comparison, i) && comparison.start_from.has_value();
  }
  diag::SortFindings(comparison.findings);
}

Comparison CompareMembers(const std::vector<const member::MemberState*>& states,
                          const std::vector<Report>& reports) {
  std::vector<MemberFacts> facts;
  for (size_t i = 0; i < states.size(); ++i) facts.push_back(FactsOf(*states[i], reports[i]));
  const uint64_t cluster = MainCluster(facts);
  std::vector<const raft::Log*> logs;
  for (size_t i = 0; i < states.size(); ++i) {
    if (facts[i].cluster_id == cluster) logs.push_back(&states[i]->log);
  }
  Comparison comparison = CompareFacts(std::move(facts), raft::FindElections(logs));
  CompareEntries(states, comparison);
  CompareKeys(states, comparison);
  Conclude(comparison);
  return comparison;
}

std::vector<std::string> Advice(const Comparison& comparison) {
  std::vector<std::string> advice;
  if (comparison.start_from) advice.push_back(StartText(comparison));
  if (const auto best = WorthRepairing(comparison); best && !comparison.start_from) {
    const MemberFacts& member = comparison.members[*best];
    advice.push_back(
        fmt::format("no member can start as it is; of those given {} has the newest log (term {}, entry {}): "
                    "`etcdmedic repair {}`",
                    MemberName(member), member.last.term, member.last.index, member.path));
  }
  const bool quorum_lost = std::ranges::any_of(
      comparison.findings, [](const auto& finding) { return finding.code == Code::kClusterQuorum; });
  if (comparison.start_from && quorum_lost) {
    const MemberFacts& member = comparison.members[*comparison.start_from];
    advice.push_back(
        fmt::format("without a quorum it must found the cluster alone: `etcd --data-dir {} "
                    "--force-new-cluster` once, then add the others as new members",
                    member.path));
  }
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const MemberFacts& member = comparison.members[i];
    const Standing& standing = comparison.standings[i];
    if (standing.role == Role::kForeign)
      advice.push_back(fmt::format("keep {} apart: it is of another cluster", member.path));
    if (standing.role == Role::kRemoved)
      advice.push_back(fmt::format("do not start {}: it is no longer a member; its directory can be deleted",
                                   MemberName(member)));
    if (standing.replace) advice.push_back(AddAgain(member));
    if (!standing.replace && standing.role == Role::kVoter && standing.behind > kInFlight)
      advice.push_back(fmt::format("start {} last; if its directory is an older copy, {}", MemberName(member),
                                   AddAgain(member)));
  }
  return advice;
}

}  // namespace etcdmedic::check
