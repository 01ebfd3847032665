// SPDX-License-Identifier: Apache-2.0
#include "startup/predict.h"

#include <algorithm>
#include <charconv>
#include <ranges>

#include "startup/predictor.h"
#include "startup/permissions.h"

namespace etcdmedic::startup {
namespace {

constexpr EtcdVersion kKnownVersions[] = {{3, 4}, {3, 5}, {3, 6}, {3, 7}};

}  // namespace

std::optional<EtcdVersion> ParseEtcdVersion(std::string_view text) {
  EtcdVersion version;
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, version.major);
  if (error != std::errc() || dot == end || *dot != '.') return std::nullopt;
  const auto [rest, minor_error] = std::from_chars(dot + 1, end, version.minor);
  if (minor_error != std::errc() || (rest != end && *rest != '.')) return std::nullopt;
  return version;
}

std::span<const EtcdVersion> KnownVersions() { return kKnownVersions; }

bool IsKnown(EtcdVersion version) {
  return std::ranges::find(kKnownVersions, version) != std::end(kKnownVersions);
}

EtcdVersion GuessVersion(const member::MemberState& state) {
  std::optional<EtcdVersion> version;
  if (state.backend) {
    version = ParseEtcdVersion(state.backend->storage_version);
    if (!version) version = ParseEtcdVersion(state.backend->membership.cluster_version);
  }
  for (const raft::Segment& segment : std::views::reverse(state.log.segments)) {
    if (version || !segment.cluster_version) continue;
    version = ParseEtcdVersion(segment.cluster_version->version);
  }
  if (const member::SnapFile* snap = state.NewestSnapshot(); !version && snap != nullptr) {
    if (const auto membership = snap::ParseMembership(snap->content->store))
      version = ParseEtcdVersion(membership->cluster_version);
  }
  return std::clamp(version.value_or(EtcdVersion{}), kKnownVersions[0], *std::rbegin(kKnownVersions));
}

std::string_view NameOf(Outcome outcome) {
  constexpr std::string_view kNames[] = {"starts", "repairs-tail", "starts-loses", "starts-wrong",
                                         "hangs",  "exits",        "panics",       "unknown"};
  return kNames[static_cast<size_t>(outcome)];
}

bool IsGood(Outcome outcome) { return outcome == Outcome::kStarts || outcome == Outcome::kRepairsAndStarts; }

Prediction Exits(std::string message, std::string explanation) {
  return {Outcome::kExits, std::move(message), std::move(explanation)};
}

Prediction Panics(std::string message, std::string explanation) {
  return {Outcome::kPanics, std::move(message), std::move(explanation)};
}

Prediction Hangs(std::string explanation) { return {Outcome::kHangs, "", std::move(explanation)}; }

Predictor::Predictor(const member::MemberState& state, EtcdVersion version, const std::vector<diag::Finding>& findings)
    : state_(state), version_(version), findings_(findings) {
  rules_.limit_by_file_size = version >= EtcdVersion{3, 5};
  rules_.tells_position = version >= EtcdVersion{3, 6};
  rules_.past_end_is_eof = version < EtcdVersion{3, 7};
  for (const raft::Segment& segment : state.log.segments) {
    if (segment.name) segments_.push_back(&segment);
  }
}

Prediction Predictor::Run() {
  constexpr End (Predictor::*kSteps[])() = {
      &Predictor::OpenBackend,     &Predictor::StartWithoutLog,       &Predictor::ListSnapshotRecords, &Predictor::ChooseSnapshot,
      &Predictor::RefuseV2Content, &Predictor::InstallSnapshotDb,     &Predictor::ValidateSchema,      &Predictor::OpenLog,
      &Predictor::ReadLog,         &Predictor::RefuseWithoutMetadata, &Predictor::RecoverMembership,   &Predictor::CheckRaftState,
      &Predictor::RestoreStore,    &Predictor::RefuseOwnMember,       &Predictor::CheckReach,          &Predictor::ApplyEntries,
      &Predictor::JudgeTail,       &Predictor::JudgeContent};
  for (const auto step : kSteps) {
    if (auto end = (this->*step)()) return *end;
  }
  return {Outcome::kStarts, "", ""};
}

Prediction PredictStart(const member::MemberState& state, EtcdVersion version,
                       const std::vector<diag::Finding>& findings) {
  if (auto done = FailByFiles(state, version)) return *done;
  if (!state.has_log && !state.whole()) return {};
  return Predictor(state, version, findings).Run();
}

}  // namespace etcdmedic::startup
