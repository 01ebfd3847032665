// SPDX-License-Identifier: Apache-2.0
// Everything in the paths of a command line that may hold records: every db, and the log of every member.
#pragma once

#include "base/file.h"
#include "member/layout.h"
#include "plan/files.h"
#include "salvage/salvage.h"

namespace etcdmedic::tool {

struct SalvageInputs {
  std::vector<MappedFile> maps;
  std::vector<salvage::DbSource> sources;
  std::vector<salvage::LogSource> logs;
  std::vector<Error> unopened;           // files that could not be read, or are of another cluster
  std::optional<plan::Ownership> owner;  // of the first file
};

// Errors: those of member::Recognise; kUnsupported where there is neither a db nor a log; kInUse beside a
// running etcd; kRefused for members, or logs, of different clusters.
Result<SalvageInputs> ReadSalvageInputs(const std::vector<std::string>& paths);

}  // namespace etcdmedic::tool
