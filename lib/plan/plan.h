// SPDX-License-Identifier: Apache-2.0
// A plan is data: what would be changed, why, and what is lost. Making one changes nothing;
// docs/design/repair-safety.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/spool_file.h"
#include "diag/codes.h"
#include "plan/files.h"
#include "plan/siblings.h"
#include "startup/predict.h"

namespace etcdmedic::plan {

// kSafe: nothing that etcd would use is lost. kLossy: something may be; only with the user's consent.
enum class Safety : uint8_t { kSafe, kLossy };

enum class EditKind : uint8_t {
  kWrite,       // `bytes` at `offset`; may extend the file
  kTruncate,    // to `size` bytes (never longer)
  kRename,      // `file` -> `target`; the target must not exist when its turn comes
  kRemove,      // the file
  kCreate,      // a new file with `bytes`; must not exist when its turn comes
  kMakeFolder,  // a new directory of `owner`; must not exist when its turn comes
  kSetOwner,    // owner, group and mode of a file or a directory
};

// What an edit expects to find, so that it never meets another file than the one that was looked at: the size
// of the file, and the bytes that are replaced or dropped (of a renamed file, how it begins).
struct Expected {
  uint64_t file_size = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
  std::string sha256;  // of those bytes
};

// File names are relative to the plan's root, with forward slashes, and are those that the files have when
// the edit's turn comes.
struct Edit {
  EditKind kind = EditKind::kWrite;
  std::string file;
  std::string target;
  uint64_t offset = 0;
  uint64_t size = 0;
  std::string bytes;
  // Set where a planner made the edit, for kinds that look at a file's bytes.
  std::optional<Expected> expected = {};
  Ownership owner = {};  // of kMakeFolder and kSetOwner
  // Of kCreate, in place of `bytes`, where they are too many to be held in memory; sealed.
  std::shared_ptr<const SpoolFile> spool = {};
};

struct Step {
  Safety safety = Safety::kSafe;
  std::vector<diag::Code> heals = {};  // the findings that it answers
  std::string title = {};              // "cut the torn tail of 0000…-0000….wal at 15648"
  std::string why = {};                // why it is right
  std::string loss = "nothing";        // what is lost; "nothing" where nothing is
  // Indexes of raft entries that are lost, where they are known; last 0: it is unknown how far. 0, 0: none.
  uint64_t lost_first = 0;
  uint64_t lost_last = 0;
  // How many of them clients were told of at least, by the commit index.
  uint64_t lost_committed = 0;
  std::vector<Edit> edits = {};  // applied in order
  // Planned for files on which a lossy step has been carried out: left out where that step is.
  bool follows_loss = false;
  // One of several ways to answer the same: where it does not, the next is tried silently.
  bool one_way = false;
  bool asked_for = false;  // by the user, or not to be seen before it is done: it need not answer a finding
  std::vector<std::string> provenance = {};  // of what is put in: what, and where it comes from
};

// Entries of which the files cannot tell whether they ever existed.
struct Doubt {
  uint64_t first_index = 0;
  std::string why;
};

// What the user asks for beyond what is damaged.
struct PlanOptions {
  bool clear_alarms = false;
  bool new_cluster = false;                 // this member becomes the only one
  std::optional<uint64_t> cluster_id = {};  // of the new cluster; the old one's where absent
  std::vector<uint64_t> drop_members = {};
  std::vector<Sibling> siblings = {};  // that CheckSibling has passed
  // The release whose schema the backend gets; then nothing else is planned.
  std::optional<startup::EtcdVersion> migrate_to = {};
};

struct Plan {
  std::string root;         // absolute
  std::string wal_dir;      // absolute; set where the log is outside of the root, its names being absolute
  std::vector<Step> steps;  // applied in order
  std::vector<std::string> advice;  // what no step can do: for people
  std::vector<Doubt> doubts;
  // The safe steps alone would let an etcd start that ends with an error now, and without what is lost: they
  // are taken together with the lossy ones or not at all.
  bool all_or_nothing = false;
  // Problems (findings above a note) before the first step, and after the last one as it was tried in memory.
  size_t problems_before = 0;
  size_t problems_after = 0;
};

}  // namespace etcdmedic::plan
