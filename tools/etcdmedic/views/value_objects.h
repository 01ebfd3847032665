// SPDX-License-Identifier: Apache-2.0
// The values of a store as the Kubernetes objects that they are, as --raw and --encryption-config have them.
#pragma once

#include "inputs/open_store.h"
#include "views/object_view.h"

namespace etcdmedic::tool {

// The revisions of a key and what else its message says, but for the key and the value.
void WriteRevisions(render::Document& document, const mvcc::KeyValue& kv);

class ValueObjects {
 public:
  // `opened` outlives what is given; findings go into it. Errors: as EncryptionOf.
  static Result<ValueObjects> Of(const Context& context, const Args& args, OpenedStore& opened);

  // As ObjectView::Text; nothing with --raw.
  std::optional<std::string_view> Text(const mvcc::KeyValue& kv,
                                       std::optional<int64_t> revision = std::nullopt);

  // The stored bytes, or what is shown in their place: for every writer of values.
  std::string_view Shown(const mvcc::KeyValue& kv) const;

  // Writes "value", and "object" where it is one.
  void Write(render::Document& document, const mvcc::KeyValue& kv,
             std::optional<int64_t> revision = std::nullopt);

 private:
  ValueObjects(ObjectView view, const mvcc::Store& store, bool raw, bool hides)
      : view_(std::move(view)), store_(&store), raw_(raw), hides_(hides) {}

  ObjectView view_;
  const mvcc::Store* store_;
  bool raw_;
  bool hides_;
};

// Appends what changed between two texts of an object, each without a line feed at its end and empty where
// there is none, as a unified diff.
void AppendObjectDiff(const Context& context, std::string& out, std::string_view before,
                      std::string_view after);

}  // namespace etcdmedic::tool
