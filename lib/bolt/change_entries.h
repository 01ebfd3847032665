// SPDX-License-Identifier: Apache-2.0
// Entries of a small bucket changed in place: docs/format/bolt.md, "Leaf", "Buckets".
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "bolt/view.h"

namespace etcdmedic::bolt {

// By bucket and key: the new value, or nothing where the entry is taken away.
using Changes = std::map<std::string, std::map<std::string, std::optional<std::string>>>;

// The bytes of one page of the file, and of those that belong to it, as they become.
struct PageBytes {
  uint64_t offset = 0;
  std::string bytes;
};

// The pages that hold the entries of those buckets, with `changes` made: that of the directory of buckets for
// the inline ones. No other page changes. Errors: kRefused where a bucket does not exist, is spread over
// several pages, or does not fit any more.
Result<std::vector<PageBytes>> ChangeEntries(const View& view, const Changes& changes);

}  // namespace etcdmedic::bolt
