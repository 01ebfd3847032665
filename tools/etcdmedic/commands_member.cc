// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: a member as a whole, its checks and its repair.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kVersionFlag[] = {
    {"--etcd-version", "X.Y", "etcd release to predict for, or all (default: detected from the files)"}};
constexpr Flag kInfoFlags[] = {
    kVersionFlag[0], {"--count-keys", "", "also how many keys exist, which takes another pass over the db"}};
constexpr Flag kRepairFlags[] = {
    {"--apply", "", "do it in place, with an undo journal"},
    {"--output", "DIR", "do it on a copy in this new directory"},
    {"--accept-loss", "", "also take the steps that lose something"},
    {"--journal", "FILE", "where to write the undo journal"},
    {"--etcd-version", "X.Y", "etcd release to predict for (default: detected from the files)"},
};
constexpr Example kInfoExamples[] = {
    {"info DIR", "what is in this directory, in one screen"},
    {"info DIR --count-keys -o json", "the same for programs, and the number of keys"}};
constexpr Example kVerifyExamples[] = {
    {"verify DIR", "check everything; exit code 4 where something is damaged"},
    {"verify DIR1 DIR2 DIR3", "members of one cluster: who holds what, which one to start from", kFailed}};
constexpr Example kRepairExamples[] = {{"repair DIR", "show what would be done; changes nothing"}};
constexpr Flag kUndoFlags[] = {
    {"--force", "", "also where files have changed since the repair: what was written since then is lost"}};
constexpr Example kUndoExamples[] = {
    {"undo FILE", "put everything back as it was before the repair", kFailed}};

constexpr Command kCommands[] = {
    {"info", "PATH", "summarise a data directory: versions, ids, revision, index, term, health", kInfoFlags,
     kInfoExamples, RunInfo},
    {"verify", "PATH...", "check everything, and predict what etcd does at start", kVersionFlag,
     kVerifyExamples, RunVerify},
    {"repair", "PATH", "show a plan that lets etcd start; --apply or --output carries it out", kRepairFlags,
     kRepairExamples, RunRepair},
    {"undo", "JOURNAL|DIR", "take a repair back, bit for bit, where nothing has changed since", kUndoFlags,
     kUndoExamples, RunUndo},
};

}  // namespace

std::span<const Command> MemberCommands() { return kCommands; }

}  // namespace etcdmedic::tool
