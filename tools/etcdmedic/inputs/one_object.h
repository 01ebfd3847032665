// SPDX-License-Identifier: Apache-2.0
// One key of the key space, named as it is stored or as kubectl names its object.
#pragma once

#include "inputs/open_store.h"
#include "mvcc/key_search.h"
#include "objects/object_names.h"

namespace etcdmedic::tool {

// The object that words after PATH and --namespace name: KIND/NAME, or KIND NAME. Nothing where they name a
// key: one word that begins with a slash, or has none in it, without --namespace. Errors: kUsage.
Result<std::optional<objects::ObjectWords>> ObjectWordsOf(const Args& args, size_t first = 1);

// Whether `error`, of FindObject, only says that the one word that was typed names no kind, so that it may be
// a key like "config/web".
bool IsOnlyAKey(const Args& args, const Error& error);

// Where an object is, or was.
struct FoundObject {
  const kubectl::Resource* resource = nullptr;  // of `names`
  std::string key;                              // the likeliest one where there is none
  std::vector<mvcc::Change> changes;  // up to the revision, the newest first; as far as `enough` says
};

// Looks for it at `revision` (0: the newest). Errors: kUsage where no resource has the name; as
// ObjectNames::Resolve and Store::RevisionOr.
using Enough = bool (*)(const std::vector<mvcc::Change>& newest_first);
Result<FoundObject> FindObject(const mvcc::Store& store, objects::ObjectNames& names,
                               const objects::ObjectWords& words, int64_t revision, Enough enough);

}  // namespace etcdmedic::tool
