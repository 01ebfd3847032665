// SPDX-License-Identifier: Apache-2.0
// Predicts what etcd would do if it were started on these files, by following its own order of start-up.
// docs/format/startup.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "member/member_state.h"

namespace etcdmedic::startup {

// The release whose behaviour is predicted.
struct EtcdVersion {
  unsigned major = 3;
  unsigned minor = 6;
  friend auto operator<=>(const EtcdVersion&, const EtcdVersion&) = default;
};

// "3.6" or "3.6.16"; nothing where it is not a version.
std::optional<EtcdVersion> ParseEtcdVersion(std::string_view text);

// The releases whose start is known, oldest first: 3.4 to 3.7.
std::span<const EtcdVersion> KnownVersions();
bool IsKnown(EtcdVersion version);

// The release that wrote these files, as far as they tell: by the storage version, the cluster version of the
// backend, of the log or of the newest .snap. The nearest known one; 3.6 where nothing shows.
EtcdVersion GuessVersion(const member::MemberState& state);

enum class Outcome : uint8_t {
  kStarts,
  kRepairsAndStarts,  // cuts the log's tail without being asked, keeps a .broken copy, starts
  kStartsAndLoses,    // starts, but without entries that were committed
  kStartsWrong,       // starts, and serves wrong data or fails in use
  kHangs,             // the process runs, and the member never serves or ignores its writes
  kExits,             // ends with a message
  kPanics,            // ends with a Go panic, a fault signal, or zap's panic level
  kUnknown,           // the whole member is not here
};

// "starts", "repairs-tail", "starts-loses", "starts-wrong", "hangs", "exits", "panics", "unknown".
std::string_view NameOf(Outcome outcome);

// True where etcd starts and serves everything that was committed.
bool IsGood(Outcome outcome);

struct Prediction {
  Outcome outcome = Outcome::kUnknown;
  std::string message;      // what etcd logs as it ends or repairs, in its own words; empty where not known
  std::string explanation;  // for people
};

// Reads only what was loaded, and starts nothing; kUnknown where part of the member is missing. `findings`:
// what the checks found, of which some stop a start.
Prediction PredictStart(const member::MemberState& state, EtcdVersion version,
                       const std::vector<diag::Finding>& findings);

}  // namespace etcdmedic::startup
