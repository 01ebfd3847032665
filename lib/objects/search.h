// SPDX-License-Identifier: Apache-2.0
// Looks for a text in all keys and values, at one revision or all. docs/kubernetes.md, "Search".
#pragma once

#include <string>
#include <vector>

#include "mvcc/store.h"
#include "objects/stored_objects.h"
#include "text/pattern.h"

namespace etcdmedic::objects {

struct SearchOptions {
  int64_t revision = 0;        // up to which; one that is retained
  bool all_revisions = false;  // not only what exists at that revision
  bool keys = true, values = true;
  // Decodes every object and looks at its text too: at numbers and times, which are not stored as they are
  // shown.
  bool decoded = false;
  // What is hidden is not found: of a Secret only what can be shown of it is looked at.
  bool mask_secrets = false;
  encryption::Decryptor open;
};

enum class FoundIn : uint8_t { kKey, kField, kValue };
std::string_view NameOf(FoundIn found_in);  // "key"

struct SearchMatch {
  FoundIn found_in = FoundIn::kKey;
  std::string path;     // of kField
  uint64_t line = 0;    // in the field or value, from 1; 0 where it is not text
  std::string text;     // that line; empty where it is not text
  uint64_t offset = 0;  // of kValue where it is not text
};

struct SearchResult {
  mvcc::Change change;
  std::vector<SearchMatch> matches;
};

struct SearchSummary {
  uint64_t closed = 0;  // values that are encrypted and were not opened, so not looked at
};

// Calls `each` for every put that holds a match, in the order of revisions, until it gives false. Values are
// looked at on all cores, and decoded only where they match. Errors: as mvcc::EntryTable::Read.
Result<SearchSummary> Search(const mvcc::Store& store, const text::Pattern& pattern,
                             const SearchOptions& options,
                             const std::function<bool(const SearchResult&)>& each);

}  // namespace etcdmedic::objects
