// SPDX-License-Identifier: Apache-2.0
// A cluster that is to be founded, as etcd's flags describe it, with the ids that every etcd computes from
// them. docs/format/wal.md, "Configuration changes".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cluster/members.h"

namespace etcdmedic::cluster {

struct NewCluster {
  uint64_t id = 0;
  std::vector<Member> members;  // ids ascending, peer URLs sorted

  const Member* Named(std::string_view name) const;  // null where there is none
};

// Reads --initial-cluster, "m1=https://10.0.0.1:2380,m2=…"; a name that occurs again has several URLs.
// `learners` names those that do not vote. Errors (kUsage): what etcd refuses, in its words where it has any:
// a URL that is not scheme://host:port, one that occurs twice, members with the same id; an unknown learner;
// nobody who votes.
Result<NewCluster> ParseNewCluster(std::string_view initial_cluster, std::string_view token,
                                   const std::vector<std::string>& learners = {});

// The URLs of a list, "http://a:2380,http://b:2380", as etcd writes them, sorted. Errors: kUsage.
Result<std::vector<std::string>> ParseUrls(std::string_view list);

// Member id: the first eight bytes of SHA-1 over the sorted peer URLs and the token.
uint64_t MemberId(const std::vector<std::string>& peer_urls, std::string_view token);

}  // namespace etcdmedic::cluster
