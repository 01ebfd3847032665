// SPDX-License-Identifier: Apache-2.0
// A member in memory for the rules across its parts: node 1, a log of two entries, a backend that has applied
// them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "check/verify.h"
#include "support/wal_builder.h"

namespace etcdmedic::support {

inline std::string AddNode(uint64_t node) { return std::string("\x08\x00\x10\x00\x18", 5) + Varint(node); }

struct VerifiedMember {
  WalBuilder log;
  std::string bytes;
  member::MemberState state;

  explicit VerifiedMember(uint64_t voter = 1) {
    log.Snapshot(0, 0).Entry(1, 1, AddNode(voter), 1).Entry(2, 2, "");
    state.layout.kind = member::Kind::kDataDir;
    state.layout.wal_dir = "wal";
    state.layout.db.push_back({"db", "member/snap/db"});
    state.has_log = state.has_db = true;
    state.backend.emplace();
    state.backend->membership.members = {{1, {}, {}, {}, false}};
    state.backend->consistent_index = 2;
  }

  void Read(const std::string& segment) {
    bytes = segment;
    state.log = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(bytes)}}, 1);
  }

  std::vector<diag::Code> Codes() {
    if (bytes.empty()) Read(WalBuilder(log).State(2, 1, 2).Zeros(600).bytes());
    std::vector<diag::Code> codes;
    for (const diag::Finding& finding : check::Verify(state, startup::EtcdVersion{3, 6}).findings)
      codes.push_back(finding.code);
    return codes;
  }

  void AddSnapshot(uint64_t index, std::vector<uint64_t> voters) {
    member::SnapFile file;
    file.file = "member/snap/x.snap";
    file.content.emplace();
    file.content->index = index;
    file.content->term = 2;
    file.content->conf_state.voters = std::move(voters);
    state.snapshots.push_back(std::move(file));
    log.Snapshot(index, 2);
  }
};

}  // namespace etcdmedic::support
