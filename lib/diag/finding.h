// SPDX-License-Identifier: Apache-2.0
// Finding: the data is not as it should be. Readers report into a FindingSink and read on.
#pragma once

#include <map>
#include <string>
#include <utility>
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
  uint64_t folded = 0;  // further ones like it that this one stands for
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

// Folds while findings come in, so that a file full of damage takes no memory: the first
// `keep` of a code in a file go on to `to`, the rest are counted. FoldRepeats leaves what comes out as it is.
class FoldingSink final : public FindingSink {
 public:
  explicit FoldingSink(FindingSink& to, size_t keep = 10) : to_(to), keep_(keep) {}
  void Add(Finding finding) override;
  // Once, at the end: what was counted becomes one finding a code and file.
  void End();

 private:
  struct Fold {
    size_t seen = 0;
    std::vector<Finding> rest;  // none, or the one that stands for all after `keep`
  };
  FindingSink& to_;
  const size_t keep_;
  std::map<std::pair<std::string, Code>, Fold> folds_;
};

// The worst severity, kNote for none.
Severity WorstOf(const std::vector<Finding>& findings);

}  // namespace etcdmedic::diag
