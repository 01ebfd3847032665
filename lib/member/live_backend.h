// SPDX-License-Identifier: Apache-2.0
// The backend of a running member, read beside the etcd that writes it.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"

namespace etcdmedic::member {

// Maps a db that an etcd may be writing, just after a commit where one comes soon, with all pages of its
// newest state in the map: then there is the most time before etcd reuses a page that is being read. Waits
// 150 ms at most. Errors: as MappedFile::Open.
Result<MappedFile> MapAfterCommit(const std::string& path);

// The number of the newest transaction of a db (docs/format/bolt.md); 0 where no meta page is valid.
uint64_t NewestTransaction(Bytes db);

// Whether etcd has committed since `transaction` was the newest one that `map` showed, or just before: pages
// that were read may have been reused, and pages of that transaction may lie beyond what was mapped.
bool HasCommittedSince(uint64_t transaction, const MappedFile& map);

}  // namespace etcdmedic::member
