// SPDX-License-Identifier: Apache-2.0
// A backend in memory, opened as a store.
#pragma once

#include <optional>
#include <string>

#include "diag/finding.h"
#include "mvcc/store.h"
#include "support/db_builder.h"

namespace etcdmedic::support {

struct OpenedStore {
  explicit OpenedStore(std::string image) : db(std::move(image)) {
    auto result = mvcc::Store::Open(AsBytes(db), "db", found);
    if (result) store.emplace(std::move(*result));
  }
  OpenedStore(const OpenedStore&) = delete;
  OpenedStore& operator=(const OpenedStore&) = delete;

  std::string db;
  diag::FindingList found;
  std::optional<mvcc::Store> store;
};

}  // namespace etcdmedic::support
