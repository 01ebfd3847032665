// SPDX-License-Identifier: Apache-2.0
// The table of finding codes. A code is ROOM-OBJECT-FAULT, never renamed, never reused. The table itself is
// diag/codes.def; help, docs/codes.md, `explain` and the tests are read from it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace etcdmedic::diag {

// About the data: odd yet harmless, degraded, lost or contradictory, nothing further can be read.
enum class Severity : uint8_t { kNote, kWarning, kError, kFatal };

std::string_view NameOf(Severity severity);

enum class Code : uint16_t {
#define FINDING_CODE(id, name, severity, title, loss, remedy, log_lines, issues) id,
#include "diag/codes.def"
#undef FINDING_CODE
};

struct CodeInfo {
  Code code;
  std::string_view name;       // "WAL-CRC-MISMATCH"
  Severity severity;           // the usual one; a finding may differ
  std::string_view title;      // what it is, a phrase
  std::string_view loss;       // what it means for the data
  std::string_view remedy;     // what to do
  std::string_view log_lines;  // fragments of etcd's log that go with it, separated by '|'
  std::string_view issues;     // upstream threads, separated by ' '
};

const CodeInfo& InfoOf(Code code);
std::span<const CodeInfo> AllCodes();

// The code of that name (case ignored), also of one that it had in an earlier release, or null.
const CodeInfo* FindCode(std::string_view name);

}  // namespace etcdmedic::diag
