// SPDX-License-Identifier: Apache-2.0
// Other members of the same cluster, or older copies of this one, from which a repair takes what is missing
// here. docs/design/repair-safety.md, "From other members".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "check/verify.h"

namespace etcdmedic::plan {

struct Sibling {
  std::string name;  // as the user gave it
  std::shared_ptr<const member::MemberState> state;
  check::Report report;

  // It is sound by every rule, its own log included, and says what it has applied.
  bool HasSoundBackend() const;
  // It is known to be committed.
  uint64_t Committed() const;
};

// Whether `other` and `own` are of one cluster and of one history. Errors: kRefused, in words for the user.
Result<void> CheckSibling(const member::MemberState& own, const Sibling& other);

struct ChosenSiblings {
  std::vector<Sibling> usable;
  std::vector<Error> refused;  // what CheckSibling says of the others
};

// Those of `named` from which something may be taken, so that one more never makes a plan worse. Errors
// (kRefused): what the first is refused for where none is left; two that are left have different histories.
Result<ChosenSiblings> ChooseSiblings(const member::MemberState& own, std::vector<Sibling> named);

}  // namespace etcdmedic::plan
