// SPDX-License-Identifier: Apache-2.0
// The command table. A new command is one row in the commands_<family>.cc that it belongs to, and one
// cmd_<verb>.cc.
#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kGlobal[] = {
    {"--format", "FORMAT", "table (default), yaml, json, ndjson or name", 'o'},
    {"--color", "WHEN", "auto (default), always or never; NO_COLOR is respected"},
    {"--show-secrets", "", "print passwords, tokens and hashes as they are"},
    {"--help", "", "help for the command", 'h'},
};

}  // namespace

std::span<const Family> Families() {
  static const Family families[] = {
      {"A member", MemberCommands()},
      {"The log and .snap files", LogCommands()},
      {"Keys, and what etcd keeps beside them", KeysCommands()},
      {"The backend's pages", DbCommands()},
      {"Kubernetes' objects", KubernetesCommands()},
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

}  // namespace etcdmedic::tool
