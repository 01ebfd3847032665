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

std::vector<Finding> FoldRepeats(std::vector<Finding> findings, size_t keep) {
  struct Fold {
    size_t seen = 0;
    size_t at = 0;  // where the folded finding stands in the result
  };
  std::map<std::pair<std::string, Code>, Fold> folds;
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    Fold& fold = folds[{finding.where.file, finding.code}];
    if (++fold.seen <= keep) {
      kept.push_back(std::move(finding));
    } else if (fold.seen == keep + 1) {
      fold.at = kept.size();
      kept.push_back(std::move(finding));
    } else {
      Finding& last = kept[fold.at];
      last.message =
          fmt::format("and {} more like it up to offset {}", fold.seen - keep, finding.where.offset);
      last.length = finding.where.offset + finding.length - last.where.offset;
    }
  }
  return kept;
}

void FoldingSink::Add(Finding finding) {
  Fold& fold = folds_[{finding.where.file, finding.code}];
  if (++fold.seen <= keep_) return to_.Add(std::move(finding));
  if (fold.rest.empty()) {
    fold.rest.push_back(std::move(finding));
    return;
  }
  Finding& last = fold.rest.front();
  const uint64_t begin = std::min(last.where.offset, finding.where.offset);
  const uint64_t end = std::max(last.where.offset + last.length, finding.where.offset + finding.length);
  last.message = fmt::format("and {} more like it up to offset {}", fold.seen - keep_, end);
  last.where.offset = begin;
  last.length = end - begin;
  last.severity = std::max(last.severity, finding.severity);
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
