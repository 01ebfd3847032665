// SPDX-License-Identifier: Apache-2.0
// The Kubernetes objects of a key space -> a new directory, a file an object: docs/kubernetes-export.md.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "encryption/decryptor.h"
#include "kubectl/registry.h"
#include "kubectl/selector.h"
#include "mvcc/store.h"
#include "objects/apply_order.h"
#include "objects/file_sink.h"

namespace etcdmedic::objects {

struct ExportOptions {
  int64_t revision = 0;        // 0: the newest
  bool apply_ready = false;    // manifests for a new cluster, in stages
  encryption::Decryptor open;  // empty: encrypted values are left out
  bool hide_secrets = false;
  // Which objects to take; empty: all.
  std::function<bool(const kubectl::RegistryKey& key)> wanted;
  kubectl::LabelSelector labels;  // that they must have; empty: any
  // One after the other as they must be applied, and not in the order of keys: for a stream. Keeps 150 bytes
  // an object.
  bool in_order = false;
};

struct ExportReport {
  int64_t revision = 0;
  std::map<std::string, uint64_t> written;    // files by resource, "deployments.apps"
  std::map<SkipReason, uint64_t> left_out;    // objects by reason
  std::map<std::string, std::string> stages;  // of each resource in `written`, for apply_ready
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t damaged = 0;  // values that did not decode whole, written or left out
};

// Writes into `tree`, which the caller then commits. Every object in `registry`'s prefixes that is wanted has
// a row in index.tsv or in left-out.tsv. Findings: what Store and k8s::Decode report with the key in front,
// and K8S-VALUE-NOT-OBJECT. Errors: as Store::Range and FileSink::Write.
Result<ExportReport> ExportObjects(const mvcc::Store& store, const kubectl::Registry& registry,
                                   const ExportOptions& options, FileSink& tree, diag::FindingSink& sink);

}  // namespace etcdmedic::objects
