// SPDX-License-Identifier: Apache-2.0
// The one way from a stored value to the object in it: decrypts it, says what it is, and puts its key in
// front of what is found in it.
#pragma once

#include <string>

#include "encryption/decryptor.h"
#include "k8s/value.h"

namespace etcdmedic::objects {

class StoredObjects {
 public:
  // `open` is empty where no configuration is available.
  explicit StoredObjects(encryption::Decryptor open) : open_(std::move(open)) {}

  // A value without its encryption, or as it is stored where that cannot be opened. Views the stored value,
  // or this until the next Open.
  struct Value {
    Bytes bytes;
    k8s::Encoding encoding = k8s::Encoding::kEmpty;
    bool closed() const { return encoding == k8s::Encoding::kEncrypted; }
    bool is_object() const { return k8s::IsObject(encoding); }
  };
  Value Open(std::string_view key, Bytes stored);

  bool has_key() const { return open_ != nullptr; }
  // Why the value that was opened last stays closed.
  const std::string& problem() const { return problem_; }

 private:
  encryption::Decryptor open_;
  std::string plain_;  // what was decrypted last
  std::string problem_;
};

// k8s::Decode of an opened value, with its key in the options and in front of every finding.
k8s::DecodeResult DecodeStored(std::string_view key, Bytes value, k8s::DecodeOptions options,
                               std::string& out, const Where& where, diag::FindingSink& sink);
// As above for k8s::DecodeTree, into a tree of its own or a part of a larger one.
k8s::DecodeResult DecodeStored(std::string_view key, Bytes value, k8s::DecodeOptions options,
                               text::ObjectTree& tree, const Where& where, diag::FindingSink& sink);
k8s::DecodeResult DecodeStored(std::string_view key, Bytes value, k8s::DecodeOptions options,
                               text::TreeWriter& writer, const Where& where, diag::FindingSink& sink);

}  // namespace etcdmedic::objects
