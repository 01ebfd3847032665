// SPDX-License-Identifier: Apache-2.0
// The backend put right by other members: one record, or all of it.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "bolt/copy.h"
#include "diag/naming_sink.h"
#include "mvcc/entry_table.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/rebuild.h"

namespace etcdmedic::plan {
namespace {

// Where two members differ in more records than this, and in one of a hundred, they are not two copies of one
// history with a fault in one of them.
constexpr uint64_t kMostDifferent = 8;

bool ProvenBy(const member::MemberState& state, int64_t revision) {
  return state.witness && state.witness->findings.empty() &&
         std::ranges::any_of(state.witness->proven, [&](const keyspace::RevisionSpan& span) {
           return span.begin <= revision && revision < span.end;
         });
}

struct Difference {
  mvcc::RevisionKey id;
  uint64_t place = 0;  // of the record in this member's db
  Bytes own, theirs;   // key and value
};

struct Comparison {
  uint64_t equal = 0;
  std::vector<Difference> differences;
  bool apart() const { return differences.size() > kMostDifferent + equal / 100; }
};

// The records of all revisions that both hold.
std::optional<Comparison> Compare(const mvcc::Store& own, const mvcc::Store& theirs) {
  const auto a = mvcc::EntryTable::Read(own.view(), "key"), b = mvcc::EntryTable::Read(theirs.view(), "key");
  if (!a || !b) return std::nullopt;
  Comparison compared;
  for (uint32_t i = 0, j = 0; i < a->size() && j < b->size();) {
    const auto order = AsText(a->KeyAt(i)).substr(0, mvcc::kRevisionSize) <=>
                       AsText(b->KeyAt(j)).substr(0, mvcc::kRevisionSize);
    const auto id = mvcc::ParseRevisionKey(a->KeyAt(i));
    if (order == 0 && id) {
      const auto whole = [](const mvcc::EntryTable& table, uint32_t at) {
        return Bytes(table.KeyAt(at).data(), table.KeySize(at) + table.ValueAt(at).size());
      };
      const Bytes mine = whole(*a, i), other = whole(*b, j);
      if (AsText(mine) == AsText(other)) {
        ++compared.equal;
      } else {
        compared.differences.push_back({*id, a->OffsetOf(i), mine, other});
      }
    }
    i += order <= 0;
    j += order >= 0;
  }
  return compared;
}

// Whether the record of `other`, which this member's log does not contradict, is the right one.
bool IsRight(const Sibling& other, const Difference& difference) {
  return difference.own.size() == difference.theirs.size() &&
         ProvenBy(*other.state, difference.id.revision.main);
}

void TakeRecords(Draft& draft, const mvcc::Store& own, const Sibling& other) {
  diag::NoSink ignored;
  const auto theirs = mvcc::Store::Open(other.state->db_map->bytes(), other.name, ignored);
  const auto compared = theirs ? Compare(own, *theirs) : std::nullopt;
  if (!compared || compared->differences.empty()) return;
  if (compared->apart())
    return draft.Advise(fmt::format(
        "{} differs in {} of {} records: they have different histories, so none is taken", other.name,
        compared->differences.size(), compared->differences.size() + compared->equal));
  std::vector<Edit> edits;
  std::vector<std::string> provenance;
  for (const Difference& difference : compared->differences) {
    const std::string revision = mvcc::TextOf(difference.id.revision);
    if (ProvenBy(draft.state, difference.id.revision.main)) continue;  // the other one is wrong
    if (!IsRight(other, difference)) {
      draft.Advise(
          fmt::format("the record of revision {} differs from that of {}, and no log tells which is right",
                      revision, other.name));
      continue;
    }
    edits.push_back(
        WriteEdit(DbName(draft), Db(draft), difference.place, std::string(AsText(difference.theirs))));
    provenance.push_back(
        fmt::format("the record of revision {}: the db of {}, whose log proves it", revision, other.name));
  }
  if (edits.empty()) return;
  Step step{.title = edits.size() == 1 ? fmt::format("put a record of db right, as {} has it", other.name)
                                       : fmt::format("put {} records of db right, as {} has them",
                                                     edits.size(), other.name),
            .why = "the other member's log proves its records, and this member's log does not prove its own",
            .edits = std::move(edits),
            .asked_for = true,
            .provenance = std::move(provenance)};
  draft.Add(std::move(step));
}

// The whole state of another member, where this one's log goes on from it.
void TakeDb(Draft& draft, const Sibling& other) {
  const uint64_t index = *other.state->backend->consistent_index;
  std::string title = fmt::format("write db with the state of {} after entry {}{}", other.name, index,
                                  draft.state.layout.db.empty() ? "" : "; set the old file aside");
  if (draft.WasRefused(title)) return;
  auto edits = EditsForOlderBackend(draft, index);
  if (!edits && draft.KnownReach() > index) return;
  if (!edits) edits.emplace();
  diag::NoSink ignored;
  const auto view = bolt::View::Open(other.state->db_map->bytes(), other.name, ignored);
  if (!view) return;
  bool whole = false;
  auto made = NewDb(draft, [&](bolt::PageSink& sink) -> Result<void> {
    bolt::Builder builder(sink, {view->meta().page_size, 90});
    const auto copied = bolt::Copy(*view, builder);
    if (!copied) return Propagate(copied);
    whole = copied->whole && copied->repeated == 0;
    return {};
  });
  if (!made || !whole) return;
  edits->insert(edits->end(), made->begin(), made->end());
  Step step =
      WayTo(draft, std::move(title),
            "members that have applied the same entries hold the same state; the logs agree on the terms "
            "of all committed entries that both hold",
            std::move(*edits));
  step.provenance.push_back(fmt::format("all of db: the db of {}", other.name));
  draft.Add(std::move(step));
}

}  // namespace

void TakeDbOfSibling(Draft& draft) {
  for (const Sibling& other : draft.options.siblings) {
    if (other.HasSoundBackend()) TakeDb(draft, other);
    if (!draft.proposal.steps.empty()) return;
  }
}

void PlanRecordsOfSiblings(Draft& draft) {
  if (draft.options.siblings.empty() || !draft.state.db_map || !draft.state.db || !draft.state.db->sound)
    return;
  diag::NoSink ignored;
  const auto own = mvcc::Store::Open(Db(draft), DbName(draft), ignored);
  if (!own) return;
  for (const Sibling& other : draft.options.siblings) {
    if (other.HasSoundBackend()) TakeRecords(draft, *own, other);
    if (!draft.proposal.steps.empty()) return;
  }
}

}  // namespace etcdmedic::plan
