// SPDX-License-Identifier: Apache-2.0
// Which keys a command line asks for.
#pragma once

#include "cli/command.h"
#include "mvcc/query.h"
#include "objects/object_names.h"

namespace etcdmedic::tool {

// What is asked for, and how much of it is shown.
struct KeyQuery : mvcc::KeyQuery {
  bool keys_only = false;
  bool values_only = false;
  // The object that may be meant where there is no such key; its key becomes the range.
  std::optional<objects::ObjectWords> object;
};

// The query that --rev, --limit, --sort-by, --order and the flags for what to print make of `range`. Errors:
// kUsage.
Result<KeyQuery> QueryOf(const Args& args, mvcc::KeyRange range);

}  // namespace etcdmedic::tool
