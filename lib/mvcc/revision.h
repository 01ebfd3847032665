// SPDX-License-Identifier: Apache-2.0
// The key of bucket `key`: docs/format/mvcc.md, "Revision keys".
#pragma once

#include <compare>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace etcdmedic::mvcc {

// A change: the transaction's revision, and the place of the change within it.
struct Revision {
  int64_t main = 0;
  int64_t sub = 0;
  friend auto operator<=>(const Revision&, const Revision&) = default;
};

struct RevisionKey {
  Revision revision;
  bool tombstone = false;  // told by the 18th byte, never by the value
};

constexpr size_t kRevisionSize = 17;
constexpr size_t kTombstoneSize = 18;

// Nothing where the bytes are not a revision key: another length, separator or mark, or a negative number.
std::optional<RevisionKey> ParseRevisionKey(Bytes key);

// The key as etcd writes it.
std::string EncodeRevisionKey(const RevisionKey& key);

// "12" where sub is 0, else "12.3".
std::string TextOf(const Revision& revision);

}  // namespace etcdmedic::mvcc
