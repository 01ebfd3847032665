// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: a Kubernetes cluster as a whole, out of its key space.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kExportFlags[] = {
    {"--output", "DIR", "the directory to write; it must not be there yet, or be empty"},
    {"--apply-ready", "", "manifests for a new cluster, in the order in which to apply them"},
    {"--namespace", "NAMESPACE", "only objects of this namespace", 'n'},
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    {"--encryption-config", "FILE",
     "the API server's EncryptionConfiguration, to open what is encrypted at rest"},
    {"--etcd-prefix", "PREFIX", "where the API server keeps its keys, where that is not /registry"},
};
constexpr Flag kAuditFlags[] = {
    {"--target", "X.Y", "the release of Kubernetes to judge stored versions by; the newest known otherwise"},
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    {"--encryption-config", "FILE",
     "the API server's EncryptionConfiguration, to open what is encrypted at rest"},
    {"--etcd-prefix", "PREFIX", "where the API server keeps its keys, where that is not /registry"},
};
constexpr Example kExportExamples[] = {
    {"export DIR --output objects", "every object, a file each"},
    {"export DIR --output manifests --apply-ready", "what `kubectl apply` takes in a new cluster"},
    {"export DIR deploy,cm -n demo --output demo", "some kinds of one namespace"},
};
constexpr Example kAuditExamples[] = {
    {"audit DIR --target 1.33", "before an upgrade: what that release could not serve or read", kMended},
};

constexpr Command kCommands[] = {
    {"export", "PATH [KIND[,KIND]...]", "Kubernetes objects, each to a file of its own", kExportFlags,
     kExportExamples, RunExport},
    {"audit", "PATH", "kinds, stored versions, encryption at rest, and what needs attention", kAuditFlags,
     kAuditExamples, RunAudit},
};

}  // namespace

std::span<const Command> ClusterCommands() { return kCommands; }

}  // namespace etcdmedic::tool
