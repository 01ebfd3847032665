// SPDX-License-Identifier: Apache-2.0
// Where a view and its cursors, on any thread, report: each fault of each place once.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "bolt/node.h"
#include "diag/finding.h"

namespace etcdmedic::bolt {

class Reporter {
 public:
  Reporter(std::string file, diag::FindingSink& sink) : file_(std::move(file)), sink_(&sink) {}

  void Add(diag::Code code, uint64_t offset, uint64_t length, std::string message) {
    const std::lock_guard lock(mutex_);
    if (!known_.emplace(code, offset).second) return;
    sink_->Add({code, {file_, offset}, length, std::move(message)});
  }

  const std::string& file() const { return file_; }

 private:
  std::mutex mutex_;
  std::string file_;
  diag::FindingSink* sink_;
  std::set<std::pair<diag::Code, uint64_t>> known_;
};

// The code of a finding for a fault that is not kNone.
diag::Code CodeOf(NodeFault fault);

// A key for people: a revision as "revision 12.0", text as it is, anything else in hexadecimal; long ones
// cut.
std::string FormatKey(Bytes key);

// "bucket 'key'", or the directory for the empty name.
std::string BucketText(const std::string& name);

// "keys from A up to B"; empty bounds are open.
std::string FormatRange(Bytes low, Bytes high);

}  // namespace etcdmedic::bolt
