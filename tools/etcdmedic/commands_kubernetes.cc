// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: Kubernetes objects.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kObjectsFlags[] = {
    {"--namespace", "NAMESPACE", "objects of this namespace; default otherwise", 'n'},
    {"--all-namespaces", "", "objects of every namespace; without a kind, objects of every kind", 'A'},
    {"--selector", "LABELS", "only objects with these labels: a=b,c!=d,e in (x,y),!f", 'l'},
    {"--field-selector", "FIELDS", "only objects with these fields: status.phase=Running"},
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    {"--sort-by", "PATH", "in the order of what is found there: .metadata.creationTimestamp"},
    {"--show-labels", "", "tables: the labels in a last column"},
    {"--label-columns", "LABELS", "tables: these labels in columns of their own", 'L'},
    {"--no-headers", "", "tables: no headings"},
    {"--now", "TIME", "tables: count ages up to this time; the clock's otherwise"},
    {"--release", "X.Y", "print as this release of Kubernetes; the newest that fits otherwise"},
    {"--encryption-config", "FILE",
     "the API server's EncryptionConfiguration, to open what is encrypted at rest"},
    {"--etcd-prefix", "PREFIX", "where the API server keeps its keys, where that is not /registry"},
};
constexpr Example kObjectsExamples[] = {
    {"objects DIR", "which resources there are, and how many objects of each"},
    {"objects DIR pods -A -o wide", "every pod, as kubectl shows them"},
    {"objects DIR pod keepr -o yaml", "one object as YAML"},
    {"objects DIR deploy,rs,po -n demo -l app=web -o name", "several kinds, chosen by label"},
};
constexpr std::string_view kObjectsFormats[] = {"wide", "custom-columns=", "jsonpath="};

constexpr Flag kDecodeFlags[] = {
    {"--release", "X.Y", "print as this release of Kubernetes would; the newest that fits otherwise"},
    {"--encryption-config", "FILE",
     "the API server's EncryptionConfiguration, for values that are encrypted"},
    {"--key", "KEY", "the etcd key of the value, if its wrapping does not contain it; AES-GCM needs it"},
};
constexpr std::string_view kDecodeFormats[] = {"kubectl", "kubectl-json"};
constexpr Example kDecodeExamples[] = {
    {"decode VALUE", "one stored value as YAML, whether raw, hex, base64, a dump or etcdctl's output"},
    {"decode VALUE -o json", "the same as JSON; ndjson has it in one line"},
    {"decode VALUE -o kubectl", "with the resourceVersion that kubectl would show"},
};

constexpr Flag kEncodeFlags[] = {
    {"--release", "X.Y", "write the fields that this release of Kubernetes writes; the newest's otherwise"},
};
constexpr Example kEncodeExamples[] = {
    {"encode OBJECT", "an object in YAML or JSON as the bytes that an API server stores"},
    {"encode OBJECT -o base64", "the same as text"},
};
constexpr std::string_view kEncodeFormats[] = {"base64", "hex"};

constexpr Command kCommands[] = {
    {"objects", "PATH [KIND[,KIND] [NAME...] | KIND/NAME...]", "Kubernetes objects, in kubectl's grammar",
     kObjectsFlags, kObjectsExamples, RunObjects, kObjectsFormats},
    {"decode", "[FILE]", "one Kubernetes value, in whatever wrapping, as YAML or JSON", kDecodeFlags,
     kDecodeExamples, RunDecode, kDecodeFormats},
    {"encode",
     "[FILE]",
     "an object in YAML or JSON as the bytes that an API server stores",
     kEncodeFlags,
     kEncodeExamples,
     RunEncode,
     kEncodeFormats},
};

}  // namespace

std::span<const Command> KubernetesCommands() { return kCommands; }

}  // namespace etcdmedic::tool
