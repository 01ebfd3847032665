// SPDX-License-Identifier: Apache-2.0
// When a revision was written. etcd keeps no times; the objects around a revision do: when they were created,
// when a lease was renewed, when a manager wrote. docs/kubernetes.md, "Times".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "mvcc/store.h"
#include "objects/stored_objects.h"

namespace etcdmedic::objects {

// kCreation and kRenewal were true when the revision was written; kWrite may be older, since a manager's time
// stays where it writes the same fields again.
enum class WitnessKind : uint8_t { kCreation, kRenewal, kWrite };
std::string_view NameOf(WitnessKind kind);  // "creation"

struct TimeWitness {
  int64_t revision = 0;
  int64_t seconds = 0;  // since 1970
  WitnessKind kind = WitnessKind::kWrite;
  std::string key;
};

// What `value`, the decrypted value of `kv`, says of the time of kv.mod_revision; nothing where it says
// nothing.
std::optional<TimeWitness> WitnessOf(const mvcc::KeyValue& kv, Bytes value);

// The longest part of `witnesses`, which are in the order of their revisions, whose times never go back: a
// few wrong clocks drop out.
std::vector<TimeWitness> Consistent(const std::vector<TimeWitness>& witnesses);

// Bounds are inclusive, in seconds since 1970, and absent where nothing tells.
struct TimeInterval {
  std::optional<int64_t> earliest, latest;
  std::vector<TimeWitness> witnesses;  // that set them, in the order of revisions
};

// Revisions around a time: up to `before` all was written before it, from `after` on all after it.
struct RevisionInterval {
  int64_t before = 0;  // 0 for none
  std::optional<int64_t> after;
};

class WriteClock {
 public:
  // Both outlive the clock.
  WriteClock(const mvcc::Store& store, StoredObjects& stored) : store_(store), stored_(stored) {}

  // Looks at some objects around the revision. Errors: kRefused for a revision beyond the newest.
  Result<TimeInterval> When(int64_t revision);
  // Reads as When does, some twenty times.
  Result<RevisionInterval> At(int64_t seconds);

 private:
  enum class Direction : uint8_t { kBack, kForward };
  void Collect(int64_t revision, Direction direction, std::vector<TimeWitness>& found);

  const mvcc::Store& store_;
  StoredObjects& stored_;
};

}  // namespace etcdmedic::objects
