// SPDX-License-Identifier: Apache-2.0
#include "inputs/salvage_inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "member/trailer.h"

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
    for (const auto* files : {&taken->db, &taken->snap_db}) {
      for (const member::File& file : *files) AddDb(file.path, inputs);
    }
    AddLogs(path, *taken, inputs);
  }
  if (inputs.sources.empty() && inputs.logs.empty() && !inputs.unopened.empty())
    return tl::make_unexpected(inputs.unopened.front());
  if (auto done = LogsBelongTogether(inputs); !done) return tl::make_unexpected(done.error());
  if (auto done = BelongTogether(inputs); !done) return tl::make_unexpected(done.error());
  return inputs;
}

}  // namespace etcdmedic::tool
