// SPDX-License-Identifier: Apache-2.0
// Rows of the command table: the tool about itself.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExplainExamples[] = {
    {"explain WAL-CRC-MISMATCH", "what a finding means and what to do"},
    {"explain 'walpb: crc mismatch'", "what a line of etcd's log means"},
    {"explain JOURNAL", "what a whole log says, repeats folded, the worst first; also: journalctl -u etcd | etcdmedic explain"},
};
constexpr Example kCompletionExamples[] = {{"completion bash", "a script to be sourced"}};

constexpr Command kCommands[] = {
    {"explain",
     "[CODE | LINE | FILE | -]",
     "what a finding code, a line of etcd's log or a whole log means",
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
     "codes | log-lines | man COMMAND | examples",
     "the documents that are made from the tables",
     {},
     {},
     RunDocs},
    {"help", "[COMMAND...]", "help for a command", {}, {}, RunHelp},
};

}  // namespace

std::span<const Command> HelpCommands() { return kCommands; }

}  // namespace etcdmedic::tool
