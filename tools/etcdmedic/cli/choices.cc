// SPDX-License-Identifier: Apache-2.0
#include "cli/choices.h"

#include <fmt/format.h>

#include <algorithm>

#include "bolt/check.h"
#include "diag/codes.h"
#include "k8s/schema.h"
#include "kubectl/resources.h"
#include "raft/request.h"
#include "startup/predict.h"

namespace etcdmedic::tool {
namespace {

using Values = std::vector<std::string>;

// "a, b, c"
Values Split(std::string_view list) {
  Values values;
  while (!list.empty()) {
    const size_t end = std::min(list.find(", "), list.size());
    values.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return values;
}

Values EtcdReleases() {
  Values values;
  for (const startup::EtcdVersion version : startup::KnownVersions())
    values.push_back(fmt::format("{}.{}", version.major, version.minor));
  return values;
}

Values EtcdReleasesOrAll() {
  Values values = EtcdReleases();
  values.emplace_back("all");
  return values;
}

Values KubernetesReleases() {
  constexpr unsigned kOldest = 15;
  Values values;
  for (unsigned minor = kOldest; minor <= k8s::tables::kNewestRelease; ++minor)
    values.push_back(fmt::format("1.{}", minor));
  return values;
}

Values Kinds() {
  Values values{"all"};
  const kubectl::ResourceTable table;
  for (const kubectl::Resource& resource : table.all()) {
    values.push_back(resource.plural);
    values.insert(values.end(), resource.short_names.begin(), resource.short_names.end());
  }
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  return values;
}

Values PageUses() {
  Values values;
  for (int use = 0; use <= static_cast<int>(bolt::PageUse::kUnreachable); ++use)
    values.emplace_back(bolt::NameOf(static_cast<bolt::PageUse>(use)));
  return values;
}

Values Codes() {
  Values values;
  for (const diag::CodeInfo& info : diag::AllCodes()) values.emplace_back(info.name);
  return values;
}

Values FirstWords() {
  Values values;
  for (const Command& command : Commands()) {
    std::string first(command.name.substr(0, command.name.find(' ')));
    if (std::ranges::find(values, first) == values.end()) values.push_back(std::move(first));
  }
  return values;
}

Values EntryTypes() { return Split(raft::TypeNames()); }

template <const char* kList>
Values Words() {
  return Split(kList);
}
constexpr char kColors[] = "auto, always, never";
constexpr char kKeyOrders[] = "key, version, create, modify, value";
constexpr char kDirections[] = "ascend, descend";
constexpr char kMetaPages[] = "0, 1";
constexpr char kTopGroups[] = "prefix, key, kind, namespace";
constexpr char kTopOrders[] = "history, size, revisions, keys";
constexpr char kWalGroups[] = "segment, type, prefix";
constexpr char kOnly[] = "live";
constexpr char kBuckets[] =
    "alarm, auth, authRoles, authUsers, cluster, key, lease, members, members_removed, meta";
constexpr char kShells[] = "bash, zsh, fish";
constexpr char kDocuments[] = "codes, log-lines, man, examples";
constexpr char kAuthParts[] = "users, roles, user, role";

struct Row {
  std::string_view command;  // empty: of every command that has the flag or word
  std::string_view name;     // a flag, or how a word begins in Command::positional
  Values (*values)();
};
// The first row that fits counts.
constexpr Row kRows[] = {
    {"", "--color", Words<kColors>},
    {"", "--sort-by", Words<kKeyOrders>},
    {"", "--order", Words<kDirections>},
    {"", "--meta", Words<kMetaPages>},
    {"", "--type", EntryTypes},
    {"", "--use", PageUses},
    {"", "--only", Words<kOnly>},
    {"", "--target", KubernetesReleases},
    {"", "--release", KubernetesReleases},
    {"recover", "--etcd-version", EtcdReleases},
    {"repair", "--etcd-version", EtcdReleases},
    {"hashkv", "--etcd-version", EtcdReleases},
    {"", "--etcd-version", EtcdReleasesOrAll},
    {"top", "--by", Words<kTopGroups>},
    {"top", "--sort", Words<kTopOrders>},
    {"wal stat", "--by", Words<kWalGroups>},
    {"", "KIND", Kinds},
    {"", "BUCKET", Words<kBuckets>},
    {"", "SHELL", Words<kShells>},
    {"auth", "WHAT", Words<kAuthParts>},
    {"explain", "CODE", Codes},
    {"help", "COMMAND", FirstWords},
    {"docs", "codes", Words<kDocuments>},
};

Values Find(const Command& command, std::string_view name) {
  const auto row = std::ranges::find_if(kRows, [&](const Row& each) {
    return (each.command.empty() || each.command == command.name) && each.name == name;
  });
  return row == std::end(kRows) ? Values{} : row->values();
}

// "[KIND[,KIND]" begins with KIND.
std::string_view FirstName(std::string_view word) {
  while (word.starts_with('[')) word.remove_prefix(1);
  return word.substr(0, word.find_first_of("[],./ |"));
}

}  // namespace

std::vector<std::string> ValuesOf(const Command& command, const Flag& flag) {
  if (flag.value.empty()) return {};
  if (flag.name == "--format") {
    const auto formats = FormatsOf(command);
    return {formats.begin(), formats.end()};
  }
  if (flag.name == "--sort-by" && flag.value == "PATH")
    return {".metadata.name", ".metadata.creationTimestamp"};
  return Find(command, flag.name);
}

std::optional<WordChoices> WordsOf(const Command& command) {
  std::string_view rest = command.positional;
  for (size_t place = 1; !rest.empty(); ++place) {
    const size_t end = std::min(rest.find(' '), rest.size());
    if (Values values = Find(command, FirstName(rest.substr(0, end))); !values.empty())
      return WordChoices{place, std::move(values)};
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

}  // namespace etcdmedic::tool
