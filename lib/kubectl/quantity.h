// SPDX-License-Identifier: Apache-2.0
// Amounts of resources: "250m", "1Gi", "1500M". Reads, adds and prints them as Kubernetes does, exactly.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "text/object_tree.h"

namespace etcdmedic::kubectl {

__extension__ typedef __int128 WideInteger;

class Quantity {
 public:
  Quantity() = default;
  // Nothing where it is none, or one beyond what Kubernetes takes (2^63 of the unit).
  static std::optional<Quantity> Parse(std::string_view text);

  // The sum prints in the form of the first one that is not zero.
  Quantity& operator+=(const Quantity& other);
  bool operator<(const Quantity& other) const { return nanos_ < other.nanos_; }
  bool is_zero() const { return nanos_ == 0; }

  // Units and thousandths of them, rounded up.
  int64_t Value() const;
  int64_t MilliValue() const;
  // "1Gi", "250m", "1e3": with the largest suffix that leaves a whole number.
  std::string Text() const;

 private:
  enum class Form : uint8_t { kDecimal, kBinary, kExponent };
  std::string DecimalText() const;
  std::string BinaryText() const;

  WideInteger nanos_ = 0;
  Form form_ = Form::kDecimal;
};

// Resources by name.
using Quantities = std::map<std::string, Quantity, std::less<>>;
// Of a map such as `resources.requests`; what cannot be read counts as 0.
Quantities QuantitiesOf(text::ObjectView map);
void Add(Quantities& to, const Quantities& more);
// Keeps the larger one of each.
void RaiseTo(Quantities& to, const Quantities& others);

}  // namespace etcdmedic::kubectl
