// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "pages/report_page.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr size_t kMostRows = 60;  // of members, terms, changes: the newest
constexpr uint64_t kAxis = 1000;  // units of the axis of indexes
constexpr size_t kMostMarks = 200;

std::string IndexText(uint64_t index) { return index == 0 ? std::string() : Grouped(index); }

void WriteTermRow(PageTable& table, const raft::Term& term) {
  std::string votes;
  for (const raft::Vote& vote : term.votes)
    votes += fmt::format("{}{:x} for {}", votes.empty() ? "" : ", ", vote.member,
                         vote.candidate == 0 ? "nobody" : Hex(vote.candidate));
  PageTable::Row row(table);
  row.Number(term.term);
  term.leader == 0 ? row.Text("unknown") : row.Code(Hex(term.leader) + (term.leader_certain ? "" : "?"));
  row.Text(IndexText(term.first_index))
      .Text(IndexText(term.first_entry))
      .Text(IndexText(term.last_entry))
      .Text(votes);
}

// The part of a list that is shown: its end, where the newest is.
template <class Item>
std::span<const Item> Newest(const std::vector<Item>& items, size_t most) {
  return std::span(items).last(std::min(items.size(), most));
}

class IndexAxis {
 public:
  IndexAxis(uint64_t first, uint64_t last) : first_(first), last_(std::max(last, first + 1)) {}
  uint64_t At(uint64_t index) const {
    const auto part = static_cast<double>(std::clamp(index, first_, last_) - first_);
    return static_cast<uint64_t>(part / static_cast<double>(last_ - first_) * kAxis);
  }
  bool Has(uint64_t index) const { return index >= first_ && index <= last_; }
  uint64_t first() const { return first_; }
  uint64_t last() const { return last_; }

 private:
  uint64_t first_, last_;
};

IndexAxis AxisOf(std::span<const raft::Term> terms) {
  uint64_t first = 0, last = 0;
  for (const raft::Term& term : terms) {
    if (term.first_entry == 0) continue;
    first = first == 0 ? term.first_entry : std::min(first, term.first_entry);
    last = std::max(last, term.last_entry);
  }
  return {first, last};
}

// A mark below the terms; at the axis's end it must stay inside.
void Mark(html::Picture& picture, const IndexAxis& axis, std::string_view css_class, uint64_t index,
          uint64_t line) {
  if (index != 0 && axis.Has(index)) picture.Box(css_class, std::min(axis.At(index), kAxis - 4), line, 4, 14);
}

void DrawTerms(std::span<const raft::Term> terms, const IndexAxis& axis, html::Picture& picture) {
  bool odd = false;
  for (const raft::Term& term : terms) {
    if (term.first_entry == 0) continue;
    const uint64_t begin = std::min(axis.At(term.first_entry), kAxis - 2);
    const uint64_t end = std::max(axis.At(term.last_entry), begin + 2);
    picture.Box(odd ? "c-term1" : "c-term0", begin, 0, end - begin, 36);
    odd = !odd;
  }
}

void WriteAxis(html::Writer& page, const raft::Elections& elections, const ReportedMember* member) {
  const auto terms = Newest(elections.terms, kMostRows);
  const IndexAxis axis = AxisOf(terms);
  if (axis.first() == 0) return;
  std::vector<LegendItem> items{{"c-term0", "terms, in alternating shades"}};
  html::Picture picture({kAxis, 70, "timeline", "Terms over the indexes of the log",
                         fmt::format("{} from entry {} to entry {}", Counted(terms.size(), "term"),
                                     axis.first(), axis.last())});
  DrawTerms(terms, axis, picture);
  for (const raft::MembershipChange& change : Newest(elections.membership, kMostMarks))
    Mark(picture, axis, "c-change", change.index, 38);
  if (!elections.membership.empty()) items.push_back({"c-change", "a change of the members"});
  if (member != nullptr) {
    const member::MemberState& state = *member->state;
    for (const member::SnapFile& snap : state.snapshots) {
      if (snap.content) Mark(picture, axis, "c-snapshot", snap.content->index, 54);
    }
    if (!state.snapshots.empty()) items.push_back({"c-snapshot", "a .snap file"});
    const uint64_t commit = state.log.state ? state.log.state->commit : 0;
    Mark(picture, axis, "c-commit", commit, 54);
    if (commit != 0) items.push_back({"c-commit", "committed", Grouped(commit)});
  }
  Legend(page, items);
  picture.Write(page);
  Axis(page, fmt::format("entry {}", Grouped(axis.first())), "",
       fmt::format("entry {}", Grouped(axis.last())));
}

