// SPDX-License-Identifier: Apache-2.0
// The last version of an object that is gone, ready to be applied, and of what it needs that is gone too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mvcc/key_search.h"
#include "objects/apply_order.h"
#include "objects/dependencies.h"
#include "objects/object_names.h"
#include "objects/served_form.h"

namespace etcdmedic::objects {

struct LastVersion {
  std::string key;
  ObjectId id;
  int64_t revision = 0;               // that wrote it
  std::optional<int64_t> deleted_at;  // none: it still exists
  Stage stage = Stage::kOther;
  std::string yaml;  // empty for what needs not be applied: it exists
};

struct Recovered {
  std::vector<LastVersion> versions;  // in the order in which they can be applied; the object itself is one
  std::vector<ObjectId> missing;      // that no retained revision holds
};

class Undeleter {
 public:
  struct Options {
    int64_t revision = 0;  // up to which: one that is retained
    uint8_t release = 0;   // Kubernetes' minor number
    bool mask_secrets = false;
  };
  // All outlive it.
  Undeleter(const mvcc::Store& store, ObjectNames& names, StoredObjects& stored, Options options,
            diag::FindingSink& sink)
      : store_(store), names_(names), stored_(stored), options_(options), sink_(sink) {}

  // The last version of one object; nothing where no retained revision holds it. Reads from the newest
  // revision back until it is found. Errors: kMalformed and kUnsupported where its value cannot be read; as
  // Store::Index.
  Result<std::optional<LastVersion>> Last(const kubectl::Resource& resource, std::string_view namespace_name,
                                          std::string_view name);
  // With what it needs, and what that needs, as far as it is gone. Reads all keys.
  Result<Recovered> WithClosure(const kubectl::Resource& resource, std::string_view namespace_name,
                                std::string_view name);

 private:
  Result<void> BuildIndex();
  // The changes of each key, the newest first, at least to the last put.
  mvcc::FoundChanges ChangesOf(const std::vector<std::string>& keys) const;
  Result<LastVersion> Read(const ObjectId& id, const kubectl::Resource& resource,
                           const std::vector<mvcc::Change>& newest_first);
  Result<void> AddBindings(const ObjectId& account, std::vector<ObjectId>& open);
  const kubectl::Resource* Definition(const ObjectId& id) const;

  const mvcc::Store& store_;
  ObjectNames& names_;
  StoredObjects& stored_;
  const Options options_;
  diag::FindingSink& sink_;
  std::optional<mvcc::KeyIndex> index_;
  struct KeyPlace {
    std::string_view key;
    mvcc::Numbers numbers;
  };
  std::vector<KeyPlace> keys_;  // in order
  text::ObjectTree tree_, served_;
};

}  // namespace etcdmedic::objects
