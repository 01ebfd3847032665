// SPDX-License-Identifier: Apache-2.0
// A stored object -> its text or a tree to look things up in. What could not be read goes to a sink.
#pragma once

#include "encryption/open_sealed.h"
#include "text/json_tree.h"
#include "views/object_catalog.h"

namespace etcdmedic::tool {

class ObjectReader {
 public:
  struct Options {
    std::string file;     // named in findings
    std::string release;  // empty: the newest that fits
    bool mask_secrets = false;
    encryption::OpenSealed open;  // for what is encrypted at rest; empty without a configuration
  };
  ObjectReader(Options options, diag::FindingSink& sink) : options_(std::move(options)), sink_(sink) {}

  // The object's bytes, decrypted where that can be done; nothing where the value holds none. Lasts until the
  // next call.
  std::optional<Bytes> Open(const mvcc::KeyValue& kv);

  // Appends the object as kubectl prints it, a line feed behind it; `in_list`: as an item of a List. False,
  // and nothing appended, where the value holds no object.
  bool AppendText(const StoredObject& object, k8s::TextFormat format, bool in_list, std::string& out);

  // The object to look things up in; none where the value holds no object. Lasts until the next call.
  text::JsonValue Tree(const StoredObject& object);

  // Encrypted values that could not be opened: how many, and what there is to say about the first ones.
  size_t closed() const { return closed_; }
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  static constexpr size_t kMostRemarks = 10;
  // A value that holds no object, or none that can be read.
  void Refuse(const StoredObject& object);
  const Options options_;
  diag::FindingSink& sink_;
  size_t closed_ = 0;
  std::vector<std::string> remarks_;
  std::string plain_;  // what was decrypted last
  std::string why_;    // why that failed
  std::string json_;
  text::JsonTree tree_;
};

}  // namespace etcdmedic::tool