std::string TextOf(const raft::MembershipChange& change) {
  if (change.change == "joint") return "a joint configuration change";
  if (change.change == "unknown") return "a configuration change that does not decode";
  return std::string(change.change == "add-learner" ? "add learner" : change.change);
}

void WriteChanges(html::Writer& page, const std::vector<raft::MembershipChange>& changes) {
  if (changes.empty()) return;
  PageTable table(page, "Changes of the members",
                  {{"Index", true}, {"Term", true}, {"Change"}, {"Member"}, {"Name"}, {"Peer URLs"}});
  for (const raft::MembershipChange& change : Newest(changes, kMostRows)) {
    PageTable::Row row(table);
    row.Number(change.index).Number(change.term).Text(TextOf(change));
    row.Code(change.member == 0 ? std::string() : Hex(change.member))
        .Name(change.name)
        .Text(fmt::format("{}", fmt::join(change.peer_urls, ", ")));
  }
}

}  // namespace

void WriteElections(html::Writer& page, const raft::Elections& elections, const ReportedMember* member,
                    const std::string& id, int level) {
  if (elections.terms.empty() && elections.membership.empty()) return;
  const Section section(page, level, "Terms and elections", id);
  WriteAxis(page, elections, member);
  if (elections.terms.size() > kMostRows)
    page.Element("p",
                 fmt::format("The newest {} of {}.", kMostRows, Counted(elections.terms.size(), "term")));
  {
    PageTable table(page, "Terms",
                    {{"Term", true},
                     {"Leader"},
                     {"Began at", true},
                     {"First entry", true},
                     {"Last entry", true},
                     {"Votes"}});
    for (const raft::Term& term : Newest(elections.terms, kMostRows)) WriteTermRow(table, term);
  }
  WriteChanges(page, elections.membership);
}

void WriteCluster(html::Writer& page, const ReportedMember& member, const std::string& id, int level) {
  const member::MemberState& state = *member.state;
  if (!state.backend) return;
  const mvcc::BackendState& backend = *state.backend;
  if (backend.membership.members.empty() && backend.alarms.empty()) return;
  const Section section(page, level, "Members and alarms", id);
  PageTable table(page, "Members as the backend knows them",
                  {{"Member"}, {"Name"}, {"Role"}, {"Alarms"}, {"Peer URLs"}, {"Client URLs"}});
  for (const cluster::Member& each : Newest(backend.membership.members, kMostRows)) {
    std::string alarms;
    for (const mvcc::Alarm& alarm : backend.alarms)
      if (alarm.member_id == each.id) (alarms += alarms.empty() ? "" : ", ") += NameOf(alarm.type);
    const bool self = state.log.metadata && state.log.metadata->node_id == each.id;
    PageTable::Row row(table);
    row.Code(Hex(each.id))
        .Name(each.name)
        .Text(std::string(each.is_learner ? "learner" : "voter") + (self ? ", this member" : ""))
        .Text(alarms)
        .Text(fmt::format("{}", fmt::join(each.peer_urls, ", ")))
        .Text(fmt::format("{}", fmt::join(each.client_urls, ", ")));
  }
}

}  // namespace etcdmedic::tool
