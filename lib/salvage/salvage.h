// SPDX-License-Identifier: Apache-2.0
// Brings back what can be proven of a key space, from every page of every file that is given, whatever their
// structure says, and from what the log proves. The front header of this room. docs/design/salvage.md.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "bolt/builder.h"
#include "salvage/log_history.h"

namespace etcdmedic::salvage {

struct Options {
  bool live_only = false;  // take what etcd itself would read, and what it would apply, and nothing else
  int64_t as_of = 0;       // leave out what is newer; 0: nothing
  unsigned threads = 0;    // 0: one a core
};

// Why a record that was found is not in the result.
enum class Reason : uint8_t {
  kSuperseded,    // compacted: a newer record of the same key stands in its place
  kContradicted,  // another copy of the same revision is better
  kNotInTree,     // the tree that should hold it is whole, and does not
  kExcluded,      // by --only live or --as-of
};
std::string_view NameOf(Reason reason);

// What is missing from the result, or not sure to be in it.
struct Losses {
  std::vector<Span> gaps;             // revisions of which nothing was found
  std::vector<int64_t> partial;       // revisions of which some changes are missing
  std::vector<std::string> suspects;  // keys whose newest record may have been deleted before the compaction
  std::vector<Span> unproven;         // compacted revisions on pages that are lost: keys there may be missing
  std::vector<std::string> buckets;   // that could not be read whole
  bool tail = false;                  // the newest state is not known: changes at the end may be missing

  bool any() const {
    return tail || !gaps.empty() || !partial.empty() || !suspects.empty() || !unproven.empty() ||
           !buckets.empty();
  }
};

// A record of the result: a copy in a file, or one of the log's.
struct Chosen {
  Copy copy;
  uint32_t log_record = 0;  // position in LogHistory::records, where copy.origin is kLog
};

struct LostAndFound {
  Copy copy;
  Reason reason = Reason::kSuperseded;
};

class Salvaged {
 public:
  // In the order of revisions.
  const std::vector<Chosen>& records() const { return records_; }
  const Losses& losses() const { return losses_; }
  int64_t revision() const { return revision_; }    // the newest; 1 where there is none
  int64_t compacted() const { return compacted_; }  // -1 for never
  uint64_t copies() const { return copies_; }       // found in all files
  // The state whose small buckets were taken; null where there is none.
  const DbSource* primary() const { return primary_; }
  // How many records of the result have this origin and confidence.
  uint64_t CountOf(Origin origin) const;
  uint64_t CountOf(Confidence confidence) const;

  // What bucket `key` stores; where the record is the log's, it is made in `scratch`.
  Bytes KeyOf(const Chosen& record, std::string& scratch) const;
  Bytes ValueOf(const Chosen& record, std::string& scratch) const;
  mvcc::KeyValue KeyValueOf(const Chosen& record) const;
  // Null for a record of the log.
  const DbSource* SourceOf(const Chosen& record) const;
  const LogHistory& log() const { return *log_; }
  // The buckets other than `key`, and what is known of one: all of it where a file or the log has all.
  std::set<std::string> BucketNames() const;
  const bolt::EntriesByKey& BucketOf(const std::string& name) const;

  // What was found and not taken, one copy of each content, in the order of revisions.
  const std::vector<LostAndFound>& lost_and_found() const { return lost_and_found_; }

 private:
  friend class Selection;
  const std::vector<DbSource>* sources_ = nullptr;
  const LogHistory* log_ = nullptr;
  const DbSource* primary_ = nullptr;
  std::vector<Chosen> records_;
  std::vector<LostAndFound> lost_and_found_;
  Losses losses_;
  int64_t revision_ = 1;
  int64_t compacted_ = -1;
  uint64_t copies_ = 0;
};

// `copies`: those of `sources`, as FindCopies gives them; `log`: as HistoryOf makes it. All outlive the
// result. Memory: 24 bytes a copy, 32 a record of the result.
Salvaged Salvage(const std::vector<DbSource>& sources, std::vector<Copy> copies, const LogHistory& log,
                 const Options& options);

// Writes the result as a db. `replaced`: whole buckets to be written in place of those found. A db with
// losses says so itself, in bucket kLossesBucket, which etcd ignores and `verify` reports, unless they were
// named and accepted before (kNo). Errors: those of the builder.
enum class Marked : uint8_t { kNo, kYes };
inline constexpr std::string_view kLossesBucket = "etcdmedic_losses";
Result<bolt::BuildSummary> Write(const Salvaged& salvaged,
                                 const std::map<std::string, bolt::EntriesByKey, std::less<>>& replaced,
                                 bolt::PageSink& sink, const bolt::BuildOptions& options = {},
                                 Marked marked = Marked::kYes);

}  // namespace etcdmedic::salvage
