// SPDX-License-Identifier: Apache-2.0
// The rules inside one page. Used by Check alone.
#pragma once

#include "bolt/check.h"
#include "bolt/children.h"
#include "bolt/reporter.h"

namespace etcdmedic::bolt {

struct SubBucket {
  Bytes name;
  Bytes value;
  uint64_t page = 0;
};

// What the check of some pages gives; made apart by each thread and put together in the order of pages.
struct PageVerdict {
  std::vector<diag::Finding> findings;
  std::vector<SubBucket> buckets;
  uint64_t entries = 0;
  uint64_t key_bytes = 0;
  uint64_t value_bytes = 0;
};

class PageCheck {
 public:
  PageCheck(const Pages& pages, const std::string& file, const std::string& bucket, PageVerdict& out)
      : pages_(pages), file_(file), bucket_(bucket), out_(out) {}

  // Bytes that header, elements and data take.
  uint64_t Run(const Node& node, const Subtree& tree);

  // Reports a fault of the page that was found as it was read.
  void Note(const NodeRead& read, const Subtree& tree);
  void Add(diag::Code code, const Node& node, uint64_t offset, uint64_t length, std::string message);

 private:
  void CheckElement(const Node& node, uint32_t at, uint64_t expected);
  void CheckOrder(const Node& node, uint32_t at, Bytes key, Bytes before, const Subtree& tree);
  void CheckEnd(const Node& node, uint64_t used);

  const Pages& pages_;
  const std::string& file_;
  const std::string& bucket_;
  PageVerdict& out_;
  size_t reported_ = 0;  // of this page
};

}  // namespace etcdmedic::bolt
