// SPDX-License-Identifier: Apache-2.0
// Floating point numbers as the two printers that kubectl uses write them: docs/format/k8s-text.md,
// "Numbers". Both print the shortest digits that read back as the same number; they differ in when they use
// an exponent.
#pragma once

#include <string>
#include <string_view>

namespace etcdmedic::text {

// A JSON number at the front of a text: how many bytes of it there are, and whether they are one.
struct NumberScan {
  size_t length = 0;
  bool whole = false;
};
NumberScan ScanNumber(std::string_view text);

// As encoding/json: 0.000001, 1e-7, 100000000000000000000, 1e+21; zero has no sign, since kubectl reads -0 as
// an integer. Not a number and infinities, which JSON does not have, become null.
void AppendJsonDouble(std::string& out, double value);

// As kubectl, which reads that JSON back and prints it through go-yaml: what JSON shows as a whole number of
// 64 bits is one (1000000), else 0.0001, 1e-05, 1.5000005e+06, .nan, .inf, -.inf.
void AppendYamlDouble(std::string& out, double value);

// What becomes of the text of a JSON number: an int64 is kept digit by digit, anything else is a double. A
// number beyond the range of a double is kept as it stands.
void AppendJsonNumber(std::string& out, std::string_view number);
void AppendYamlNumber(std::string& out, std::string_view number);

}  // namespace etcdmedic::text
