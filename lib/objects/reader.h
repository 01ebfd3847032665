// SPDX-License-Identifier: Apache-2.0
// A stored object -> its text or a tree to look things up in. What could not be read goes to a sink.
#pragma once

#include <map>
#include <memory>

#include "objects/catalog.h"
#include "objects/served_form.h"
#include "text/object_tree.h"

namespace etcdmedic::objects {

class ObjectReader {
 public:
  struct Options {
    std::string file;     // named in findings
    std::string release;  // empty: the newest that fits
    bool mask_secrets = false;
    bool served = false;               // as API servers give it to their clients, and not as it is stored
    bool hide_managed_fields = false;  // in text
  };
  // `open` for what is encrypted at rest; empty without a configuration. `sink` outlives the reader.
  ObjectReader(Options options, encryption::Decryptor open, diag::FindingSink& sink)
      : options_(std::move(options)), stored_(std::move(open)), sink_(sink) {}

  // One that reads as `other` does, and may do so on another thread. It counts from 0.
  ObjectReader(const ObjectReader& other, diag::FindingSink& sink)
      : options_(other.options_), stored_(other.stored_), sink_(sink), forms_(other.forms_) {}

  // The version in which objects of the resource are served.
  void Ask(const kubectl::Resource& resource, const kubectl::AskedVersion& asked);

  // The API group in which objects of the resource are served.
  std::string_view GroupOf(const kubectl::Resource& resource);

  // For those who need the bytes alone.
  StoredObjects& stored() { return stored_; }

  // Appends the object as kubectl prints it, a line feed after it; `in_list`: as an item of a List. False,
  // and nothing appended, where the value holds no object.
  bool AppendText(const StoredObject& object, k8s::TextFormat format, bool in_list, std::string& out);

  // Writes the object as a part of a larger tree; false, and nothing written, where the value holds none.
  bool AppendTo(text::TreeWriter& writer, const StoredObject& object);

  // The object to look things up in; none where the value holds no object. Lasts until the next call.
  text::ObjectView Tree(const StoredObject& object);

  // Takes over what such a reader has counted and remarked, and what it has found, which it is left without.
  void TakeOver(ObjectReader& other, diag::FindingList& found);

  // Encrypted values that could not be opened: how many, and what there is to say about the first ones.
  size_t closed() const { return closed_; }
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  static constexpr size_t kMostRemarks = 10;
  // A value that holds no object, or none that can be read.
  void Refuse(const StoredObject& object, const StoredObjects::Value& value);
  // How objects of the resource differ from what is stored; null where they do not.
  const ServedForm* FormOf(const kubectl::Resource* resource);
  k8s::DecodeOptions OptionsFor(const StoredObject& object) const;
  Where WhereOf(const StoredObject& object) const { return {options_.file, object.offset}; }
  const Options options_;
  StoredObjects stored_;
  diag::FindingSink& sink_;
  size_t closed_ = 0;
  std::vector<std::string> remarks_;
  text::ObjectTree tree_, served_;
  std::map<const kubectl::Resource*, std::shared_ptr<const ServedForm>> forms_;
};

}  // namespace etcdmedic::objects
