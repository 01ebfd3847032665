// SPDX-License-Identifier: Apache-2.0
#include "cli/choices.h"

#include <algorithm>

#include "diag/codes.h"
#include "inputs/kubernetes_args.h"
#include "kubectl/resources.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

using Values = std::vector<std::string>;

Values EtcdReleasesOrAll() {
  Values values = KnownEtcdVersions();
  values.emplace_back("all");
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

template <const char* kList>
Values Words() {
  return SplitWords(kList);
}
constexpr char kBuckets[] = "alarm|auth|authRoles|authUsers|cluster|key|lease|members|members_removed|meta";
constexpr char kShells[] = "bash|zsh|fish";
constexpr char kDocuments[] = "codes|habits|log-lines|man|examples";
constexpr char kAuthParts[] = "users|roles|user|role";

struct Row {
  std::string_view command;  // empty: of every command that has the flag or word
  std::string_view name;     // a flag, or how a word begins in Command::positional
  Values (*values)();
};
// The first row that fits counts.
constexpr Row kRows[] = {
    {"", "--target", KnownReleases},
    {"", "--release", KnownReleases},
    {"recover", "--etcd-version", KnownEtcdVersions},
    {"repair", "--etcd-version", KnownEtcdVersions},
    {"hashkv", "--etcd-version", KnownEtcdVersions},
    {"info", "--etcd-version", KnownEtcdVersions},
    {"report", "--etcd-version", KnownEtcdVersions},
    {"", "--etcd-version", EtcdReleasesOrAll},
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
  if (flag.values != nullptr) return flag.values();
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
