// SPDX-License-Identifier: Apache-2.0
// The order in which objects must come into a new cluster, and which of them must not come at all:
// docs/kubernetes-export.md.
#pragma once

#include <cstdint>
#include <string_view>

namespace etcdmedic::objects {

// Ascending: what is in a later stage may need what is in an earlier one.
enum class Stage : uint8_t {
  kDefinitions,
  kNamespaces,
  kAccess,
  kStorage,
  kConfiguration,
  kNetwork,
  kWorkloads,
  kCustomResources,
  kOther,
  kAdmission,
};

// "00-definitions": folders of that name sort in the order of the stages.
std::string_view FolderOf(Stage stage);

// Of a kind, whatever its version. `builtin`: a kind of Kubernetes itself; others are custom resources.
Stage StageOf(std::string_view group, std::string_view kind, bool builtin);

// Why an object is left out of what is to be applied.
enum class SkipReason : uint8_t {
  kNothing,       // it is not left out
  kOwned,         // its controller makes it again
  kServersOwn,    // the API server or a controller of every cluster makes its own
  kClusterState,  // it describes the old cluster at work: nodes, events, leases, ...
  kFinished,      // a finished Pod or Job would run again
  kBeingDeleted,  // its deletion had begun
  kDamaged,       // what could be read of it is not the whole
  kEncrypted,     // no available key opens it
};

std::string_view NameOf(SkipReason reason);  // "made-by-controller"
// "its controller makes it again"
std::string_view ReasonOf(SkipReason reason);

// Whether every object of that kind describes the old cluster at work.
bool IsClusterState(std::string_view group, std::string_view kind);

}  // namespace etcdmedic::objects
