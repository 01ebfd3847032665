// SPDX-License-Identifier: Apache-2.0
// What the db commands share: the file that a path leads to, and a view of it.
#pragma once

#include "bolt/check.h"
#include "bolt/reporter.h"
#include "bolt/view.h"
#include "views/shared.h"

namespace etcdmedic::tool {

struct DbInput {
  MappedFile map;
  std::string name;  // as findings print it
  bool running = false;
  uint64_t transaction = 0;  // the newest one when the file was opened
  bolt::OpenOptions options;
  diag::FindingList found;

  Bytes bytes() const { return map.bytes(); }
  // Errors: kMalformed where no meta page can be used.
  Result<bolt::View> Open();
  // The findings go into `found`.
  bolt::FileReport Check();
  // Whether the member that runs has committed since the file was opened.
  bool HasMoved() const;
  // The findings to stderr, and whether they may be of two states; the exit code that goes with them.
  int Finish(Context& context) const;
  void NoteMoved(Context& context) const;
};

// The db of positional `at`, with --meta and --search-root. Errors: kUnsupported where the path holds no db,
// kUsage, kIo.
Result<DbInput> OpenDb(Context& context, const Args& args, size_t at = 0);

}  // namespace etcdmedic::tool
