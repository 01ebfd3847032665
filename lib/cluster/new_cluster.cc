// SPDX-License-Identifier: Apache-2.0
#include "cluster/new_cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "base/sha256.h"
#include "base/try.h"

namespace etcdmedic::cluster {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";

tl::unexpected<Error> Refuse(std::string what) { return Fail(Errc::kUsage, "", std::move(what)); }

// The first eight bytes of the SHA-1, big-endian.
uint64_t IdOf(std::string_view bytes) {
  return *ByteReader(AsBytes(Sha1(AsBytes(bytes)))).Big<uint64_t>();
}

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

// "host:port" or "[v6]:port".
bool IsHostAndPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view port = text.substr(colon + 1);
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (bracketed) host = host.substr(1, host.size() - 2);
  return std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; }) &&
         std::ranges::all_of(host, [&](char c) { return IsHostCharacter(c) || (bracketed && c == ':'); });
}

// As Go's net/url would print it again.
Result<std::string> ParseUrl(std::string_view text) {
  text = Trimmed(text);
  const size_t colon = text.find("://");
  std::string scheme(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string_view rest = colon == std::string_view::npos ? text : text.substr(colon + 3);
  if (scheme == "unix" || scheme == "unixs") return fmt::format("{}://{}", scheme, rest);
  if (scheme != "http" && scheme != "https")
    return Refuse(fmt::format("URL scheme must be http, https, unix, or unixs: {}", text));
  if (const size_t slash = rest.find('/'); slash != std::string_view::npos)
    return Refuse(fmt::format("URL must not contain a path: {}", text));
  if (!IsHostAndPort(rest))
    return Refuse(fmt::format("URL address does not have the form \"host:port\": {}", text));
  return fmt::format("{}://{}", scheme, rest);
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (size_t at = 0;;) {
    const size_t comma = text.find(',', at);
    parts.push_back(text.substr(at, comma == std::string_view::npos ? comma : comma - at));
    if (comma == std::string_view::npos) return parts;
    at = comma + 1;
  }
}

using UrlsByName = std::map<std::string, std::vector<std::string>, std::less<>>;

Result<UrlsByName> ParseMembers(std::string_view text) {
  UrlsByName members;
  std::set<std::string> seen;
  for (const std::string_view part : Split(text)) {
    if (part.empty()) continue;
    const size_t equal = part.find('=');
    const std::string_view name = part.substr(0, equal);
    auto url = ParseUrl(equal == std::string_view::npos ? std::string_view() : part.substr(equal + 1));
    if (!url) return Propagate(url);
    if (!seen.insert(*url).second) return Refuse(fmt::format("initial cluster {} has duplicate url", text));
    members[std::string(name)].push_back(std::move(*url));
  }
  if (members.empty()) return Refuse("--initial-cluster names no member");
  return members;
}

uint64_t ClusterId(const std::vector<Member>& members) {
  std::string bytes;
  for (const Member& member : members) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(member.id >> shift));
  }
  return IdOf(bytes);
}

Result<void> Check(const NewCluster& cluster) {
  for (size_t i = 1; i < cluster.members.size(); ++i) {
    const Member &a = cluster.members[i - 1], &b = cluster.members[i];
    if (a.id == b.id)
      return Refuse(fmt::format("members {} and {} would have the same id {:x}", a.name, b.name, a.id));
  }
  if (cluster.members.front().id == 0) return Refuse("cannot use 0 as member id");
  if (std::ranges::all_of(cluster.members, &Member::is_learner))
    return Refuse("a cluster needs a member that is not a learner");
  return {};
}

}  // namespace

const Member* NewCluster::Named(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &Member::name);
  return found == members.end() ? nullptr : &*found;
}

uint64_t MemberId(const std::vector<std::string>& peer_urls, std::string_view token) {
  std::string text;
  for (const std::string& url : peer_urls) text += url;
  return IdOf(text.append(token));
}

Result<std::vector<std::string>> ParseUrls(std::string_view list) {
  std::vector<std::string> urls;
  for (const std::string_view part : Split(list)) {
    auto url = ParseUrl(part);
    if (!url) return Propagate(url);
    urls.push_back(std::move(*url));
  }
  std::ranges::sort(urls);
  return urls;
}

Result<NewCluster> ParseNewCluster(std::string_view initial_cluster, std::string_view token,
                                   const std::vector<std::string>& learners) {
  auto parsed = ParseMembers(initial_cluster);
  if (!parsed) return Propagate(parsed);
  for (const std::string& learner : learners) {
    if (!parsed->contains(learner))
      return Refuse(
          fmt::format("couldn't find learner \"{}\" in the initial cluster configuration", learner));
  }
  NewCluster cluster;
  for (auto& [name, urls] : *parsed) {
    std::ranges::sort(urls);
    const bool learner = std::ranges::find(learners, name) != learners.end();
    cluster.members.push_back({MemberId(urls, token), name, std::move(urls), {}, learner});
  }
  std::ranges::sort(cluster.members, {}, &Member::id);
  RETURN_IF_ERROR(Check(cluster));
  cluster.id = ClusterId(cluster.members);
  return cluster;
}

}  // namespace etcdmedic::cluster
