// SPDX-License-Identifier: Apache-2.0
#include "inputs/salvage_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "diag/naming_sink.h"
#include "member/trailer.h"
#include "salvage/identity.h"
#include "snap/snap.h"

namespace etcdmedic::tool {
namespace {

void AddDb(const std::string& path, SalvageInputs& inputs) {
  if (inputs.sources.size() == salvage::kMostSources)
    return inputs.unopened.push_back({Errc::kLimit, {path, 0}, "too many files"});
  auto map = MappedFile::Open(path);
  if (!map) return inputs.unopened.push_back(map.error());
  const Bytes bytes = map->bytes();
  const bool proven = member::ReadTrailer(bytes, bolt::ReadMetas(bytes)).etcd_accepts;
  inputs.sources.push_back(
      salvage::OpenDbSource(bytes, path, static_cast<uint8_t>(inputs.sources.size()), proven));
  inputs.maps.push_back(std::move(*map));
}

// The log of one member, or segments that a repair has set aside.
void AddLog(const std::string& name, const std::vector<member::File>& segments, SalvageInputs& inputs) {
  std::vector<raft::SegmentInput> read;
  for (const member::File& file : segments) {
    auto map = MappedFile::Open(file.path);
    if (!map) {
      inputs.unopened.push_back(map.error());
      continue;
    }
    inputs.maps.push_back(std::move(*map));
    read.push_back({file.name, inputs.maps.back().bytes()});
  }
  if (!read.empty()) inputs.logs.push_back(salvage::ReadLogSource(name, read));
}

void AddLogs(const std::string& path, const member::Layout& layout, SalvageInputs& inputs) {
  AddLog(path, layout.segments, inputs);
  for (const member::File& file : layout.wal_broken) AddLog(file.path, {file}, inputs);
}

void AddDbs(const member::Layout& layout, SalvageInputs& inputs) {
  for (const auto* files : {&layout.db, &layout.snap_db}) {
    for (const member::File& file : *files) AddDb(file.path, inputs);
  }
}

// Who votes by the newest .snap that can be read.
std::set<uint64_t> VotersOf(const member::Layout& layout) {
  diag::NoSink ignored;
  uint64_t newest = 0;
  std::set<uint64_t> voters;
  for (const member::File& file : layout.snapshots) {
    const auto map = MappedFile::Open(file.path);
    const auto snapshot = map ? snap::ReadSnapshot(map->bytes(), file.name, ignored) : std::nullopt;
    if (!snapshot || snapshot->index < newest) continue;
    newest = snapshot->index;
    voters = {snapshot->conf_state.voters.begin(), snapshot->conf_state.voters.end()};
  }
  return voters;
}

// A member's files of which some are of another cluster: one cluster's are taken, by its .snap files if they
// tell, else the db's, and what is left out is named.
class Separation {
 public:
  Separation(const member::Layout& layout, size_t first_db, size_t first_log, SalvageInputs& inputs)
      : layout_(layout), first_db_(first_db), first_log_(first_log), inputs_(inputs) {}

  void Separate() {
    TakeKnownSegments();
    if (!Mixed()) return;
    const std::set<uint64_t> voters = VotersOf(layout_);
    const bool log_is_own = std::ranges::any_of(
        Logs(), [&](const auto& each) { return salvage::Meet(salvage::MembersOf(each.log), voters); });
    const bool db_is_own = std::ranges::any_of(
        Dbs(), [&](const auto& each) { return salvage::Meet(salvage::MembersOf(each), voters); });
    if (log_is_own && !db_is_own) {
      LeaveOutDbs();
    } else {
      LeaveOutLogs();
    }
  }

 private:
  std::span<salvage::DbSource> Dbs() { return std::span(inputs_.sources).subspan(first_db_); }
  std::span<salvage::LogSource> Logs() { return std::span(inputs_.logs).subspan(first_log_); }
  bool Mixed() {
    return std::ranges::any_of(Logs(), [&](const auto& log) { return IsForeign(log); });
  }
  bool IsForeign(const salvage::LogSource& log) {
    return std::ranges::any_of(Dbs(),
                               [&](const auto& db) { return !salvage::MayBeOfOneCluster(db, log.log); });
  }
  bool IsForeign(const salvage::DbSource& db) {
    return std::ranges::any_of(Logs(),
                               [&](const auto& log) { return !salvage::MayBeOfOneCluster(db, log.log); });
  }

  // Where the segments of two members are as many, the db tells whose they are.
  void TakeKnownSegments() {
    for (salvage::LogSource& log : Logs()) {
      for (const salvage::DbSource& db : Dbs()) {
        auto known = salvage::LogOfKnownMember(log, db);
        if (!known) continue;
        log = std::move(*known);
        inputs_.unopened.push_back({Errc::kUnsupported,
                                    {log.name, 0},
                                    "has segments of another cluster than db, which are left out"});
        break;
      }
    }
  }

