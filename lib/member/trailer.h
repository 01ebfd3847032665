// SPDX-License-Identifier: Apache-2.0
// The SHA-256 that `etcdctl snapshot save` writes after the pages, and what the size of a backup says:
// docs/format/mvcc.md, "Saved snapshots".
#pragma once

#include "bolt/format.h"
#include "diag/finding.h"

namespace etcdmedic::member {

// How a file ends, compared with the pages that its meta page says it has.
enum class Ending : uint8_t {
  kNoHash,    // the pages, perhaps with allocated ones after them: a copy of a db
  kMatches,   // the pages and their SHA-256
  kDiffers,   // 32 bytes follow the pages, and they are not the SHA-256 of them
  kCutHash,   // the first bytes of the SHA-256: the pages are all there
  kAppended,  // pages, SHA-256, and more bytes after it
  kWrong,     // a size that neither a db nor a saved snapshot can have
};

struct Trailer {
  Ending ending = Ending::kNoHash;
  uint64_t pages_end = 0;       // where the SHA-256 begins or would begin
  uint64_t surplus = 0;         // kAppended: bytes after the SHA-256
  uint64_t missing = 0;         // kCutHash: bytes of the SHA-256 that are not there
  bool etcd_sees_hash = false;  // etcd's tools take the last 32 bytes for a SHA-256: size % 512 == 32
  bool etcd_accepts = false;    // and find that it matches
  std::string stored;           // 32 bytes, as etcd's tools see them; empty where etcd_sees_hash is false
  std::string computed;
};

// Reads the file once where it ends in a hash, twice where etcd's tools and the meta page disagree about it.
Trailer ReadTrailer(Bytes file, const bolt::Metas& metas);

// Reports DB-SNAPSHOT-HASH with its likely cause, and SNAPSHOT-SIZE-WRONG.
void CheckTrailer(const Trailer& trailer, Bytes file, const bolt::Metas& metas, const std::string& name,
                  diag::FindingSink& sink);

}  // namespace etcdmedic::member
