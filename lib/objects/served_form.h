// SPDX-License-Identifier: Apache-2.0
// An object as an API server gives it to its clients, where that is not how it is stored: in the version that
// they ask for, and with the defaults that it sets on reading. docs/kubernetes.md, "Values".
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kubectl/resources.h"
#include "text/object_tree.h"
#include "text/tree_writer.h"

namespace etcdmedic::objects {

class ServedForm {
 public:
  // `asked`: the group and version that were typed; empty ones for those that kubectl prefers. `release` is
  // the minor number of the Kubernetes release. `resource` outlives the form.
  ServedForm(const kubectl::Resource& resource, const kubectl::AskedVersion& asked, uint8_t release);

  // Whether any object of the resource may differ from what is stored.
  bool changes() const;

  // The API group in which they are served.
  std::string_view group() const;

  // Writes `stored`, which outlives `served`, in that form; all of it where nothing changes.
  void Write(text::ObjectView stored, text::ObjectTree& served) const;

 private:
  void Root(text::ObjectView stored, text::TreeWriter& writer) const;
  std::string ApiVersion(text::ObjectView stored) const;
  text::ObjectView SchemaFor(text::ObjectView stored) const;

  const kubectl::Resource& resource_;
  std::string api_version_;  // empty: as it is stored
  // Of the versions that set defaults; a server sets those of the version that is stored. Of a kind of
  // Kubernetes itself there is one, whose version is empty.
  std::map<std::string, text::ObjectTree, std::less<>> schemas_;
  bool is_definition_ = false, is_namespace_ = false, is_new_event_ = false, is_service_ = false;
  const uint8_t release_;
};

}  // namespace etcdmedic::objects
