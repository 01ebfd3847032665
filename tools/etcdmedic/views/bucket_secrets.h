// SPDX-License-Identifier: Apache-2.0
// Which bytes of the backend's buckets and pages are hidden.
#pragma once

#include <string>

#include "bolt/node.h"
#include "cli/command.h"

namespace etcdmedic::tool {

// Of one bucket's entries. A value of bucket `key` is asked what it is; one that does not parse is hidden.
class BucketSecrets {
 public:
  BucketSecrets(const Context& context, std::string_view bucket);
  bool Hides(Bytes value) const;

 private:
  bool hides_passwords_;
  bool hides_values_;
};

// The lines of a hex dump of page `id`, with what may be part of a secret left out: values of users and of
// Secrets, and all that is not a header, an element, a key or the value of an entry.
std::string HexDumpOfPage(const Context& context, const bolt::Pages& pages, uint64_t id);

}  // namespace etcdmedic::tool
