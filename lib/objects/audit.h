// SPDX-License-Identifier: Apache-2.0
// What is in a Kubernetes key space: kinds, encodings, encryption, and what needs attention.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "encryption/decryptor.h"
#include "k8s/api_lifecycle.h"
#include "k8s/value.h"
#include "kubectl/registry.h"
#include "mvcc/store.h"

namespace etcdmedic::objects {

struct AuditOptions {
  std::string etcd_prefix;     // as --etcd-prefix of the API server; empty: the usual ones
  int64_t revision = 0;        // 0: the newest
  uint8_t target = 0;          // minor number of the release to judge by; 0: the newest known
  encryption::Decryptor open;  // empty: encrypted values stay closed
  // The key that writes a resource by the configuration, "aescbc:cbc2", empty for plain text; nothing where
  // no configuration is available.
  std::function<std::optional<std::string>(const std::string& resource)> writer;
};

// Objects of one version of a kind in one encoding. An encrypted value that no key opens has neither.
struct KindCount {
  std::string api_version, kind;
  k8s::Encoding encoding = k8s::Encoding::kEmpty;
  uint64_t objects = 0;
  uint64_t bytes = 0;  // as stored
  k8s::Lifetime lifetime;
};

// Values of one resource under one key.
struct KeyUse {
  std::string resource;  // as an EncryptionConfiguration names it: "secrets", "crontabs.stable.example.com"
  std::string key;       // "aescbc:cbc1"; empty for plain text
  uint64_t values = 0;
  uint64_t bytes = 0;
  int64_t newest_revision = 0;  // of the value written last
  uint64_t closed = 0;          // values that could not be opened
};

// The encryption of one resource.
struct ResourceEncryption {
  std::string resource;
  std::vector<KeyUse> keys;  // more than one: rotation is not finished
  std::string writes;        // the key that writes: by the configuration, else that of the newest value
  bool configured = false;   // `writes` is from a configuration
  // The values that are not under the key that writes: rotation is finished where there are none.
  uint64_t Behind() const;
};

// Something to look at: a code, what it concerns, how often, and a few of the keys.
struct Concern {
  diag::Code code;
  std::string about;  // "Secret", "policy/v1beta1 PodDisruptionBudget: last served by 1.24"
  uint64_t count = 0;
  std::vector<std::string> keys;  // the first five in the order of keys
};

struct AuditReport {
  int64_t revision = 0;
  uint8_t target = 0;
  uint64_t objects = 0;          // keys that belong to Kubernetes
  uint64_t bytes = 0;            // of their values
  uint64_t others = 0;           // keys that do not
  uint64_t damaged = 0;          // values that do not decode whole; each has a finding
  uint64_t closed = 0;           // encrypted values that were not opened
  std::vector<KindCount> kinds;  // by kind, version, encoding
  std::vector<ResourceEncryption>
      encryption;                 // resources with encrypted values or a key to write them; by name
  std::vector<Concern> concerns;  // by code, then what they are about
};

// Reads every value twice: what exists first, then each against that. Memory grows by 8 bytes an object
// beside what Store::Range takes. Findings: what Store and k8s::Decode report, with the key in the message,
// and K8S-VALUE-NOT-OBJECT. Errors: as Store::Range.
Result<AuditReport> Audit(const mvcc::Store& store, const AuditOptions& options, diag::FindingSink& sink);

}  // namespace etcdmedic::objects
