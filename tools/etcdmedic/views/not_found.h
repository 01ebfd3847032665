// SPDX-License-Identifier: Apache-2.0
// What is said on stderr of a key or an object that is not there: since when, and what to type next.
#pragma once

#include "inputs/one_object.h"

namespace etcdmedic::tool {

// Of an object. `path` is what was given to read; `deleted_at` 0 where no retained revision holds it.
void NoteMissingObject(Context& context, const std::string& path, const FoundObject& found,
                       const objects::ObjectWords& words, const mvcc::Store& store, int64_t revision);

// "secret "doomed" was deleted at revision 2792 (last seen at 2791); `…` prints it".
void NoteDeletedObject(Context& context, const std::string& path, const kubectl::Resource& resource,
                       const objects::ObjectWords& words, int64_t deleted_at);

// Of one key, by its changes up to `revision`, the newest first.
void NoteMissingKey(Context& context, const std::string& path, std::string_view key,
                    const std::vector<mvcc::Change>& changes, const mvcc::Store& store, int64_t revision);

}  // namespace etcdmedic::tool
