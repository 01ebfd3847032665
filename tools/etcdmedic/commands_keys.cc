// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: the key space in the backend, and saved snapshots.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kSortBy{"--sort-by", "WHAT",
                       "by key (default), version, create, modify or value; equal ones in the order of keys"};
constexpr Flag kOrder{"--order", "ORDER", "ascend (default) or descend"};
constexpr Flag kRaw{"--raw", "", "values as they are stored, Kubernetes objects too"};
constexpr Flag kEncryption{"--encryption-config", "FILE",
                           "the API server's EncryptionConfiguration, to open what is encrypted at rest"};
constexpr Flag kGetFlags[] = {
    {"--prefix", "", "all keys that begin with KEY"},
    {"--from-key", "", "all keys from KEY on"},
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    kSortBy,
    kOrder,
    {"--limit", "N", "print N keys at most"},
    {"--keys-only", "", "leave the values out"},
    {"--count-only", "", "only how many keys there are"},
    {"--print-value-only", "", "only the values, as they are"},
    kRaw,
    kEncryption,
};
constexpr Flag kHistoryFlags[] = {
    {"--rev", "REVISION", "the changes up to this revision; up to the newest otherwise"},
    {"--limit", "N", "print only the N newest of them"},
    kRaw,
    kEncryption,
};
constexpr Flag kKeysFlags[] = {
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    kSortBy,
    kOrder,
    {"--limit", "N", "print N keys at most"},
    {"--values", "", "the values too"},
    {"--count-only", "", "only how many keys there are"},
    kRaw,
    kEncryption,
};
constexpr Flag kHashKvFlags[] = {
    {"--rev", "REVISION", "up to this revision; the newest otherwise"},
    {"--etcd-version", "X.Y.Z", "as this release computes it; 3.6 otherwise"},
};
constexpr Example kGetExamples[] = {
    {"get DIR /registry/namespaces/default", "one key with its value"},
    {"get DIR /registry/pods/ --prefix --rev 2000 --limit 3 -o json", "what was there at revision 2000"},
    {"get DIR / --prefix --keys-only --sort-by modify --order descend --limit 5", "what changed last"},
};
constexpr Example kKeysExamples[] = {
    {"keys DIR /registry/namespaces/", "the keys that begin so"},
    {"keys DIR -o name", "every key, a line each"},
};
constexpr Example kHashKvExamples[] = {
    {"hashkv DIR", "to compare with `etcdctl endpoint hashkv` of another member"},
    {"hashkv DIR -o etcdctl-json", "in the same document as that prints with -w json"}};

constexpr Flag kDeletedFlags[] = {
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    {"--limit", "N", "print N keys at most"},
    kRaw,
    kEncryption,
};
constexpr Flag kDiffFlags[] = {
    {"--rev", "REVISION", "compare two files as they were at this revision"},
    {"--values", "", "print all values, those of keys that were added or removed too"},
    {"--keys-only", "", "leave out what changed in Kubernetes objects"},
    kRaw,
    kEncryption,
    {"--limit", "N", "stop after N differences"},
};
constexpr Flag kTopFlags[] = {
    {"--by", "WHAT", "prefix (default), key, kind or namespace"},
    {"--sort", "WHAT", "history (default), size, revisions or keys"},
    {"--depth", "N", "how many parts of a key make its prefix (default 2)"},
    {"--rev", "REVISION", "as it was at this revision; the newest otherwise"},
    {"--limit", "N", "print N rows at most (default 20, 0: all)"},
};
constexpr Flag kPresentFlags[] = {
    {"--rev", "REVISION",
     "must be retained; etcd keeps no history of this, so it is always that of the newest revision"},
};
constexpr Flag kLeasesFlags[] = {
    {"--rev", "REVISION",
     "the keys as they hung on the leases at this revision; etcd keeps no history of the leases themselves"},
    {"--limit", "N", "print N leases at most"},
};
constexpr Example kHistoryExamples[] = {
    {"history DIR /registry/namespaces/doomedns", "every change of a key that is retained"},
    {"history DIR /registry/pods/default/keepr --rev 2000 --limit 2",
     "the last two changes up to revision 2000"}};
constexpr Example kDeletedExamples[] = {
    {"deleted DIR /registry/ --limit 5", "what was deleted, and what is known of it"}};
