// SPDX-License-Identifier: Apache-2.0
#include "cli/habits.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

constexpr std::string_view kLive =
    "it changes a running cluster; etcdmedic reads files, and changes only what `etcdmedic repair` offers";

constexpr Habit kHabits[] = {
    // etcdctl
    {"member list", "etcdctl", "members", ""},
    {"member add", "etcdctl", "", kLive},
    {"member remove", "etcdctl", "",
     "`etcdctl member remove` does it in a cluster with a quorum; `etcdmedic repair PATH --drop-member ID` "
     "where the quorum is lost"},
    {"member update", "etcdctl", "", kLive},
    {"member promote", "etcdctl", "", kLive},
    {"endpoint status", "etcdctl", "info", ""},
    {"endpoint health", "etcdctl", "verify", ""},
    {"endpoint hashkv", "etcdctl", "hashkv", ""},
    {"lease list", "etcdctl", "leases", ""},
    {"lease timetolive", "etcdctl", "leases", ""},
    {"lease grant", "etcdctl", "", kLive},
    {"lease revoke", "etcdctl", "", kLive},
    {"lease keep-alive", "etcdctl", "", kLive},
    {"user list", "etcdctl", "auth PATH users", ""},
    {"user get", "etcdctl", "auth PATH user", ""},
    {"role list", "etcdctl", "auth PATH roles", ""},
    {"role get", "etcdctl", "auth PATH role", ""},
    {"user", "etcdctl", "", "`etcdmedic auth PATH users` lists users; they are changed by `etcdctl user`"},
    {"role", "etcdctl", "", "`etcdmedic auth PATH roles` lists roles; they are changed by `etcdctl role`"},
    {"alarm list", "etcdctl", "alarms", ""},
    {"alarm disarm", "etcdctl", "",
     "`etcdctl alarm disarm` does it on a running cluster, `etcdmedic repair PATH --clear-alarms` on a "
     "single stopped member"},
    {"snapshot save", "etcdctl", "",
     "`etcdctl snapshot save` does it; a copy of member/snap/db is read here as it is: `etcdmedic snapshot "
     "status PATH`"},
    {"put", "etcdctl", "", kLive},
    {"del", "etcdctl", "", kLive},
    {"txn", "etcdctl", "", kLive},
    {"watch", "etcdctl", "",
     "`etcdmedic wal dump PATH --follow` prints what a member writes, `etcdmedic history PATH KEY` the "
     "changes of a key"},
    {"compaction", "etcdctl", "", kLive},
    {"defrag", "etcdctl", "", "`etcdmedic db compact PATH NEW` writes a compact copy of the db"},
    {"move-leader", "etcdctl", "", kLive},
    {"check perf", "etcdctl", "", kLive},
    {"check datascale", "etcdctl", "", kLive},
    {"make-mirror", "etcdctl", "", kLive},
    {"lock", "etcdctl", "", kLive},
    {"elect", "etcdctl", "", kLive},
    {"downgrade", "etcdctl", "",
     "`etcdctl downgrade` does it; `etcdmedic verify PATH --etcd-version X.Y` predicts whether that release "
     "starts"},
    // etcdutl
    {"backup", "etcdutl", "",
     "`etcdctl snapshot save` makes a backup, `etcdmedic snapshot verify PATH` checks one"},
    {"snapshot info", "any", "snapshot status", ""},
    {"snapshot check", "any", "snapshot verify", ""},
    {"snapshot hashkv", "any", "hashkv", ""},
    // etcd-dump-logs
    {"etcd-dump-logs", "etcd-dump-logs", "wal dump", ""},
    {"dump-logs", "etcd-dump-logs", "wal dump", ""},
    {"wal cat", "any", "wal dump", ""},
    {"wal show", "any", "wal dump", ""},
    {"wal list", "any", "wal stat", ""},
    {"wal ls", "any", "wal stat", ""},
    {"wal stats", "any", "wal stat", ""},
    {"wal check", "any", "verify", ""},
    {"wal verify", "any", "verify", ""},
    {"wal repair", "any", "repair", ""},
    {"log", "any", "wal dump", ""},
    // etcd-dump-db
    {"list-bucket", "etcd-dump-db", "db buckets", ""},
    {"iterate-bucket", "etcd-dump-db", "db dump", ""},
    {"scan-keys", "etcd-dump-db", "",
     "`etcdmedic db dump PATH key` prints every revision, `etcdmedic history PATH KEY` those of a key"},
    {"hash", "etcd-dump-db", "snapshot status", ""},
    {"etcd-dump-db", "etcd-dump-db", "",
     "`etcdmedic db buckets PATH` lists buckets, `etcdmedic db dump PATH BUCKET` what is in one"},
    // bbolt
    {"check", "bbolt", "verify", ""},
    {"stats", "bbolt", "db stat", ""},
    {"stat", "any", "db stat", ""},
    {"buckets", "bbolt", "db buckets", ""},
    {"pages", "bbolt", "db pages", ""},
    {"page", "bbolt", "db page", ""},
    {"page-item", "bbolt", "db page", ""},
    {"inspect", "bbolt", "db tree", ""},
    {"compact", "bbolt", "",
     "`etcdmedic db compact PATH NEW` writes a compact copy of the db; revisions are compacted by etcdctl"},
    {"surgery", "bbolt", "",
     "`etcdmedic repair PATH` plans what can be repaired, `etcdmedic db compact PATH NEW --salvage` takes "
     "what is left"},
    {"bench", "bbolt", "", "`bbolt bench` does it"},
    {"dump", "bbolt", "",
     "`etcdmedic wal dump PATH` prints the log, `etcdmedic db dump PATH BUCKET` a bucket, `etcdmedic db page "
     "PATH PAGE --hex` a page"},
    {"db info", "any", "db stat", ""},
    {"db stats", "any", "db stat", ""},
    {"db list", "any", "db buckets", ""},
    {"db inspect", "any", "db tree", ""},
    {"db verify", "any", "db check", ""},
    {"db repair", "any", "repair", ""},
    {"db defrag", "any", "db compact", ""},
    {"freelist", "any", "db freelist", ""},
    // auger
    {"extract", "auger", "",
     "`etcdmedic get PATH KEY` prints a key, `etcdmedic objects PATH KIND NAME -o yaml` an object"},
    {"analyze", "auger", "top PATH --by kind", ""},
    {"checksum", "auger", "hashkv", ""},
    // kubectl
    {"kubectl", "kubectl", "",
     "`etcdmedic objects PATH KIND NAME` prints what `kubectl get` does, `etcdmedic describe PATH KIND NAME` "
     "what `kubectl describe` does"},
    {"api-resources", "kubectl", "", "`etcdmedic audit PATH` lists the kinds that are stored"},
    {"api-versions", "kubectl", "", "`etcdmedic audit PATH` lists the versions that are stored"},
    {"apply", "kubectl", "",
     "`kubectl apply` does it; `etcdmedic undelete PATH KIND/NAME` and `etcdmedic export` write manifests "
     "for it"},
    {"create", "kubectl", "", kLive},
    {"delete", "kubectl", "", kLive},
    {"edit", "kubectl", "", kLive},
    {"exec", "kubectl", "", kLive},
    {"logs", "kubectl", "",
     "logs of containers are not in etcd; `etcdmedic wal dump PATH` prints etcd's own log of changes, "
     "`etcdmedic explain FILE` explains what etcd printed"},
    {"cluster-info", "kubectl", "",
     "`etcdmedic info PATH` summarises a member, `etcdmedic audit PATH` its Kubernetes objects"},
    {"rollout", "kubectl", "", "`etcdmedic history PATH KEY` prints the changes of an object"},
    // Words that suggest themselves.
    {"status", "any", "info", ""},
    {"health", "any", "verify", ""},
    {"fsck", "any", "verify", ""},
    {"validate", "any", "verify", ""},
    {"doctor", "any", "verify", ""},
    {"diagnose", "any", "verify", ""},
    {"fix", "any", "repair", ""},
    {"heal", "any", "repair", ""},
    {"ls", "any", "keys", ""},
    {"list", "any", "keys", ""},
    {"cat", "any", "get", ""},
    {"du", "any", "top", ""},
};

