// SPDX-License-Identifier: Apache-2.0
// When a revision was written. etcd keeps no times; the objects around a revision do: when they were created,
// when a lease was renewed, when a manager wrote. docs/kubernetes.md, "Times".
#pragma once

#include <optional>
#include <span>
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

struct TimeMark {
  int64_t revision = 0;
  int64_t seconds = 0;  // since 1970
  WitnessKind kind = WitnessKind::kWrite;
};

struct TimeWitness : TimeMark {
  std::string key;
};

// What the value of a key, decrypted, says of the time of the revision that wrote it, as its `version`-th of
// this generation; nothing where it says nothing.
std::optional<TimeMark> MarkOf(int64_t revision, int64_t version, Bytes value);

// What `value`, the decrypted value of `kv`, says of the time of kv.mod_revision; nothing where it says
// nothing.
std::optional<TimeWitness> WitnessOf(const mvcc::KeyValue& kv, Bytes value);

// The longest part of `marks`, which are in the order of their revisions, whose times never go back: a few
// wrong clocks drop out.
std::vector<TimeMark> Consistent(std::span<const TimeMark> marks);

// Bounds are inclusive, in seconds since 1970, and absent where nothing tells.
struct TimeSpan {
  std::optional<int64_t> earliest, latest;
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

struct TimeInterval : TimeSpan {
  std::vector<TimeWitness> witnesses;  // that set them, in the order of revisions
};

// How the time of a revision follows from what surrounds it: docs/kubernetes.md, "Times".
struct Surroundings {
  // Exact marks to look for on each side of a revision, and entries of bucket `key` to read for them at most.
  static constexpr size_t kEnough = 24;
  static constexpr size_t kMostEntries = 20'000;
  // Writes to look at, back to the exact mark before the revision.
  static constexpr size_t kMostWrites = 500;

  // The bounds of `revision`: `chain` is what is Consistent of the exact marks around it, `writes` are those
  // of kind kWrite, both in the order of revisions. Gives the marks that set them; the span holds two seconds
  // more at its end.
  struct Bounds {
    const TimeMark *lower = nullptr, *upper = nullptr;
    TimeSpan span() const;
  };
  static Bounds Of(int64_t revision, std::span<const TimeMark> chain, std::span<const TimeMark> writes);
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
