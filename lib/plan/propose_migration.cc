// SPDX-License-Identifier: Apache-2.0
// The schema of the backend brought to another release, as `etcdutl migrate` does.
// docs/design/repair-safety.md.
#include <fmt/format.h>

#include <algorithm>

#include "bolt/change_entries.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::plan {
namespace {

using startup::EtcdVersion;

constexpr EtcdVersion kFirstWithSchema{3, 5};          // the oldest that the backend can be told to be of
constexpr EtcdVersion kFirstWithStorageVersion{3, 6};  // which bucket `meta` records from then on

std::string NameOf(EtcdVersion version) { return fmt::format("{}.{}", version.major, version.minor); }

// An entry that only releases from `since` on can apply.
struct NewEntry {
  uint64_t index = 0;
  EtcdVersion since{0, 0};
};

// Finds the one that needs the newest release, among those after the snapshot that a start begins with.
class NewestRequest final : public raft::EntryVisitor {
 public:
  explicit NewestRequest(uint64_t snapshot) : snapshot_(snapshot) {}

  void Begin(size_t segments) override { found_.assign(segments, {}); }
  void BeginSegment(uint32_t segment) override { found_[segment] = {}; }
  void OnEntry(uint32_t segment, uint64_t, const raft::Entry& entry, const raft::Request& request) override {
    if (entry.index <= snapshot_ || request.form != raft::RequestForm::kInternal) return;
    const auto since = Since(request.body);
    if (since && *since > found_[segment].since) found_[segment] = {entry.index, *since};
  }

  NewEntry Newest() const {
    const auto newest = std::ranges::max_element(found_, {}, &NewEntry::since);
    return newest == found_.end() ? NewEntry{} : *newest;
  }

 private:
  // The one request that came after 3.5 says itself which release it was made for.
  static std::optional<EtcdVersion> Since(Bytes request) {
    namespace pb = proto::etcdserverpb;
    std::optional<EtcdVersion> since;
    proto::ForEachField(request, [&](const proto::WireField& field) {
      Bytes body;
      if (field.number != pb::InternalRaftRequest::kDowngradeVersionTest || !field.Payload(body)) return true;
      std::string_view version;
      proto::ForEachField(body, [&](const proto::WireField& inner) {
        return inner.number != pb::DowngradeVersionTestRequest::kVer || inner.Payload(version);
      });
      since = std::max(startup::ParseEtcdVersion(version).value_or(kFirstWithStorageVersion),
                       kFirstWithStorageVersion);
      return false;
    });
    return since;
  }

  const uint64_t snapshot_;
  std::vector<NewEntry> found_;
};

NewEntry NewestRequestOf(const Draft& draft) {
  NewestRequest newest(draft.SnapshotIndex());
  raft::ReadLog(LogInputs(draft), 0, &newest);
  return newest.Newest();
}

// Of which release the backend's schema is; nothing, and advice, where etcd cannot tell either.
std::optional<EtcdVersion> SchemaOf(Draft& draft) {
  const mvcc::BackendState& backend = *draft.state.backend;
  if (const auto stored = startup::ParseEtcdVersion(backend.storage_version)) return stored;
  if (backend.term.value_or(0) != 0 && backend.conf_state) return kFirstWithSchema;
  draft.Advise(
      fmt::format("the backend has no {} in bucket meta, so it is of etcd 3.4 or older: let etcd 3.5 "
                  "run on it until it has taken a snapshot",
                  backend.term.value_or(0) == 0 ? "term" : "confState"));
  return std::nullopt;
}

bool MayMigrate(Draft& draft) {
  if (!draft.state.whole() || !draft.state.db || !draft.state.backend || draft.state.log.segments.empty()) {
    draft.Advise("the log says what forbids a change, so the whole member is needed, with log and backend");
    return false;
  }
  const auto fatal = std::ranges::find_if(draft.report.findings, [](const diag::Finding& finding) {
    return finding.severity >= diag::Severity::kError;
  });
  if (fatal == draft.report.findings.end()) return true;
  draft.Advise("the member is damaged: repair it first");
  return false;
}

// What the cluster has agreed on is in the log and the backend, and no release accepts a newer one.
std::string WhyOf(const Draft& draft, EtcdVersion target) {
  const std::string& cluster = draft.state.backend->membership.cluster_version;
  const auto agreed = startup::ParseEtcdVersion(cluster);
  std::string why = "asked for; `etcdutl migrate` changes the same";
  if (agreed && *agreed > target)
    why += fmt::format(
        "; etcd {} still refuses to start as long as the cluster version is {}: lower it with "
        "`etcdctl downgrade enable {}`, best before this",
        NameOf(target), cluster, NameOf(target));
  return why;
}

Step StepTo(const Draft& draft, EtcdVersion target, std::vector<Edit> edits) {
  Step step{.edits = std::move(edits)};
  step.title =
      target < kFirstWithStorageVersion
          ? fmt::format("remove the storage version from db, which etcd {} does not know", NameOf(target))
          : fmt::format("set the storage version in db to {}.0", NameOf(target));
  step.why = WhyOf(draft, target);
  step.asked_for = true;
  return step;
}

}  // namespace

void PlanMigration(Draft& draft) {
  if (!MayMigrate(draft)) return;
  const EtcdVersion target = *draft.options.migrate_to;
  const auto now = SchemaOf(draft);
  if (!now || *now == target) return;
  const NewEntry newest = target < *now ? NewestRequestOf(draft) : NewEntry{};
  if (newest.index != 0 && newest.since > target)
    return draft.Advise(
        fmt::format("entry {} of the log is a request that only etcd {} and newer know: let "
                    "etcd take a snapshot after it first",
                    newest.index, NameOf(newest.since)));
  std::optional<std::string> version;
  if (target >= kFirstWithStorageVersion) version = NameOf(target) + ".0";
  diag::FindingList found;
  const auto view = bolt::View::Open(Db(draft), DbName(draft), found);
  if (!view) return;  // the check has said so
  auto pages = bolt::ChangeEntries(*view, {{"meta", {{"storageVersion", version}}}});
  if (!pages) return draft.Advise(pages.error().what);
  std::vector<Edit> edits;
  for (bolt::PageBytes& page : *pages)
    edits.push_back(WriteEdit(DbName(draft), Db(draft), page.offset, std::move(page.bytes)));
  draft.Add(StepTo(draft, target, std::move(edits)));
}

}  // namespace etcdmedic::plan
