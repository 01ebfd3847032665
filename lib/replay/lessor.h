// SPDX-License-Identifier: Apache-2.0
// The leases and the keys attached to them: docs/format/mvcc.md, "Leases".
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

namespace etcdmedic::replay {

struct Lease {
  int64_t ttl = 0;            // seconds
  int64_t remaining_ttl = 0;  // seconds at the last checkpoint; 0 for none
  std::set<std::string_view> keys = {};
};

class Lessor {
 public:
  const std::map<int64_t, Lease>& all() const { return leases_; }
  bool Holds(int64_t id) const {
    return leases_.contains(id) || (assumes_ && id != 0 && !revoked_.contains(id));
  }
  const Lease* Find(int64_t id) const {
    const auto found = leases_.find(id);
    return found == leases_.end() ? nullptr : &found->second;
  }

  // From now on every lease counts as there until it is revoked: for a beginning whose leases are not known.
  void AssumeAll() { assumes_ = true; }
  // Replaces nothing: `id` must be new.
  void Grant(int64_t id, int64_t ttl, int64_t remaining_ttl = 0) { leases_[id] = {ttl, remaining_ttl}; }
  void Revoke(int64_t id) {
    leases_.erase(id);
    if (assumes_) revoked_.insert(id);
  }
  void Checkpoint(int64_t id, int64_t remaining_ttl) { leases_[id].remaining_ttl = remaining_ttl; }

  // `key`, whose bytes outlive the lease, belongs to lease `id` from now on, and to no other; to none for 0
  // and for a lease that it does not hold.
  void Attach(std::string_view key, int64_t id);
  void Detach(std::string_view key);

 private:
  std::map<int64_t, Lease> leases_;
  std::unordered_map<std::string_view, int64_t> lease_of_;
  bool assumes_ = false;
  std::set<int64_t> revoked_;  // where it assumes
};

}  // namespace etcdmedic::replay
