// SPDX-License-Identifier: Apache-2.0
#include "plan/siblings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "plan/backend_faults.h"
#include "plan/rebuild.h"

namespace etcdmedic::plan {
namespace {

using member::MemberState;

uint64_t AppliedBy(const MemberState& state) {
  return state.backend ? state.backend->consistent_index.value_or(0) : 0;
}

uint64_t CommittedBy(const MemberState& state) {
  return std::max(state.log.state ? state.log.state->commit : 0, AppliedBy(state));
}

// What the member knows of the term of an entry.
std::optional<uint64_t> TermBy(const MemberState& state, uint64_t index) {
  if (const auto term = state.log.TermAt(index)) return term;
  for (const raft::SnapshotMark& mark : state.log.snapshots) {
    if (mark.index == index) return mark.term;
  }
  return std::nullopt;
}

tl::unexpected<Error> Refuse(const Sibling& other, std::string why) {
  return Fail(Errc::kRefused, other.name, why + ": nothing is taken from it");
}

Result<void> CheckCluster(const MemberState& own, const Sibling& other) {
  const auto mine = IdentityOf(own), theirs = IdentityOf(*other.state);
  if (!mine) return Refuse(other, "it is not known of which cluster the member to be repaired is");
  if (!theirs) return Refuse(other, "does not say which cluster it belongs to");
  if (mine->cluster_id == theirs->cluster_id) return {};
  return Refuse(other, fmt::format("is of cluster {:x}, the member to be repaired of cluster {:x}",
                                   theirs->cluster_id, mine->cluster_id));
}

struct Contradiction {
  uint64_t index = 0;
  uint64_t own_term = 0;
  uint64_t other_term = 0;
};

// Where both know the term of a committed entry, it is one term.
std::optional<Contradiction> FindContradiction(const MemberState& own, const MemberState& other) {
  const uint64_t end = std::min(CommittedBy(own), CommittedBy(other));
  for (const raft::Run& run : own.log.surviving) {
    for (uint64_t index = run.first; index <= std::min(run.last, end); ++index) {
      const auto theirs = TermBy(other, index);
      if (theirs && *theirs != run.term) return Contradiction{index, run.term, *theirs};
    }
  }
  return std::nullopt;
}

std::string Describe(const Contradiction& found, std::string_view own) {
  return fmt::format(
      "has entry {} of term {}, {} of term {}, though both say that it is committed; they have different "
      "histories",
      found.index, found.other_term, own, found.own_term);
}

// What one of two holds is not what the other would give.
Result<void> CheckOneHistory(const std::vector<Sibling>& siblings) {
  for (size_t i = 0; i < siblings.size(); ++i) {
    for (size_t j = i + 1; j < siblings.size(); ++j) {
      if (const auto found = FindContradiction(*siblings[i].state, *siblings[j].state))
        return Fail(Errc::kRefused, siblings[j].name,
                    Describe(*found, siblings[i].name) + ": name only one of them");
    }
  }
  return {};
}

}  // namespace

bool Sibling::HasSoundBackend() const {
  const bool read = state->whole() && state->backend && state->backend->consistent_index && state->db &&
                    state->db->sound && state->keys;
  return read && BackendFaults(report.findings).empty() && !witness::HistoriesDiffer(report.findings);
}

uint64_t Sibling::Committed() const { return CommittedBy(*state); }

Result<void> CheckSibling(const MemberState& own, const Sibling& other) {
  if (auto same = CheckCluster(own, other); !same) return same;
  if (const auto found = FindContradiction(own, *other.state))
    return Refuse(other, Describe(*found, "the member to be repaired"));
  return {};
}

Result<ChosenSiblings> ChooseSiblings(const MemberState& own, std::vector<Sibling> named) {
  ChosenSiblings chosen;
  for (Sibling& sibling : named) {
    if (auto same = CheckSibling(own, sibling); !same) {
      chosen.refused.push_back(std::move(same.error()));
    } else {
      chosen.usable.push_back(std::move(sibling));
    }
  }
  if (chosen.usable.empty() && !chosen.refused.empty()) return tl::make_unexpected(chosen.refused.front());
  RETURN_IF_ERROR(CheckOneHistory(chosen.usable));
  return chosen;
}

}  // namespace etcdmedic::plan
