// SPDX-License-Identifier: Apache-2.0
#include "replay/lessor.h"

namespace etcdmedic::replay {

void Lessor::Attach(std::string_view key, int64_t id) {
  Detach(key);
  if (id == 0 || !Holds(id)) return;
  leases_[id].keys.insert(key);
  lease_of_.emplace(key, id);
}

void Lessor::Detach(std::string_view key) {
  if (lease_of_.empty()) return;
  const auto found = lease_of_.find(key);
  if (found == lease_of_.end()) return;
  if (const auto lease = leases_.find(found->second); lease != leases_.end()) lease->second.keys.erase(key);
  lease_of_.erase(found);
}

}  // namespace etcdmedic::replay
