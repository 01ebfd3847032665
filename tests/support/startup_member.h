// SPDX-License-Identifier: Apache-2.0
// A whole member in memory, as LoadMember would read it, whose files a test may damage before the predictor
// sees them: node 1, three segments of one chain with entries 1 to 9, a backend that has applied all of them.
#pragma once

#include <map>
#include <string>

#include "startup/predict.h"
#include "support/key_space.h"
#include "support/wal_builder.h"

namespace etcdmedic::support {

class StartupMember {
 public:
  static constexpr const char* kFirst = "0000000000000000-0000000000000000.wal";
  static constexpr const char* kMiddle = "0000000000000001-0000000000000004.wal";
  static constexpr const char* kLast = "0000000000000002-0000000000000007.wal";

  StartupMember() {
    WalBuilder first;
    first.Snapshot(0, 0).Entry(1, 1, AddNode(1), 1).Entry(2, 2, "").Put(2, 3, "/a", "1").State(2, 1, 3);
    WalBuilder middle(first.crc());
    middle.State(2, 1, 3).Put(2, 4, "/b", "22").Put(2, 5, "/c", "333").Put(2, 6, "/d", "4").State(2, 1, 6);
    WalBuilder last(middle.crc());
    last.State(2, 1, 6)
        .Put(2, 7, "/e", "5")
        .Put(2, 8, "/f", "6")
        .Put(2, 9, "/g", std::string(600, '7'))
        .Zeros(4096);
    Place(kFirst, first);
    Place(kMiddle, middle);
    Place(kLast, last);
    for (const char* key : {"/a", "/b", "/c", "/d", "/e", "/f"}) space.Put(key, "v");
    space.Put("/g", "v");
    space.Meta("consistent_index", BigEndian64(9)).Meta("term", BigEndian64(2));
  }

  static std::string AddNode(uint64_t node) { return std::string("\x08\x00\x10\x00\x18", 5) + Varint(node); }

  // What a record of a segment as it was built takes.
  const WalBuilder::Placed& Frame(const std::string& segment, size_t number) const {
    return placed.at(segment).at(number);
  }
  // The entry 9, which is the last record.
  const WalBuilder::Placed& LastFrame() const { return placed.at(kLast).back(); }

  DbBuilder Builder() const {
    DbBuilder builder = space.Builder();
    builder.Add("members", "1", R"({"id":1,"peerURLs":["http://a"]})");
    return builder;
  }

  // Reads everything again.
  member::MemberState& Load() {
    state = {};
    state.layout.kind = member::Kind::kDataDir;
    state.layout.wal_dir = "wal";
    state.layout.snap_dir = "snap";
    state.has_log = true;
    std::vector<raft::SegmentInput> inputs;
    for (const auto& [name, bytes] : segments) inputs.push_back({name, AsBytes(bytes)});
    state.log = raft::ReadLog(inputs, 1);
    if (has_db) LoadDb();
    return state;
  }
  startup::Prediction Predict(startup::EtcdVersion version) {
    Load();
    return PredictStart(state, version, state.findings);
  }

  std::map<std::string, std::string> segments;
  std::map<std::string, std::vector<WalBuilder::Placed>> placed;
  KeySpace space;
  std::string db;  // instead of what Builder makes, where it is not empty
  bool has_db = true;
  member::MemberState state;

 private:
  void Place(const std::string& name, const WalBuilder& log) {
    segments[name] = log.bytes();
    placed[name] = log.placed();
  }
  void LoadDb() {
    if (db.empty()) db = Builder().Build();
    state.has_db = true;
    state.layout.db.push_back({"db", "member/snap/db"});
    state.db_map.emplace(*MappedFile::OpenPatched("db", {0, db.size(), {{0, db}}}));
    diag::FindingList found;
    state.db = bolt::Check(state.db_map->bytes(), "member/snap/db", {}, found);
    state.backend = mvcc::ReadBackendState(state.db_map->bytes(), "member/snap/db", found);
    state.findings = found.items;
  }
};

}  // namespace etcdmedic::support
