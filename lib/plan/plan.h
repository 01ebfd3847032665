// SPDX-License-Identifier: Apache-2.0
// A plan is data: what would be changed, why, and what is lost. Making one changes nothing;
// docs/design/repair-safety.md.
#pragma once

#include <string>
#include <vector>

#include "diag/codes.h"

namespace etcdmedic::plan {

// kSafe: nothing that etcd would use is lost. kLossy: something may be; only with the user's consent.
enum class Safety : uint8_t { kSafe, kLossy };

enum class EditKind : uint8_t {
  kWrite,     // `bytes` at `offset`; may extend the file
  kTruncate,  // to `size` bytes (never longer)
  kRename,    // `file` -> `target`; the target must not exist when its turn comes
  kRemove,    // the file
  kCreate,    // a new file with `bytes`, mode 0600; must not exist when its turn comes
};

// File names are relative to the plan's root, with forward slashes.
struct Edit {
  EditKind kind = EditKind::kWrite;
  std::string file;
  std::string target;
  uint64_t offset = 0;
  uint64_t size = 0;
  std::string bytes;
};

struct Step {
  Safety safety = Safety::kSafe;
  std::vector<diag::Code> heals;  // the findings that it answers
  std::string title;              // "cut the torn tail of 0000…-0000….wal at 15648"
  std::string why;                // why it is right
  std::string loss;               // what is lost; "nothing" where nothing is
  // Indexes of raft entries that are lost, where they are known; last 0: nobody can tell how far. 0, 0: none.
  uint64_t lost_first = 0;
  uint64_t lost_last = 0;
  std::vector<Edit> edits;  // applied in order
};

// Entries of which the files cannot tell whether they ever existed.
struct Doubt {
  uint64_t first_index = 0;
  std::string why;
};

struct Plan {
  std::string root;                 // absolute
  std::vector<Step> steps;          // applied in order
  std::vector<std::string> advice;  // what no step can do: for people
  std::vector<Doubt> doubts;
};

}  // namespace etcdmedic::plan
