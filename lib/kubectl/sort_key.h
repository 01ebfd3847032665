// SPDX-License-Identifier: Apache-2.0
// The order of `kubectl get --sort-by`: quantities by what they amount to, other values by their text with
// the numbers in it as numbers. docs/kubernetes.md, "Grammar".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/object_tree.h"

namespace etcdmedic::kubectl {

// The amount of a quantity such as "1500M", "10Gi", "250m" or "1e3"; nothing where it is not one.
std::optional<long double> QuantityOf(std::string_view text);

class SortKey {
 public:
  // Of the value that was found in an object, or of none; `number` of the object in the listing.
  SortKey(text::ObjectView value, size_t number);

  size_t number() const { return number_; }
  // Objects without the field come first, the last one in front, then nulls.
  bool operator<(const SortKey& other) const;

 private:
  enum class Rank : uint8_t { kAbsent, kNull, kValue };
  Rank rank_;
  std::string text_;
  std::optional<long double> amount_;
  size_t number_;
};

}  // namespace etcdmedic::kubectl
