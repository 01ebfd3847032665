// SPDX-License-Identifier: Apache-2.0
// Finding: the data is not as it should be. Readers report into a FindingSink and read on.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "diag/codes.h"

namespace etcdmedic::diag {

struct Finding {
  Code code;
  Where where;
  uint64_t length = 0;  // bytes concerned, 0 for a point
  std::string message;  // this case in one line; no position in it
  Severity severity = InfoOf(code).severity;
};

class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual void Add(Finding finding) = 0;
};

// Keeps all findings in memory.
class FindingList final : public FindingSink {
 public:
  void Add(Finding finding) override { items.push_back(std::move(finding)); }
  std::vector<Finding> items;
};

// Order by file, then offset, then code; equal ones keep their order.
void SortFindings(std::vector<Finding>& findings);

// Repeats of one code in one file beyond `keep` become a single finding that counts them and spans them all.
std::vector<Finding> FoldRepeats(std::vector<Finding> findings, size_t keep = 10);

// The worst severity, kNote for none.
Severity WorstOf(const std::vector<Finding>& findings);

}  // namespace etcdmedic::diag
