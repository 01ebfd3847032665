// SPDX-License-Identifier: Apache-2.0
// What commands there are. A new one is a file of its own, <verb>.cc, and its name in two lines here.
#include <vector>

#include "cli/command.h"

namespace etcdmedic::tool {

extern const Command kInfo, kVerify, kReport, kRepair, kUndo, kRecover, kRestore, kSalvage, kMigrate;
extern const Command kWalDump, kWalStat, kElections, kSnapDump;
extern const Command kGet, kKeys, kSearch, kHashkv, kHistory, kDeleted, kDiff, kTop, kLeases, kAuth, kMembers,
    kAlarms, kMeta, kSnapshotStatus, kSnapshotVerify, kSnapshotRestore;
extern const Command kDbCheck, kDbPages, kDbPage, kDbTree, kDbBuckets, kDbDump, kDbStat, kDbFreelist, kDbMeta,
    kDbCompact;
extern const Command kObjects, kDescribe, kEvents, kTree, kUndelete, kTimeline, kBlame, kWhen, kRevAt,
    kDecode, kEncode;
extern const Command kExport, kAudit;
extern const Command kExplain, kVersion, kCompletion, kDocs, kHelp;

std::span<const Family> Families() {
  static const Family families[] = {
      {"A member", {kInfo, kVerify, kReport, kRepair, kUndo, kRecover, kRestore, kSalvage, kMigrate}},
      {"The log and .snap files", {kWalDump, kWalStat, kElections, kSnapDump}},
      {"Keys, leases, users, members",
       {kGet, kKeys, kSearch, kHashkv, kHistory, kDeleted, kDiff, kTop, kLeases, kAuth, kMembers, kAlarms,
        kMeta, kSnapshotStatus, kSnapshotVerify, kSnapshotRestore}},
      {"The backend's pages",
       {kDbCheck, kDbPages, kDbPage, kDbTree, kDbBuckets, kDbDump, kDbStat, kDbFreelist, kDbMeta,
        kDbCompact}},
      {"Kubernetes objects",
       {kObjects, kDescribe, kEvents, kTree, kUndelete, kTimeline, kBlame, kWhen, kRevAt, kDecode, kEncode}},
      {"A Kubernetes cluster as a whole", {kExport, kAudit}},
      {"This tool", {kExplain, kVersion, kCompletion, kDocs, kHelp}},
  };
  return families;
}

std::span<const Command> Commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> rows;
    for (const Family& family : Families())
      rows.insert(rows.end(), family.commands.begin(), family.commands.end());
    return rows;
  }();
  return all;
}

}  // namespace etcdmedic::tool
