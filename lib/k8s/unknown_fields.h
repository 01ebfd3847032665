// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "k8s/remarks.h"

namespace etcdmedic::k8s {

// The unknown fields that Decode left in comments, by the path of the message that had them.
class UnknownFields {
 public:
  // Errors: kMalformed where a comment is not whole.
  static Result<UnknownFields> Read(std::string_view text, const std::string& file);

  bool empty() const { return by_path_.empty(); }
  const std::string& first_path() const { return by_path_.begin()->first; }
  // Appends the fields of the message at `frame`, which then are gone here.
  void MoveTo(const FieldPath& frame, std::string& out);

 private:
  std::map<std::string, std::string, std::less<>> by_path_;
};

}  // namespace etcdmedic::k8s
