// SPDX-License-Identifier: Apache-2.0
// The key space of a PATH and all that names and opens what is in it, for commands over keys and objects.
#pragma once

#include <memory>

#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "objects/object_names.h"

namespace etcdmedic::tool {

struct KeySpace {
  KeySpace(std::unique_ptr<OpenedStore> store, Encryption keys, int64_t revision,
           std::string_view etcd_prefix)
      : opened(std::move(store)),
        encryption(std::move(keys)),
        at(revision),
        stored(encryption.open),
        names(*opened->store, stored, etcd_prefix) {}
  KeySpace(const KeySpace&) = delete;
  KeySpace& operator=(const KeySpace&) = delete;

  const mvcc::Store& store() const { return *opened->store; }

  // Each is used by those below it.
  const std::unique_ptr<OpenedStore> opened;
  const Encryption encryption;
  const int64_t at;  // the revision that --rev names, or the newest
  objects::StoredObjects stored;
  objects::ObjectNames names;
};

// Opens the first path of a command line, with --wal-dir, --rev, --encryption-config and --etcd-prefix where
// the command has them. Errors: as OpenStore, RevisionAt and EncryptionOf.
Result<std::unique_ptr<KeySpace>> OpenKeySpace(Context& context, const Args& args,
                                               Unapplied unapplied = Unapplied::kNotShown);

}  // namespace etcdmedic::tool