constexpr std::string_view kNoServer =
    "etcdmedic reads files and connects to nothing: leave it out, and give the data directory or a snapshot";

constexpr FlagHabit kFlagHabits[] = {
    {"--endpoints", "etcdctl", "", "", kNoServer},
    {"--cacert", "etcdctl", "", "", kNoServer},
    {"--cert", "etcdctl", "", "", kNoServer},
    {"--user", "etcdctl", "", "", kNoServer},
    {"--dial-timeout", "etcdctl", "", "", kNoServer},
    {"--command-timeout", "etcdctl", "", "", kNoServer},
    {"--insecure-skip-tls-verify", "etcdctl", "", "", kNoServer},
    {"--insecure-transport", "etcdctl", "", "", kNoServer},
    {"--cluster", "etcdctl", "", "", kNoServer},
    {"--consistency", "etcdctl", "get", "", "there is one reader, and nobody writes: leave it out"},
    {"--hex", "etcdctl", "get", "",
     "-o json has what is not text in base64, `etcdmedic db dump PATH key` every byte as an escape"},
    {"--data-dir", "etcdutl", "", "PATH", ""},
    {"--start-index", "etcd-dump-logs", "wal dump", "--from", ""},
    {"--entry-type", "etcd-dump-logs", "wal dump", "--type", ""},
    {"--start-snap", "etcd-dump-logs", "wal dump", "",
     "`etcdmedic snap dump PATH` says the index of a .snap file; --from takes it"},
    {"--stream-decoder", "etcd-dump-logs", "wal dump", "",
     "-o ndjson has every request decoded, a line each"},
    {"--target-version", "etcdutl", "migrate", "--to", ""},
    {"--decode", "etcd-dump-db", "db dump", "",
     "`etcdmedic keys PATH`, `etcdmedic leases PATH` and `etcdmedic auth PATH` print what a bucket holds"},
    {"-f", "auger", "", "PATH", ""},
    {"--file", "auger", "", "PATH", ""},
    {"--revision", "auger", "", "--rev", ""},
    {"--kubeconfig", "kubectl", "", "", kNoServer},
    {"--context", "kubectl", "", "", kNoServer},
    {"--server", "kubectl", "", "", kNoServer},
    {"--watch", "kubectl", "", "",
     "files do not change; `etcdmedic wal dump PATH --follow` prints what a member writes"},
    {"-A", "kubectl", "get", "", "get prints keys of etcd; `etcdmedic objects PATH KIND -A` prints objects"},
    {"-l", "kubectl", "get", "",
     "get prints keys of etcd; `etcdmedic objects PATH KIND -l LABELS` prints objects"},
};

