// SPDX-License-Identifier: Apache-2.0
#include "inputs/new_cluster_args.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>

namespace etcdmedic::tool {
namespace {

tl::unexpected<Error> Usage(std::string what) { return Fail(Errc::kUsage, "", std::move(what)); }

std::vector<std::string> ListOf(const Args& args, std::string_view flag) {
  std::vector<std::string> names;
  std::istringstream text(args.Get(flag).value_or(""));
  for (std::string name; std::getline(text, name, ',');) names.push_back(name);
  return names;
}

// "m1=http://a:2380,m1=http://b:2380"
std::string ClusterOfOne(const std::string& name, const Args& args) {
  std::string cluster;
  std::istringstream urls(args.Get("--initial-advertise-peer-urls").value_or("http://localhost:2380"));
  for (std::string url; std::getline(urls, url, ',');)
    cluster += (cluster.empty() ? "" : ",") + name + "=" + url;
  return cluster;
}

Result<void> CompareUrls(const cluster::Member& member, const Args& args) {
  const auto given = args.Get("--initial-advertise-peer-urls");
  if (!given) return {};
  const auto urls = cluster::ParseUrls(*given);
  if (!urls) return tl::make_unexpected(urls.error());
  if (*urls == member.peer_urls) return {};
  return Usage(fmt::format("--initial-cluster has {}={}, --initial-advertise-peer-urls {}", member.name,
                           fmt::join(member.peer_urls, ","), fmt::join(*urls, ",")));
}

Result<restore::Options> AllMembers(const Args& args, restore::Options options) {
  for (const std::string_view flag :
       {"--output", "--data-dir", "--name", "--initial-advertise-peer-urls", "--wal-dir"}) {
    if (args.Has(flag)) return Usage(fmt::format("--all-members and {} exclude each other", flag));
  }
  if (!args.Has("--initial-cluster")) return Usage("--all-members needs --initial-cluster");
  options.output = *args.Get("--all-members");
  for (const cluster::Member& member : options.cluster.members) {
    if (member.name.empty() || member.name.starts_with('.') || member.name.find('/') != std::string::npos)
      return Usage(fmt::format("--all-members cannot name a directory after member \"{}\"", member.name));
    options.targets.push_back({member.id, member.name + "/"});
  }
  return options;
}

}  // namespace

Result<restore::Options> NewClusterOf(const Args& args) {
  restore::Options options;
  const std::string name = args.Get("--name").value_or("default");
  auto made = cluster::ParseNewCluster(args.Get("--initial-cluster").value_or(ClusterOfOne(name, args)),
                                       args.Get("--initial-cluster-token").value_or("etcd-cluster"),
                                       ListOf(args, "--learners"));
  if (!made) return tl::make_unexpected(made.error());
  options.cluster = std::move(*made);
  if (args.Has("--all-members")) return AllMembers(args, std::move(options));
  const cluster::Member* const member = options.cluster.Named(name);
  if (member == nullptr)
    return Usage(fmt::format("couldn't find local name \"{}\" in the initial cluster configuration", name));
  if (const auto same = CompareUrls(*member, args); !same) return tl::make_unexpected(same.error());
  if (args.Has("--output") && args.Has("--data-dir"))
    return Usage("--output and --data-dir are the same; give one");
  options.output = args.Get("--output").value_or(args.Get("--data-dir").value_or(name + ".etcd"));
  options.wal_dir = args.Get("--wal-dir").value_or("");
  if (options.output.empty()) return Usage("--output needs the name of a directory");
  options.targets.push_back({member->id, ""});
  return options;
}

}  // namespace etcdmedic::tool
