// SPDX-License-Identifier: Apache-2.0
// Foretells what etcd would do if it were started on these files, by following its own order of start-up.
// docs/format/startup.md.
#pragma once

#include <string>

#include "check/member_state.h"

namespace etcdmedic::check {

// The release whose behaviour is foretold.
struct EtcdVersion {
  unsigned major = 3;
  unsigned minor = 6;
  friend auto operator<=>(const EtcdVersion&, const EtcdVersion&) = default;
};

// "3.6" or "3.6.16"; nothing where it is no version.
std::optional<EtcdVersion> ParseEtcdVersion(std::string_view text);

// The release that wrote these files, as far as they tell; 3.6 where they do not.
EtcdVersion GuessVersion(const MemberState& state);

enum class Outcome : uint8_t {
  kStarts,
  kRepairsAndStarts,  // cuts the log's tail without being asked, keeps a .broken copy, starts
  kStartsAndLoses,    // starts, but without entries that were committed
  kStartsWrong,       // starts, and serves or writes what is wrong
  kHangs,             // the process runs, and the member never serves or ignores its writes
  kExits,             // ends with a message
  kUnknown,           // the whole member is not here
};

std::string_view NameOf(Outcome outcome);

struct Prediction {
  Outcome outcome = Outcome::kUnknown;
  std::string message;      // what etcd would log as it ends or repairs; empty where nothing
  std::string explanation;  // for people
};

Prediction PredictBoot(const MemberState& state, EtcdVersion version);

}  // namespace etcdmedic::check
