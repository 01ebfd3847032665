// SPDX-License-Identifier: Apache-2.0
// The persisted list of free pages: docs/format/bolt.md, "Freelist".
#pragma once

#include <string>
#include <vector>

#include "bolt/node.h"

namespace etcdmedic::bolt {

struct Freelist {
  uint64_t pages = 0;  // that the list itself takes: none where the page is something else
  std::vector<uint64_t> ids;
  std::string what;  // why it cannot be read, or not as it should be; empty where it can
};

// Reads the list on `page`. Takes eight bytes for each id that is really in the file.
Freelist ReadFreelist(const Pages& pages, uint64_t page);

}  // namespace etcdmedic::bolt
