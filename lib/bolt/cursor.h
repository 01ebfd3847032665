// SPDX-License-Identifier: Apache-2.0
// Moves over the entries of a bucket, or of a part of it, as bbolt's cursor does, and steps over what is
// damaged: docs/format/bolt.md, "How we walk damage".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bolt/children.h"
#include "bolt/reporter.h"

namespace etcdmedic::bolt {

// Keys in [low, high) that a walk could not reach; empty bounds are open.
struct LostKeys {
  Bytes low;
  Bytes high;
};

// The views it gives last as long as the file's bytes. Not for use by two threads; different cursors of one
// view are. What cannot be read is reported once and left out, with the range of keys that goes with it:
// DB-PAGE-*, DB-ELEMENT-OUT-OF-BOUNDS, DB-KEY-ORDER, DB-FILE-TRUNCATED.
class Cursor {
 public:
  // Over `roots` in their order. `bucket` names the bucket in findings.
  Cursor(Pages pages, std::shared_ptr<Reporter> reporter, std::string bucket, std::vector<Subtree> roots);

  // Each gives whether there is an entry; then key() and value() are its.
  bool First();
  bool Last();
  bool Next();
  bool Prev();
  // The first entry whose key is not less than `key`. Where separators are damaged it may miss entries that a
  // walk from First() finds.
  bool Seek(std::string_view key);

  bool valid() const { return valid_; }
  Bytes key() const { return element_.key; }
  Bytes value() const { return element_.value; }
  bool is_bucket() const { return element_.is_bucket; }
  // The page on which the entry stands, and its number there.
  uint64_t page() const { return path_.back().node.page; }
  uint32_t number() const { return static_cast<uint32_t>(path_.back().at); }

  // Whether anything was left out so far, and where: of a single entry the range of its page is given.
  bool damaged() const { return !lost_.empty(); }
  const std::vector<LostKeys>& lost() const { return lost_; }
  const std::string& bucket() const { return bucket_; }

  // The same entries in at most `parts` cursors, in order, each with about as many pages, so that threads can
  // share the work. `pieces`: subtrees that a part has at least, where the tree is deep enough: the more, the
  // more even the parts, and the more pages are read for it.
  std::vector<Cursor> Split(size_t parts, size_t pieces = 8) const;

 private:
  struct Step {
    Node node;
    int64_t at = -1;
    Bytes low, high;
  };
  void Restart();
  bool Move(bool forward);
  bool Load();
  void LookAhead(const Step& step) const;
  Subtree ChildAt(const Step& step, uint32_t at) const;
  bool Push(const Subtree& tree, bool forward);
  bool Plausible(const Subtree& tree, const Node& node);
  bool SeenBefore(const Node& node);
  void AddLostRange(Bytes low, Bytes high);
  void ReportUnreachable(diag::Code code, uint64_t page, const Subtree& tree, std::string_view what);

  Pages pages_;
  std::shared_ptr<Reporter> reporter_;
  std::string bucket_;
  std::vector<Subtree> roots_;
  std::vector<Step> path_;  // from a node that stands for roots_ down to the leaf
  std::vector<bool> seen_;  // pages that this walk has come to
  Element element_;
  bool valid_ = false;
  std::vector<LostKeys> lost_;
  bool forward_ = true;
};

}  // namespace etcdmedic::bolt
