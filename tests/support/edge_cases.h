// SPDX-License-Identifier: Apache-2.0
// testdata/k8s/yaml-edge-cases.txt: what sigs.k8s.io/yaml made of small inputs. A line is a kind, an input
// and the output as Go's %q prints them, and an error or <nil>; the case ORDER is a whole document.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "text/utf8.h"

namespace etcdmedic::support {

struct EdgeCase {
  std::string line;    // as it stands, for messages
  std::string kind;    // STR, RAW, ORDER, FOLD, LONGKEY
  std::string input;   // unquoted for STR
  std::string output;  // unquoted
  bool refused = false;
};

// Reads a quoted Go string at `at` and moves after it.
inline std::string Unquote(const std::string& line, size_t& at) {
  std::string out;
  for (++at; at < line.size() && line[at] != '"'; ++at) {
    if (line[at] != '\\') {
      out += line[at];
      continue;
    }
    const char kind = line[++at];
    const size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    if (digits > 0) {
      const auto point = static_cast<uint32_t>(std::stoul(line.substr(at + 1, digits), nullptr, 16));
      kind == 'x' ? void(out += static_cast<char>(point)) : text::AppendUtf8(out, point);
      at += digits;
    } else {
      static constexpr std::string_view kFrom = "abfnrtv";
      static constexpr std::string_view kTo = "\a\b\f\n\r\t\v";
      const size_t known = kFrom.find(kind);
      out += known == std::string_view::npos ? kind : kTo[known];
    }
  }
  ++at;
  return out;
}

inline std::vector<EdgeCase> ReadEdgeCases() {
  std::ifstream file(std::string(ETCDMEDIC_SOURCE_DIR) + "/testdata/k8s/yaml-edge-cases.txt");
  std::vector<EdgeCase> cases;
  std::string line;
  while (std::getline(file, line)) {
    EdgeCase one{.line = line, .kind = line.substr(0, line.find(' ')), .input = {}, .output = {}};
    size_t at = one.kind.size() + 1;
    if (one.kind == "ORDER") {
      one.output = line.substr(at) + "\n";
      while (std::getline(file, line) && line != " <nil>") one.output += line + "\n";
    } else if (one.kind == "STR") {
      one.input = Unquote(line, at);
      one.output = Unquote(line, ++at);
    } else {
      const bool raw = one.kind == "RAW";
      const size_t end = raw ? line.find('\t') : line.find(' ', at);
      one.input = line.substr(at, end - at);
      at = end + 1;
      one.output = Unquote(line, at);
    }
    one.refused = line.find("\tyaml: ") != std::string::npos;
    cases.push_back(one);
  }
  return cases;
}

}  // namespace etcdmedic::support
