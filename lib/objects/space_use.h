// SPDX-License-Identifier: Apache-2.0
// How much room keys take in the backend, now and in history: what `top` and `report` count.
#pragma once

#include <string_view>

#include "mvcc/index.h"

namespace etcdmedic::objects {

// Of one key. Views last as long as the store.
struct KeyUse {
  mvcc::Change newest;
  uint64_t revisions = 0;  // retained
  uint64_t history = 0;    // bytes of all of them, keys and values as stored
  bool exists() const { return !newest.tombstone; }
  // Bytes of the newest revision as stored; 0 where the key does not exist.
  uint64_t size() const { return exists() ? newest.raw_key.size() + newest.raw_value.size() : 0; }
};

// `numbers` are those of the key, as KeyIndex::ForEachKey gives them.
KeyUse UseOf(const mvcc::KeyIndex& index, mvcc::Numbers numbers);

// Of several keys.
struct SpaceUse {
  uint64_t keys = 0;       // that exist
  uint64_t size = 0;       // of their keys and values, as stored
  uint64_t revisions = 0;  // retained
  uint64_t history = 0;    // bytes of all of them
  void Add(const KeyUse& key);
};

// The first `depth` parts of a key, where slashes end parts; a slash in front begins the first one. The whole
// key where it has no more parts.
std::string_view PrefixOf(std::string_view key, uint64_t depth);

// The same without a last part that no slash ends, which tells keys of one folder apart. Empty for a key
// without a slash.
std::string_view FolderOf(std::string_view key, uint64_t depth);

}  // namespace etcdmedic::objects