// "--endpoints=a" as "--endpoints"; Go's tools also take "-start-index".
std::string_view NameIn(std::string_view typed) { return typed.substr(0, typed.find('=')); }

bool Has(const Command& command, std::string_view flag) {
  return std::ranges::find(command.flags, flag, &Flag::name) != command.flags.end();
}

bool IsSame(std::string_view habit, std::string_view typed) {
  const std::string_view name = NameIn(typed);
  return name == habit || (habit.starts_with("--") && name.size() > 2 && name == habit.substr(1));
}

}  // namespace

std::span<const Habit> Habits() { return kHabits; }
std::span<const FlagHabit> FlagHabits() { return kFlagHabits; }

bool IsOtherTool(std::string_view word) {
  constexpr std::string_view kTools[] = {"etcdctl", "etcdutl", "bbolt", "auger"};
  return std::ranges::find(kTools, word) != std::end(kTools);
}

const Habit* FindHabit(std::string_view first, std::string_view second) {
  for (const std::string& name : {fmt::format("{} {}", first, second), std::string(first)}) {
    const auto found = std::ranges::find(kHabits, name, &Habit::typed);
    if (found != std::end(kHabits)) return &*found;
  }
  return nullptr;
}

const FlagHabit* FindFlagHabit(const Command& command, std::string_view typed) {
  const auto found = std::ranges::find_if(kFlagHabits, [&](const FlagHabit& each) {
    return IsSame(each.typed, typed) && (each.command.empty() || each.command == command.name) &&
           !Has(command, each.typed);
  });
  return found == std::end(kFlagHabits) ? nullptr : &*found;
}

void TranslateFlags(const Command& command, std::vector<std::string>& words) {
  std::vector<std::string> paths;
  for (size_t i = 0; i < words.size(); ++i) {
    const FlagHabit* const habit = words[i].starts_with("-") ? FindFlagHabit(command, words[i]) : nullptr;
    if (habit == nullptr || habit->means.empty()) continue;
    const size_t equal = words[i].find('=');
    if (habit->means != "PATH") {
      words[i] = std::string(habit->means) + (equal == std::string::npos ? "" : words[i].substr(equal));
      continue;
    }
    const bool joined = equal != std::string::npos;
    if (!joined && i + 1 == words.size()) continue;
    paths.push_back(joined ? words[i].substr(equal + 1) : words[i + 1]);
    const auto at = words.begin() + static_cast<std::ptrdiff_t>(i--);
    words.erase(at, at + (joined ? 1 : 2));
  }
  words.insert(words.begin(), paths.begin(), paths.end());
}

std::string HabitsDocument() {
  std::string text =
      "# Habits of other tools\n\nMade by `etcdmedic docs habits` from the table in "
      "`tools/etcdmedic/cli/habits.cc`; do not edit. What users of etcd's own\ntools, bbolt, auger and "
      "kubectl type is understood here: it runs the command that does the same, or the answer names it.\nThe "
      "name of the tool before "
      "it (`etcdctl`, `etcdutl`, `bbolt`, `auger`) is passed over.\n\n"
      "| typed | known from | runs |\n|---|---|---|\n";
  const auto program = [](const Habit& each) { return each.tool == "any" ? "" : each.tool; };
  for (const Habit& each : kHabits) {
    if (!each.runs.empty())
      text += fmt::format("| `{}` | {} | `etcdmedic {}` |\n", each.typed, program(each), each.runs);
  }
  text += "\n| typed | known from | use instead |\n|---|---|---|\n";
  for (const Habit& each : kHabits) {
    if (each.runs.empty()) text += fmt::format("| `{}` | {} | {} |\n", each.typed, program(each), each.hint);
  }
  text += "\nFlags:\n\n| typed | known from | here |\n|---|---|---|\n";
  for (const FlagHabit& each : kFlagHabits) {
    const std::string flag =
        each.command.empty() ? std::string(each.typed) : fmt::format("{} {}", each.command, each.typed);
    const std::string here = each.means.empty()     ? std::string(each.hint)
                             : each.means == "PATH" ? "the first argument"
                                                    : fmt::format("`{}`", each.means);
    text += fmt::format("| `{}` | {} | {} |\n", flag, each.tool, here);
  }
  return text;
}

}  // namespace etcdmedic::tool
