// SPDX-License-Identifier: Apache-2.0
// What bbolt meets as it opens a file, step by step as it goes: docs/format/bolt.md, "What bbolt notices".
#pragma once

#include <optional>
#include <string>

#include "bolt/format.h"
#include "diag/codes.h"

namespace etcdmedic::startup {

// Releases of bbolt, by what they notice.
enum class Release : uint8_t {
  k136,  // up to 1.3.6, in etcd 3.4: no page is asked for its number, and nobody looks at the order of keys
  k137,  // 1.3.7 and newer, in etcd 3.5
  k14,   // 1.4 and 1.5, in etcd 3.6 and 3.7: an exact type
};

struct OpenFault {
  diag::Code code = diag::Code::kDbTreeDamaged;
  std::string
      message;  // what bbolt prints as it ends, or the beginning of it; empty where that is not certain
  std::string explanation;  // for people
  bool panics = true;       // or ends with a message in the log
};

struct Opening {
  // At which opening the file, or the first reading of all that is in it, ends.
  std::optional<OpenFault> fault;
  // Where there is no such fault: why answers are wrong, or pages in use are overwritten.
  std::optional<OpenFault> overlooked;
  // Where there is no such fault: what ends the process as soon as something is written.
  std::optional<OpenFault> first_write;
};

// Follows `release` over a file with a valid meta page. Nothing of it holds for a file that is sound, for
// which it need not be called. Takes the time of a few walks over the tree.
Opening OpenAs(Release release, Bytes db, const bolt::Metas& metas);

}  // namespace etcdmedic::startup
