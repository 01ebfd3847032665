// SPDX-License-Identifier: Apache-2.0
// The rules over one Kubernetes value and the key it is stored under: it decodes, and it is the object that
// the key names. docs/format/k8s.md, "Keys". etcd does not look into values, so an etcd starts all the same.
#pragma once

#include <string>

#include "diag/finding.h"
#include "k8s/value.h"
#include "kubectl/registry.h"

namespace etcdmedic::keyspace {

// Decodes a plain value of an object's key to `text`. Reports what k8s::Decode reports, and
// K8S-VALUE-NOT-OBJECT where the value is none, with `key` in the message. Gives whether it is an object that
// decodes whole.
bool CheckObject(std::string_view key, Bytes value, const Where& where, std::string& text,
                 diag::FindingSink& sink);

// Reports K8S-VALUE-NOT-OBJECT of a plain value under an object's key.
void ReportNoObject(std::string_view key, Bytes value, const Where& where, diag::FindingSink& sink);

// Kubernetes values in a key space that may hold others: what is wrong with them counts only where most keys
// below Kubernetes' prefixes hold objects. One for each thread; joined with Add.
class ObjectRules {
 public:
  // `registry` outlives it.
  explicit ObjectRules(const kubectl::Registry& registry) : registry_(&registry) {}

  // A live value, stored at `where`. Encrypted ones are passed over.
  void Check(std::string_view key, Bytes value, const Where& where);
  void Add(ObjectRules&& other);
  // Reports K8S-*.
  void Report(diag::FindingSink& sink);

 private:
  void CheckName(std::string_view key, const kubectl::RegistryKey& parts, const k8s::Peeked& object,
                 const Where& where, uint64_t size);

  const kubectl::Registry* registry_;
  uint64_t objects_ = 0;
  uint64_t others_ = 0;  // that hold no object
  std::string text_;
  diag::FindingList found_;
};

}  // namespace etcdmedic::keyspace
