// SPDX-License-Identifier: Apache-2.0
// The command table. A new command is one row here and one cmd_<verb>.cc.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kGlobal[] = {
    {"--format", "FORMAT", "table (default), yaml, json, ndjson or name; also -o"},
    {"--color", "WHEN", "auto (default), always or never; NO_COLOR is respected"},
    {"--show-secrets", "", "print passwords, tokens and hashes as they are"},
    {"--help", "", "help for the command; also -h"},
};

constexpr Flag kVersionFlag[] = {
    {"--etcd-version", "X.Y", "whose behaviour to foretell; told from the files otherwise"}};
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
    {"--limit", "N", "stop after N rows"},
};
constexpr Flag kStatFlags[] = {
    {"--by", "WHAT", "segment (default), type or prefix"},
    {"--depth", "N", "how many parts of a key make its prefix (default 3)"},
};
constexpr Flag kRepairFlags[] = {
    {"--apply", "", "do it, in place, behind an undo journal"},
    {"--output", "DIR", "do it on a copy in this new directory"},
    {"--accept-loss", "", "also take the steps that lose something"},
    {"--journal", "FILE", "where to write the undo journal"},
    {"--etcd-version", "X.Y", "whose behaviour to foretell"},
};

constexpr Example kInfoExamples[] = {{"info DIR", "what is in this directory, in one screen"}};
constexpr Example kDumpExamples[] = {
    {"wal dump DIR", "every entry of the log"},
    {"wal dump DIR --type put --prefix /registry/pods/", "who wrote pods"},
    {"wal dump DIR --raw -o ndjson", "every record, for a program"},
};
constexpr Example kStatExamples[] = {{"wal stat DIR --by type", "what fills the log"}};
constexpr Example kElectionExamples[] = {{"elections DIR", "terms, votes, leaders and membership changes"}};
constexpr Example kSnapExamples[] = {{"snap dump DIR", "the newest snapshot: index, term, members"}};
constexpr Example kVerifyExamples[] = {
    {"verify DIR", "check everything; exit code 4 where something is damaged"}};
constexpr Example kRepairExamples[] = {{"repair DIR", "show what would be done; changes nothing"}};
constexpr Example kUndoExamples[] = {
    {"undo FILE", "put everything back as it was before the repair", kFailed}};
constexpr Example kExplainExamples[] = {
    {"explain WAL-CRC-MISMATCH", "what a finding means and what to do"},
    {"explain 'walpb: crc mismatch'", "what a line of etcd's log means"},
};
constexpr Example kCompletionExamples[] = {{"completion bash", "a script to be sourced"}};

constexpr Command kCommands[] = {
    {"info", "PATH", "what is this: versions, ids, revision, index, term, health at a glance", kVersionFlag,
     kInfoExamples, RunInfo},
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
    {"verify", "PATH...", "check everything, and say what etcd would do", kVersionFlag, kVerifyExamples,
     RunVerify},
    {"repair", "PATH", "show a plan that lets etcd start; --apply or --output carries it out", kRepairFlags,
     kRepairExamples, RunRepair},
    {"undo", "JOURNAL", "take a repair back, bit for bit", {}, kUndoExamples, RunUndo},
    {"explain",
     "[CODE | LOG LINE]",
     "what a finding code or a line of etcd's log means",
     {},
     kExplainExamples,
     RunExplain},
    {"completion",
     "SHELL",
     "a completion script for bash, zsh or fish",
     {},
     kCompletionExamples,
     RunCompletion},
    {"docs",
     "codes | man COMMAND | examples",
     "the documents that are made from the tables",
     {},
     {},
     RunDocs},
    {"help", "[COMMAND]", "help for a command", {}, {}, RunHelp},
};

}  // namespace

std::span<const Command> Commands() { return kCommands; }
std::span<const Flag> GlobalFlags() { return kGlobal; }

}  // namespace etcdmedic::tool
