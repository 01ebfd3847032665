// SPDX-License-Identifier: Apache-2.0
// What fills the key space, in one pass over the index: by resource, namespace and prefix; the largest keys;
// the revisions; leases.
#pragma once

#include <string>
#include <vector>

#include "encryption/decryptor.h"
#include "mvcc/lease.h"
#include "objects/space_use.h"
#include "report/histogram.h"

namespace etcdmedic::report {

struct SpaceGroup {
  std::string name;  // empty: of the keys that belong to none
  objects::SpaceUse use;
};

struct Grouping {
  std::vector<SpaceGroup> largest;  // by the size of their history, the greatest first
  uint64_t left_out = 0;            // groups that are not in `largest`
  objects::SpaceUse others;         // of these together
};

// Views last as long as the store.
struct LargeKey {
  std::string_view key;
  uint64_t value_size = 0;  // of the newest value; 0 where the key does not exist
  int64_t mod_revision = 0;
  uint64_t revisions = 0;
  uint64_t history = 0;  // bytes of all revisions
};

struct KeySpace {
  int64_t revision = 0;          // the newest
  int64_t compact_revision = 0;  // -1: never compacted
  objects::SpaceUse total;
  uint64_t deleted = 0;             // keys of which only the past is retained
  uint64_t of_kubernetes = 0;       // keys that exist and name an object
  Grouping kinds, namespaces;       // as `top` groups them
  Grouping prefixes;                // of two parts at most that slashes end
  std::vector<LargeKey> largest;    // by the size of their value
  std::vector<LargeKey> rewritten;  // by the size of their history
  RevisionHistogram histogram;
  uint64_t lease_count = 0;
  uint64_t unknown_lease_count = 0;  // that keys name and that do not exist
  std::vector<mvcc::Lease> leases;   // those with most keys, the unknown ones before all others

  // Most of it belongs to Kubernetes.
  bool is_kubernetes() const { return of_kubernetes > 0 && of_kubernetes * 2 >= total.keys; }
};

struct KeySpaceOptions {
  std::string etcd_prefix;     // as --etcd-prefix of the API server; empty: the usual ones
  encryption::Decryptor open;  // for CustomResourceDefinitions; empty: encrypted ones stay closed
  size_t most_groups = 20;     // and keys
  size_t most_leases = 50;
};

// Reports what reading the store and its leases reports. Takes what mvcc::LiveKeys takes, and 100 bytes a
// resource, namespace and prefix. Errors: as mvcc::Store::Index.
Result<KeySpace> MeasureKeySpace(const mvcc::Store& store, const KeySpaceOptions& options,
                                 diag::FindingSink& sink);

}  // namespace etcdmedic::report