  void LeaveOutLogs() {
    for (size_t i = inputs_.logs.size(); i-- > first_log_;) {
      if (!IsForeign(inputs_.logs[i])) continue;
      Name(inputs_.logs[i].name, "is the log of", salvage::MembersOf(inputs_.logs[i].log), "db");
      inputs_.logs.erase(inputs_.logs.begin() + static_cast<ptrdiff_t>(i));
    }
  }

  // The sources are numbered in order, so that those which stay are opened again.
  void LeaveOutDbs() {
    std::vector<std::string> kept;
    for (const salvage::DbSource& db : Dbs()) {
      if (IsForeign(db)) {
        Name(db.name, "is of", salvage::MembersOf(db), "the log");
      } else {
        kept.push_back(db.name);
      }
    }
    inputs_.sources.resize(first_db_);
    for (const std::string& path : kept) AddDb(path, inputs_);
  }

  void Name(const std::string& file, std::string_view what, const std::set<uint64_t>& members,
            std::string_view other) {
    std::string ids;
    for (const uint64_t id : members) ids += fmt::format("{}{:x}", ids.empty() ? "" : ", ", id);
    inputs_.unopened.push_back(
        {Errc::kUnsupported,
         {file, 0},
         fmt::format("{} another cluster than {} beside it, with the member {}; left out: "
                     "salvage it by itself",
                     what, other, ids)});
  }

  const member::Layout& layout_;
  const size_t first_db_, first_log_;
  SalvageInputs& inputs_;
};

void AddMember(const std::string& path, const member::Layout& layout, SalvageInputs& inputs) {
  const size_t first_db = inputs.sources.size(), first_log = inputs.logs.size();
  AddDbs(layout, inputs);
  AddLogs(path, layout, inputs);
  Separation(layout, first_db, first_log, inputs).Separate();
}

Result<void> LogsBelongTogether(const SalvageInputs& inputs) {
  const salvage::LogSource* first = nullptr;
  for (const salvage::LogSource& source : inputs.logs) {
    if (!source.log.metadata) continue;
    if (first == nullptr) first = &source;
    if (source.log.metadata->cluster_id != first->log.metadata->cluster_id)
      return Fail(Errc::kRefused, source.name, "is a log of another cluster than that in " + first->name);
  }
  return {};
}

// A cluster is told by its members: two states of one cluster have some in common.
Result<void> BelongTogether(const SalvageInputs& inputs) {
  const bolt::EntriesByKey* first = nullptr;
  std::string first_name;
  for (const salvage::DbSource& source : inputs.sources) {
    const auto found = source.buckets.find("members");
    if (found == source.buckets.end() || found->second.entries.empty()) continue;
    const bolt::EntriesByKey& members = found->second.entries;
    if (first == nullptr) {
      first = &members;
      first_name = source.name;
      continue;
    }
    if (std::ranges::none_of(members, [&](const auto& member) { return first->contains(member.first); }))
      return Fail(Errc::kRefused, source.name,
                  "has no member in common with " + first_name +
                      ": it is of another cluster, whose revisions mean other keys");
  }
  return {};
}

// A log of which no db can be.
Result<void> LogsFitDbs(const SalvageInputs& inputs) {
  for (const salvage::LogSource& log : inputs.logs) {
    const auto fits = [&](const salvage::DbSource& db) { return salvage::MayBeOfOneCluster(db, log.log); };
    if (inputs.sources.empty() || std::ranges::any_of(inputs.sources, fits)) continue;
    return Fail(Errc::kRefused, log.name,
                "is a log of another cluster than that of " + inputs.sources.front().name);
  }
  return {};
}

}  // namespace

Result<SalvageInputs> ReadSalvageInputs(const std::vector<std::string>& paths) {
  SalvageInputs inputs;
  for (const std::string& path : paths) {
    const auto layout = member::Recognise(path);
    if (!layout && layout.error().code == Errc::kUsage) return tl::make_unexpected(layout.error());
    // What is not recognised may be a db all the same, with both meta pages gone.
    const auto taken =
        layout && (!layout->db.empty() || !layout->segments.empty()) ? layout : member::AsBackend(path);
    if (!taken) return tl::make_unexpected(layout ? taken.error() : layout.error());
    if (member::IsRunning(*taken).running)
      return Fail(Errc::kInUse, path, "a running etcd holds it: stop it first, or take a copy");
    for (const auto* files : {&taken->db, &taken->snap_db, &taken->segments}) {
      if (!inputs.owner && !files->empty()) inputs.owner = {files->front().uid, files->front().gid};
    }
    AddMember(path, *taken, inputs);
  }
  if (inputs.sources.empty() && inputs.logs.empty() && !inputs.unopened.empty())
    return tl::make_unexpected(inputs.unopened.front());
  if (auto done = LogsBelongTogether(inputs); !done) return tl::make_unexpected(done.error());
  if (auto done = BelongTogether(inputs); !done) return tl::make_unexpected(done.error());
  if (auto done = LogsFitDbs(inputs); !done) return tl::make_unexpected(done.error());
  return inputs;
}

}  // namespace etcdmedic::tool
