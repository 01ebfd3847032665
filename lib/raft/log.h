// SPDX-License-Identifier: Apache-2.0
// What a write-ahead log says, segment by segment and as a whole: which entries survive, how far they are
// committed, which terms and votes occurred. docs/format/wal.md, "From records to log state". Memory does not
// grow with the number of entries: entries are kept as runs.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "diag/codes.h"
#include "raft/entry.h"
#include "raft/request.h"
#include "wal/segment.h"
#include "wal/segment_name.h"

namespace etcdmedic::raft {

// Entries of one term whose indexes follow one another in the file.
struct Run {
  uint64_t first = 0;
  uint64_t last = 0;
  uint64_t term = 0;
  uint32_t segment = 0;       // position in Log::segments
  uint64_t first_offset = 0;  // of the first entry's frame
  uint64_t last_end = 0;      // end of the last entry's frame
  friend bool operator==(const Run&, const Run&) = default;
};

// Entries that others later in the log replaced, and the run whose beginning did that.
struct Overwritten : Run {
  uint64_t by_term = 0;
  uint32_t by_segment = 0;
  uint64_t by_offset = 0;  // of the frame of entry `by_first`, the first that replaces
  uint64_t by_first = 0;
};

// A HardState that differs from the one before in term or vote, or the last of a segment.
struct StateMark {
  HardState state;
  uint64_t offset = 0;
};

struct SnapshotMark {
  uint64_t index = 0;
  uint64_t term = 0;
  std::string conf_state;  // encoded raftpb.ConfState; empty in logs of etcd 3.4 and older
  uint32_t segment = 0;
  uint64_t offset = 0;
};

// A configuration change, or the empty entry of a new leader: few, so kept with their data.
struct EntryMark {
  uint64_t index = 0;
  uint64_t term = 0;
  EntryType type = EntryType::kNormal;
  std::string data;
  uint32_t segment = 0;
  uint64_t offset = 0;
};

// Requests of the v2 API in one segment, of one sort.
struct V2Requests {
  uint64_t count = 0;
  uint64_t first = 0;  // index of the first entry, and of the last
  uint64_t last = 0;
  uint64_t writes = 0;             // all but reads and clock ticks
  std::vector<std::string> paths;  // of the first few writes
};

// An entry that sets the cluster version.
struct VersionMark {
  uint64_t index = 0;
  std::string version;  // as written, "3.6.0"
};

struct SlackSpan {
  wal::Slack kind = wal::Slack::kZeroTail;
  uint64_t offset = 0;
  uint64_t length = 0;
};

// A place in the segment that is odd although its bytes are sound.
struct Anomaly {
  diag::Code code;
  uint64_t offset = 0;
  uint64_t length = 0;
  std::string message;
};

struct SegmentInput {
  std::string file;  // as findings print it
  Bytes bytes;
  const MappedFile* mapping =
      nullptr;  // of the bytes, where they are mapped: let go of when they have been read
};

struct Segment {
  std::string file;
  uint64_t size = 0;
  Bytes bytes;
  std::optional<wal::SegmentName> name;
  wal::SegmentChain chain;
  std::vector<wal::Damage> damages;
  std::vector<SlackSpan> slack;
  std::vector<Anomaly> anomalies;
  std::vector<Run> runs;
  std::vector<StateMark> states;  // changes of term or vote, in file order
  std::optional<StateMark> last_state;
  std::optional<StateMark> first_state;
  std::vector<SnapshotMark> snapshots;
  std::vector<EntryMark> marks;
  V2Requests v2_cluster;         // of members' attributes and the cluster version
  V2Requests v2_client;          // all others
  uint64_t last_attributes = 0;  // index of the last entry that sets a member's name and client URLs
  std::optional<VersionMark> v2_cluster_version;  // the last one set by a v2 request
  std::optional<VersionMark> cluster_version;     // the last one set
  uint64_t last_undecodable = 0;  // index of the last entry whose request does not decode; 0: none
  std::optional<Metadata> metadata;
  std::string metadata_bytes;  // as stored: etcd compares the bytes
  bool foreign = false;        // of another member than the log: what it holds is not counted
  uint64_t largest_frame = 0;
  std::array<uint64_t, 6> record_count{};  // by wal::RecordType; [0] counts unknown ones
  std::array<uint64_t, 6> record_bytes{};
  uint64_t valid_end() const { return chain.valid_end; }
};

struct Log {
  std::vector<Segment> segments;  // by name
  std::vector<Run> surviving;     // ascending; what an etcd that reads everything is left with
  std::vector<Overwritten> overwritten;
  std::optional<HardState> state;       // the last one
  std::optional<Metadata> metadata;     // of most segments, of equally many the first
  std::vector<SnapshotMark> snapshots;  // in log order

  // Indexes of the surviving entries; 0 where there is none.
  uint64_t first_index() const { return surviving.empty() ? 0 : surviving.front().first; }
  uint64_t last_index() const { return surviving.empty() ? 0 : surviving.back().last; }
  // The last index that can be read without a hole from `from` on; from - 1 where `from` itself is missing.
  uint64_t ContiguousFrom(uint64_t from) const;
  // The term of a surviving entry, nothing where it is not held.
  std::optional<uint64_t> TermAt(uint64_t index) const;
};

// Sees the entries while the log is read, so that callers that need them need not read it twice. Which of
// them survive is known only afterwards: Log::surviving.
class EntryVisitor {
 public:
  virtual ~EntryVisitor() = default;
  // Before anything else: how many segments there are.
  virtual void Begin(size_t segments) = 0;
  // The entries of a segment follow; where it was read before, what came then does not count.
  virtual void BeginSegment(uint32_t segment) = 0;
  // In file order within a segment; several segments come at once, each from one thread. `offset` is that of
  // the frame. The views live as long as the log.
  virtual void OnEntry(uint32_t segment, uint64_t offset, const Entry& entry, const Request& request) = 0;
};

// Reads every segment, in the order given, on `threads` threads (0: as many as there are cores). Never fails:
// what is wrong is in the segments' damages and anomalies. The views in the result live as long as the
// inputs.
Log ReadLog(const std::vector<SegmentInput>& inputs, unsigned threads = 0, EntryVisitor* visitor = nullptr);

// "entry 5", "entries 5 to 7".
std::string NameEntries(uint64_t first, uint64_t last);

// The order that the CRC chain demands of the segments' contents, as positions in log.segments; nothing where
// the chain does not lead through all of them. Equal to 0, 1, 2, … for a sound log.
std::optional<std::vector<size_t>> ChainOrder(const Log& log);

}  // namespace etcdmedic::raft
