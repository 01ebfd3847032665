// SPDX-License-Identifier: Apache-2.0
// Any bytes as a log: every line is counted once, as known, routine, a trace or not known.
#include <cstdlib>

#include "explain/digest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  explain::LogDigest digest;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    digest.Add(line);
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : text.size());
  }
  uint64_t counted = digest.routine() + digest.trace() + digest.unknown_lines();
  for (const explain::LineGroup& group : digest.Known()) {
    if (group.example.size() > explain::LineGroup::kLongestExample) std::abort();
    if (group.line->scope != explain::Scope::kRoutine) counted += group.count;
  }
  if (counted != digest.lines()) std::abort();
  return 0;
}
