// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: Kubernetes objects.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kDecodeFlags[] = {
    {"--release", "X.Y", "print as this release of Kubernetes would; the newest that fits otherwise"},
    {"--encryption-config", "FILE",
     "the API server's EncryptionConfiguration, for values that are encrypted"},
    {"--key", "KEY", "the etcd key of the value, where its wrapping does not tell; AES-GCM is bound to it"},
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
};

constexpr Command kCommands[] = {
    {"decode", "[FILE]", "one Kubernetes value, in whatever wrapping, as YAML or JSON", kDecodeFlags,
     kDecodeExamples, RunDecode, kDecodeFormats},
    {"encode",
     "[FILE]",
     "an object in YAML or JSON as the bytes that an API server stores",
     kEncodeFlags,
     kEncodeExamples,
     RunEncode,
     {}},
};

}  // namespace

std::span<const Command> KubernetesCommands() { return kCommands; }

}  // namespace etcdmedic::tool
