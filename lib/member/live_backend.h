// SPDX-License-Identifier: Apache-2.0
// The backend of a running member, read beside the etcd that writes it.
#pragma once

#include <string>

#include "base/file.h"
#include "base/result.h"

namespace etcdmedic::member {

// Maps a db that an etcd may be writing, just after a commit where one comes soon, with all pages of its
// newest state in the map: then there is the most time before etcd reuses a page that is being read. Waits
// 150 ms at most. Errors: as MappedFile::Open.
Result<MappedFile> MapAfterCommit(const std::string& path);

}  // namespace etcdmedic::member
