// SPDX-License-Identifier: Apache-2.0
// The table of finding codes. A code is ROOM-OBJECT-FAULT and is never reused; where one gets a better name
// the old one stays an alias. The table itself is diag/codes.def; help, docs/codes.md, `explain` and the
// tests are made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace etcdmedic::diag {

// How bad it is for the data: unusual but harmless; degraded; lost or contradictory; nothing more can be
// read.
enum class Severity : uint8_t { kNote, kWarning, kError, kFatal };

std::string_view NameOf(Severity severity);

enum class Code : uint16_t {
#define FINDING_CODE(id, name, severity, title, loss, remedy, issues) id,
#include "diag/codes.def"
};

struct CodeInfo {
  Code code;
  std::string_view name;    // "WAL-CRC-MISMATCH"
  Severity severity;        // the usual one; a finding may differ
  std::string_view title;   // what it is, a phrase
  std::string_view loss;    // what it means for the data
  std::string_view remedy;  // what to do
  std::string_view issues;  // upstream threads, separated by ' '
};

const CodeInfo& InfoOf(Code code);
std::span<const CodeInfo> AllCodes();

// The code of that name (case ignored) or former name; null where there is none.
const CodeInfo* FindCode(std::string_view name);

// The names that a code had in earlier releases.
std::vector<std::string_view> FormerNamesOf(Code code);

}  // namespace etcdmedic::diag
