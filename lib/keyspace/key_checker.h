// SPDX-License-Identifier: Apache-2.0
// One reading of bucket `key` for the rules over it: what an entry must be by itself, the order of revisions,
// and how the changes of each key follow from one another. Used by CheckKeys and where the pages are checked.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bolt/check.h"
#include "keyspace/object_rules.h"
#include "keyspace/revision_table.h"
#include "mvcc/newest.h"
#include "mvcc/store.h"

namespace etcdmedic::keyspace {

// Main revisions from `begin` to before `end`.
struct RevisionSpan {
  int64_t begin = 0;
  int64_t end = 0;
};

// Takes 48 bytes a change, and in Finish 12 to 24 more.
class KeyChecker final : public bolt::LeafVisitor {
 public:
  // `store` outlives it, as does `table`, to which it adds every revision, where it is not null.
  explicit KeyChecker(const mvcc::Store& store, RevisionTable* table = nullptr);

  std::string_view bucket() const override { return "key"; }
  void Begin(size_t parts) override;
  void OnLeaf(size_t part, const bolt::Node& leaf) override;
  void OnEntry(size_t part, Bytes key, Bytes value);

  // When all parts have been seen, once: reports MVCC-* in the order of offsets. `lost`: what could not be
  // read. What does not follow from what is left because something between was lost is one finding.
  void Finish(std::vector<RevisionSpan> lost, diag::FindingSink& sink);

 private:
  // What is kept of a change until all of its key are together.
  struct Seen {
    mvcc::KeyHash key;
    int64_t create_revision;
    int64_t version;
    uint64_t place : 48;  // in the file, of the revision key; the value follows it
    uint64_t tombstone : 1;
    uint64_t compacted : 1;       // not above the compacted revision
    uint64_t finished : 1;        // not above that of the finished compaction
    uint64_t below_finished : 1;  // below that
    uint64_t created_here : 1;    // its create_revision is its own
    uint64_t lease_unknown : 1;
    uint64_t object : 1;  // its key is one of Kubernetes
    uint32_t value_size;
  };
  struct Place {
    mvcc::Revision revision;
    uint64_t offset = 0;
  };
  struct Part {
    std::vector<std::vector<Seen>> seen;  // one a share
    diag::FindingList found;
    std::optional<Place> first, last;  // above the compacted revision
  };
  struct Consequence {
    uint64_t count = 0;
    const Seen* first = nullptr;
  };
  struct UnknownLease {
    uint64_t keys = 0;
    std::string_view first;
    uint64_t offset = 0;
  };
  // The keys whose hash falls to one thread.
  struct Share {
    explicit Share(const kubectl::Registry& registry) : objects(registry) {}
    diag::FindingList found;
    std::map<diag::Code, Consequence> consequences;
    std::map<int64_t, UnknownLease> leases;
    ObjectRules objects;
  };
  class LatestByKey;

  mvcc::Change ChangeOf(const Seen& seen) const;
  void Report(diag::Code code, const mvcc::Change& change, std::string message,
              diag::FindingSink& sink) const;

  void CheckEmpty(const mvcc::Revision& revision, Bytes key, diag::FindingSink& sink) const;
  void CheckAlone(const mvcc::Change& change, diag::FindingSink& sink) const;
  void CheckOrder(const Place& last, const Place& next, diag::FindingSink& sink) const;
  void Gap(uint64_t offset, std::string message, diag::FindingSink& sink) const;
  void Keep(Part& part, const mvcc::Change& change) const;

  void JoinParts(diag::FindingSink& sink);
  void CheckShare(size_t number, Share& share) const;
  void CheckStep(const Seen* before, const Seen& seen, Share& share) const;
  void Broken(diag::Code code, const Seen* before, const Seen& seen, Share& share) const;
  bool LostBetween(const Seen* before, const Seen& seen) const;
  void NoteLeftover(const Seen& seen, diag::FindingSink& sink) const;
  void CheckLast(const Seen& seen, Share& share) const;
  void ReportShares(const std::vector<Share>& shares, diag::FindingSink& sink) const;

  const mvcc::Store& store_;
  RevisionTable* const table_;
  const int64_t compacted_;
  const int64_t ordered_from_;  // above it no revision may be missing
  const size_t shares_;
  const kubectl::ResourceTable resources_;
  const kubectl::Registry registry_{resources_};
  std::vector<int64_t> leases_;  // that exist, sorted
  std::vector<Part> parts_;
  std::vector<RevisionSpan> lost_;  // sorted, apart
};

}  // namespace etcdmedic::keyspace
