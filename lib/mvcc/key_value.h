// SPDX-License-Identifier: Apache-2.0
// The value of bucket `key`, mvccpb.KeyValue: docs/format/mvcc.md, "KeyValue". Views last as long as the
// bytes read.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::mvcc {

struct KeyValue {
  std::string_view key;
  std::string_view value;
  int64_t create_revision = 0;  // main revision of the first put of this generation
  int64_t mod_revision = 0;     // main revision of this put
  int64_t version = 0;          // puts in this generation so far, from 1
  int64_t lease = 0;            // 0 for none
};

// Reads the message as strictly as etcd does: false where a known field has another wire type, a length goes
// beyond the end, or a varint is too long. Unknown fields are skipped; of a repeated field the last one
// counts. A tombstone's message holds the key alone; an empty message is that of `snapshot restore
// --bump-revision`.
bool ParseKeyValue(Bytes message, KeyValue& out);

}  // namespace etcdmedic::mvcc
