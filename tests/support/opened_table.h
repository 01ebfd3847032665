// SPDX-License-Identifier: Apache-2.0
// A table of the entries of a bucket, with what it views.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

#include "mvcc/entry_table.h"
#include "support/key_space.h"

namespace etcdmedic::support {

struct OpenedTable {
  explicit OpenedTable(std::string image, std::string_view bucket = "key") : db(std::move(image)) {
    view = bolt::View::Open(AsBytes(db), "db", found);
    table = *mvcc::EntryTable::Read(*view, bucket);
  }
  OpenedTable(const OpenedTable&) = delete;
  OpenedTable& operator=(const OpenedTable&) = delete;

  std::string db;
  diag::FindingList found;
  std::optional<bolt::View> view;
  mvcc::EntryTable table;
};

// 12000 puts of 5000 keys, of which 100 are then deleted: enough pages for several threads.
inline std::string LargeStore() {
  KeySpace space(false);
  for (int i = 0; i < 12000; ++i) space.Put(fmt::format("k{:05}", (i * 7919) % 5000), std::string(100, 'v'));
  for (int i = 0; i < 100; ++i) space.Delete(fmt::format("k{:05}", i));
  return space.Build();
}

}  // namespace etcdmedic::support