constexpr Example kDiffExamples[] = {
    {"diff DIR 2700 2809 --limit 3", "what changed between two revisions, and in which lines of an object",
     kMended},
    {"diff DIR 2700 2809 --keys-only", "which keys", kMended},
    {"diff DIR DIR", "compare two members, or a db and a snapshot"}};
constexpr Example kTopExamples[] = {{"top DIR --by kind", "which resources fill the db"}};
constexpr Example kLeasesExamples[] = {
    {"leases DIR", "leases and the keys attached to them"},
    {"leases DIR --rev 2000 --limit 3", "which keys hung on them at revision 2000"}};
constexpr Example kAuthExamples[] = {
    {"auth DIR", "users, roles and permissions"},
    {"auth DIR users -o etcdctl-json", "as `etcdctl user list -w json`; also roles, user NAME, role NAME"}};
constexpr Example kMembersExamples[] = {{"members DIR", "the members as the backend knows them"},
                                        {"members DIR -o etcdctl-json", "as `etcdctl member list -w json`"}};
constexpr Example kAlarmsExamples[] = {{"alarms DIR", "what stops etcd from taking writes"}};
constexpr Example kMetaExamples[] = {{"meta DIR", "revisions, compactions, applied index, versions, alarms"}};
constexpr Example kStatusExamples[] = {
    {"snapshot status DIR", "as `etcdutl snapshot status`, of any backend"}};
constexpr Example kSnapshotVerifyExamples[] = {
    {"snapshot verify DIR", "can this backup be trusted"},
    {"snapshot verify backups/*.db.gz -o ndjson", "many backups, a row each", kFailed}};

constexpr std::string_view kEtcdctl[] = {"etcdctl-json"};
constexpr std::string_view kEtcdctlAndEtcdutl[] = {"etcdctl-json", "etcdutl-json"};

constexpr Command kCommands[] = {
    {"get", "PATH [KEY [RANGE_END]]", "keys with their values, at any retained revision", kGetFlags,
     kGetExamples, RunGet, kEtcdctl},
    {"keys", "PATH [PREFIX]", "keys with their revisions", kKeysFlags, kKeysExamples, RunKeys, kEtcdctl},
    {"hashkv", "PATH", "the hash by which members compare their keys", kHashKvFlags, kHashKvExamples,
     RunHashKv, kEtcdctlAndEtcdutl},
    {"history", "PATH KEY",
     "every retained change of a key, with its values; of a Kubernetes object what changed in it",
     kHistoryFlags, kHistoryExamples, RunHistory, kEtcdctl},
    {"deleted", "PATH [PREFIX]", "keys that are gone, and their last value", kDeletedFlags, kDeletedExamples,
     RunDeleted},
    {"diff", "PATH PATH2-OR-REV1 [REV2]",
     "keys that differ between two revisions or two files; of a Kubernetes object what changed in it",
     kDiffFlags, kDiffExamples, RunDiff},
    {"top", "PATH [PREFIX]", "what fills the key space, now and in history", kTopFlags, kTopExamples, RunTop},
    {"leases", "PATH [LEASE]", "leases and their keys, or one lease by its id", kLeasesFlags, kLeasesExamples,
     RunLeases, kEtcdctl},
    {"auth", "PATH [WHAT [NAME]]", "users, roles, permissions; or only users, roles, user NAME, role NAME",
     kPresentFlags, kAuthExamples, RunAuth, kEtcdctl},
    {"members", "PATH", "members and alarms", kPresentFlags, kMembersExamples, RunMembers, kEtcdctl},
    {"alarms", "PATH", "alarms that are raised", kPresentFlags, kAlarmsExamples, RunAlarms, kEtcdctl},
    {"meta", "PATH", "what the backend says about itself", kPresentFlags, kMetaExamples, RunMeta},
    {"snapshot status",
     "PATH",
     "hash, revision, keys, size and version of a saved snapshot",
     {},
     kStatusExamples,
     RunSnapshotStatus,
     kEtcdctl},
    {"snapshot verify",
     "PATH...",
     "check backups: SHA-256, size, pages, keys, and whether `snapshot restore` takes them",
     {},
     kSnapshotVerifyExamples,
     RunSnapshotVerify},
};

}  // namespace

std::span<const Command> KeysCommands() { return kCommands; }

}  // namespace etcdmedic::tool
