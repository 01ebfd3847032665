// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: the key space in the backend, and saved snapshots.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kGetFlags[] = {
    {"--prefix", "", "all keys that begin with KEY"},
    {"--from-key", "", "all keys from KEY on"},
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    {"--limit", "N", "print N keys at most"},
    {"--keys-only", "", "leave the values out"},
    {"--count-only", "", "only how many keys there are"},
    {"--print-value-only", "", "only the values, as they are"},
};
constexpr Flag kKeysFlags[] = {
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    {"--limit", "N", "print N keys at most"},
    {"--values", "", "the values too"},
    {"--count-only", "", "only how many keys there are"},
};
constexpr Flag kHashKvFlags[] = {
    {"--rev", "REVISION", "up to this revision; the newest otherwise"},
    {"--etcd-version", "X.Y.Z", "as this release computes it; 3.6 otherwise"},
};
constexpr Example kGetExamples[] = {
    {"get DIR /registry/namespaces/default", "one key with its value"},
    {"get DIR /registry/pods/ --prefix --rev 2000 --limit 3 -o json", "what was there at revision 2000"},
};
constexpr Example kKeysExamples[] = {
    {"keys DIR /registry/namespaces/", "the keys that begin so"},
    {"keys DIR -o name", "every key, a line each"},
};
constexpr Example kHashKvExamples[] = {
    {"hashkv DIR", "to compare with `etcdctl endpoint hashkv` of another member"}};

constexpr std::string_view kEtcdctl[] = {"etcdctl-json"};

constexpr Command kCommands[] = {
    {"get", "PATH [KEY [RANGE_END]]", "keys with their values, at any retained revision", kGetFlags,
     kGetExamples, RunGet, kEtcdctl},
    {"keys", "PATH [PREFIX]", "keys with their revisions", kKeysFlags, kKeysExamples, RunKeys, kEtcdctl},
    {"hashkv", "PATH", "the hash by which members compare their keys", kHashKvFlags, kHashKvExamples,
     RunHashKv, kEtcdctl},
};

}  // namespace

std::span<const Command> KeysCommands() { return kCommands; }

}  // namespace etcdmedic::tool
