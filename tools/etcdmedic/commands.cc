// SPDX-License-Identifier: Apache-2.0
// The command table. A new command is one row in the commands_<family>.cc that it belongs to, and one
// cmd_<verb>.cc.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kGlobal[] = {
    {"--format", "FORMAT", "table (default), yaml, json, ndjson or name", 'o'},
    {"--color", "WHEN", "auto (default), always or never; NO_COLOR is respected"},
    {"--show-secrets", "", "print Secrets, passwords, tokens and hashes as they are, on a terminal too"},
    {"--hide-secrets", "", "hide them in pipes and files too, for output that others will see"},
    {"--help", "", "help for the command", 'h'},
};

constexpr Flag kWalDir = {"--wal-dir", "DIR", "the log's directory, where etcd was run with --wal-dir"};

// A db page or a backup has no log beside it; diff takes two members.
bool TakesWalDir(const Command& command) {
  return command.positional.starts_with("PATH") && !command.name.starts_with("db ") &&
         !command.name.starts_with("snap") && command.name != "diff";
}

}  // namespace

std::span<const Family> Families() {
  static const Family families[] = {
      {"A member", MemberCommands()},
      {"The log and .snap files", LogCommands()},
      {"Keys, leases, users, members", KeysCommands()},
      {"The backend's pages", DbCommands()},
      {"Kubernetes objects", KubernetesCommands()},
      {"A Kubernetes cluster as a whole", ClusterCommands()},
      {"This tool", HelpCommands()},
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

std::span<const Flag> GlobalFlags() { return kGlobal; }

std::vector<Flag> FlagsOf(const Command& command) {
  std::vector<Flag> flags(command.flags.begin(), command.flags.end());
  if (TakesWalDir(command)) flags.push_back(kWalDir);
  return flags;
}

}  // namespace etcdmedic::tool
