// SPDX-License-Identifier: Apache-2.0
// Floating point numbers as the two printers that kubectl uses write them: docs/format/k8s-text.md,
// "Numbers". Both print the shortest digits that read back as the same number; they differ in when they use
// an exponent.
#pragma once

#include <string>
#include <string_view>

namespace etcdmedic::k8s {

// As encoding/json: 0.000001, 1e-7, 100000000000000000000, 1e+21. Not a number and infinities, which JSON
// does not have, become null.
void AppendJsonDouble(std::string& out, double value);

// As go-yaml: 0.0001, 1e-05, 100000, 1e+06, .nan, .inf, -.inf.
void AppendYamlDouble(std::string& out, double value);

// What becomes of the text of a JSON number, whole ones in 64 bits kept digit by digit. A number beyond the
// range of a double is kept as it stands.
void AppendJsonNumber(std::string& out, std::string_view number);
void AppendYamlNumber(std::string& out, std::string_view number);

}  // namespace etcdmedic::k8s
