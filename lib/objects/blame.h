// SPDX-License-Identifier: Apache-2.0
// Of each field of an object the revision that set it, and who did. docs/kubernetes.md, "Fields".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "mvcc/index.h"
#include "objects/stored_objects.h"

namespace etcdmedic::objects {

struct BlamedField {
  std::string path;
  std::string value;          // as ValueText has it
  int64_t revision = 0;       // that gave it this value
  bool at_or_before = false;  // what came before that revision is compacted
  std::string manager;        // by metadata.managedFields of that revision; empty where it names none
};

// Of the newest version. `newest_first`: the changes of one key, at least back to the beginning of its
// generation, beginning with a put. Gives the fields in stored order. With `mask_secrets` their values are
// masked, and nothing else. Findings: what k8s::Decode reports of the newest version. Errors: kUnsupported,
// kMalformed where a version is encrypted or is not an object.
Result<std::vector<BlamedField>> Blame(std::span<const mvcc::Change> newest_first, StoredObjects& stored,
                                       bool mask_secrets, const Where& where, diag::FindingSink& sink);

}  // namespace etcdmedic::objects
