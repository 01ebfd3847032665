// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: the write-ahead log and snapshots.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kDumpFlags[] = {
    {"--from", "INDEX", "first raft index to print"},
    {"--to", "INDEX", "last raft index to print"},
    {"--term", "TERM", "only entries of this term"},
    {"--type", "TYPE",
     "only this kind of entry (put, txn, …, or etcd-dump-logs' names: IRRPut, ConfigChange, Normal)"},
    {"--prefix", "KEY", "only requests that name a key with this prefix"},
    {"--segment", "NAME", "only the segment with this in its name"},
    {"--raw", "", "every record with offset and CRC, not only entries"},
    {"--values", "", "print the values that puts carry"},
    {"--k8s", "", "print the Kubernetes objects that puts carry, as YAML below each entry or as \"object\""},
    {"--encryption-config", "FILE", "with --k8s: the API server's EncryptionConfiguration"},
    {"--limit", "N", "stop after N rows"},
    {"--follow", "", "go on with what a running etcd writes, until interrupted"},
};
constexpr Flag kStatFlags[] = {
    {"--by", "WHAT", "segment (default), type or prefix"},
    {"--depth", "N", "how many parts of a key make its prefix (default 3)"},
};
constexpr Example kDumpExamples[] = {
    {"wal dump DIR", "every entry of the log"},
    {"wal dump DIR --type txn --prefix /registry/pods/", "who wrote pods; an API server writes in transactions"},
    {"wal dump DIR --prefix /registry/pods/default/keepr --k8s",
     "every version of one object that the log holds"},
    {"wal dump DIR --raw -o ndjson", "every record, for a program"},
};
constexpr Example kStatExamples[] = {{"wal stat DIR --by type", "what fills the log"}};
constexpr Example kElectionExamples[] = {{"elections DIR", "terms, votes, leaders and membership changes"}};
constexpr Example kSnapExamples[] = {{"snap dump DIR", "the newest snapshot: index, term, members"}};

constexpr Command kCommands[] = {
    {"wal dump", "PATH...", "the log's entries, or with --raw every record", kDumpFlags, kDumpExamples,
     RunWalDump},
    {"wal stat", "PATH...", "counts and bytes by segment, type or key prefix", kStatFlags, kStatExamples,
     RunWalStat},
    {"elections",
     "PATH...",
     "terms, votes, leaders and membership changes of one or more members",
     {},
     kElectionExamples,
     RunElections},
    {"snap dump", "PATH", "what a .snap file holds", {}, kSnapExamples, RunSnapDump},
};

}  // namespace

std::span<const Command> LogCommands() { return kCommands; }

}  // namespace etcdmedic::tool
