// SPDX-License-Identifier: Apache-2.0
// Reads buckets of a bbolt file, trusting nothing: docs/format/bolt.md. The front header of this room. Every
// page, element and length is checked before it is used; depth and the number of pages visited are bounded. A
// tree that is damaged is read as far as it can be reached, and what could not be is reported with its keys.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "bolt/cursor.h"
#include "bolt/format.h"
#include "diag/finding.h"

namespace etcdmedic::bolt {

struct OpenOptions {
  // The meta page to read from: 0 or 1. The older one is an older, consistent state, as long as no later
  // transaction has used its pages. The newest valid one where nothing is given.
  std::optional<int> meta;
  // Where no meta page is valid: a directory of buckets found among the pages.
  bool search_root = false;
};

// One state of a bbolt file: what is reached from one meta page. The file's bytes and the sink must outlive
// the view and its cursors; keys and values are views of those bytes. Several threads may use it at once.
class View {
 public:
  // Chooses the newest valid meta page. Reports DB-META-DAMAGED where only one is valid, DB-META-INVALID
  // where none is, DB-BYTE-ORDER-FOREIGN, DB-FILE-EMPTY; gives nothing where no meta page can be used. The 32
  // bytes of a snapshot's hash at the end are left out. Later damage goes into the same sink, each place
  // once, from any thread: what Cursor reports, DB-TREE-DAMAGED, DB-BUCKET-MALFORMED.
  static std::optional<View> Open(Bytes db, const std::string& file, diag::FindingSink& sink,
                                  const OpenOptions& options = {});

  const Meta& meta() const { return meta_; }
  const Pages& pages() const { return pages_; }

  // Over the directory of buckets; its values are for Enter.
  Cursor Buckets() const;
  // Before the first entry of a bucket of the directory; nothing where there is none of that name or its way
  // is damaged.
  std::optional<Cursor> CursorOf(std::string_view bucket) const;
  // Before the first entry of the bucket at which `at` is. Nothing where the entry is not a bucket or is
  // damaged.
  std::optional<Cursor> Enter(const Cursor& at) const;

  // Calls `each` with key and value of the bucket's entries in order until it gives false. False where the
  // bucket does not exist or something was left out.
  using EachEntry = std::function<bool(Bytes key, Bytes value)>;
  bool ForEach(std::string_view bucket, const EachEntry& each) const;

  // The greatest key of a bucket; nothing where it is empty or cannot be reached.
  std::optional<Bytes> LastKey(std::string_view bucket) const;

 private:
  Cursor Over(std::string bucket, std::vector<Subtree> roots) const;

  Meta meta_;
  Pages pages_;
  std::shared_ptr<Reporter> reporter_;
};

// Pages that may be the directory of buckets, by what they hold: leaves of nothing but buckets. Newest first
// as far as is known: by the greatest key that is reached below them.
std::vector<uint64_t> SearchRoots(const Pages& pages);

}  // namespace etcdmedic::bolt
