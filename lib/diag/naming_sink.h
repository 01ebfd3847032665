// SPDX-License-Identifier: Apache-2.0
// Sinks that change or drop findings before others see them.
#pragma once

#include <string_view>

#include "diag/finding.h"

namespace etcdmedic::diag {

// Passes findings on with a name in front of their message: the key whose value was read, where an offset in
// the file alone would not help a reader much.
class NamingSink final : public FindingSink {
 public:
  // Both outlive the sink.
  NamingSink(FindingSink& next, std::string_view name) : next_(next), name_(name) {}
  void Add(Finding finding) override {
    const bool cut = name_.size() > kLongestName;
    finding.message.insert(0, cut ? "…: " : ": ").insert(0, name_.substr(0, kLongestName));
    next_.Add(std::move(finding));
  }

 private:
  static constexpr size_t kLongestName = 256;  // of a Kubernetes object's key, with room

  FindingSink& next_;
  std::string_view name_;
};

// Takes findings and forgets them, for a pass whose findings a later one reports.
class NoSink final : public FindingSink {
 public:
  void Add(Finding) override {}
};

}  // namespace etcdmedic::diag
