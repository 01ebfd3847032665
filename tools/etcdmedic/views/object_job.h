// SPDX-License-Identifier: Apache-2.0
// What the commands over objects of one revision work on: objects, describe, events, tree.
#pragma once

#include <memory>

#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "objects/query.h"
#include "objects/reader.h"

namespace etcdmedic::tool {

struct ObjectJob {
  ObjectJob(Context& to, const Args& typed, std::unique_ptr<OpenedStore> store)
      : context(to), args(typed), opened(std::move(store)), folded(opened->found) {}

  Context& context;
  const Args& args;
  std::unique_ptr<OpenedStore> opened;
  diag::FoldingSink folded;
  objects::ObjectReader::Options reading;
  Encryption encryption;
  std::unique_ptr<objects::ObjectReader> reader;
  std::unique_ptr<objects::ObjectCatalog> catalog;

  // A reader for related objects, while views of the first one's last.
  std::unique_ptr<objects::ObjectReader> AnotherReader(bool mask_secrets);
  // Prints on stderr what could not be read; the exit code with what that adds to it.
  int Finish(int code);
};

// Opens the path of a command line at its --rev, with --release, --encryption-config, --etcd-prefix and
// --stored. Errors: as OpenStore and objects::ObjectCatalog::Read; kUsage.
Result<std::unique_ptr<ObjectJob>> OpenObjects(Context& context, const Args& args);

// The time of --now, or the clock's. Errors: kUsage.
Result<int64_t> NowOf(const Args& args);

}  // namespace etcdmedic::tool
