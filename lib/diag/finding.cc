// SPDX-License-Identifier: Apache-2.0
#include "diag/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace etcdmedic::diag {

void SortFindings(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.where.file, a.where.offset, a.code) < std::tie(b.where.file, b.where.offset, b.code);
  });
}

namespace {

// Makes `last` stand for `finding` too.
void FoldInto(Finding& last, const Finding& finding) {
  const uint64_t begin = std::min(last.where.offset, finding.where.offset);
  const uint64_t end = std::max(last.where.offset + last.length, finding.where.offset + finding.length);
  last.folded += 1 + finding.folded;
  last.message = fmt::format("and {} more like it up to offset {}", last.folded + 1, end);
  last.where.offset = begin;
  last.length = end - begin;
  last.severity = std::max(last.severity, finding.severity);
}

}  // namespace

std::vector<Finding> FoldRepeats(std::vector<Finding> findings, size_t keep) {
  struct Seen {
    size_t count = 0;
    size_t last = 0;  // where the one that stands for the rest is in the result
  };
  std::map<std::pair<std::string, Code>, Seen> all;
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    Seen& seen = all[{finding.where.file, finding.code}];
    if (++seen.count <= keep + 1) {
      seen.last = kept.size();
      kept.push_back(std::move(finding));
    } else {
      FoldInto(kept[seen.last], finding);
    }
  }
  return kept;
}

void FoldingSink::Add(Finding finding) {
  Fold& fold = folds_[{finding.where.file, finding.code}];
  if (++fold.seen <= keep_) return to_.Add(std::move(finding));
  if (fold.rest.empty()) {
    fold.rest.push_back(std::move(finding));
  } else {
    FoldInto(fold.rest.front(), finding);
  }
}

void FoldingSink::End() {
  for (auto& [key, fold] : folds_) {
    for (Finding& finding : fold.rest) to_.Add(std::move(finding));
  }
  folds_.clear();
}

Severity WorstOf(const std::vector<Finding>& findings) {
  Severity worst = Severity::kNote;
  for (const Finding& finding : findings) worst = std::max(worst, finding.severity);
  return worst;
}

}  // namespace etcdmedic::diag
