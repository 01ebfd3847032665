// SPDX-License-Identifier: Apache-2.0
// Which cluster a backend comes from: docs/format/wal.md, "metadata"; docs/format/mvcc.md.
#pragma once

#include <optional>
#include <vector>

#include "member/layout.h"

namespace etcdmedic::member {

struct Origin {
  std::optional<uint64_t> cluster_id;  // of the log beside the backend; a backup does not have it
  std::vector<uint64_t> members;       // of the backend, those that were removed too
};

// What of it can be read, cheaply: the head of one segment and the bucket of members.
Origin OriginOf(const Layout& layout, Bytes db);

// Whether they are certainly of two clusters: the ids differ, or, where one is not known, no member is in
// both.
bool AreUnrelated(const Origin& a, const Origin& b);

}  // namespace etcdmedic::member
