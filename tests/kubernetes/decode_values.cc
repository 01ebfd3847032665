// SPDX-License-Identifier: Apache-2.0
// decode_values NAME.bin...: each must become NAME.yaml and NAME.json, byte for byte, without a finding.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "k8s/value.h"

namespace {

using namespace etcdmedic;

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Decoded(const std::string& value, k8s::TextFormat format, diag::FindingList& found) {
  k8s::DecodeOptions options;
  options.format = format;
  std::string text;
  k8s::Decode(AsBytes(value), options, text, Where{}, found);
  return text;
}

// The number of the first line in which two texts differ.
long FirstDifference(const std::string& a, const std::string& b) {
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return 1 + std::count(a.begin(), at, '\n');
}

bool Check(const std::string& stem, const std::string& value, k8s::TextFormat format, const char* extension) {
  diag::FindingList found;
  const std::string text = Decoded(value, format, found);
  const std::string expected = Read(stem + extension);
  for (const auto& finding : found.items) std::printf("%s: %s\n", stem.c_str(), finding.message.c_str());
  if (text == expected && !expected.empty() && found.items.empty()) return true;
  std::printf("%s%s: differs in line %ld\n", stem.c_str(), extension, FirstDifference(text, expected));
  return false;
}

}  // namespace

int main(int count, char** names) {
  int wrong = 0;
  for (int i = 1; i < count; ++i) {
    const std::string name = names[i];
    const std::string stem = name.substr(0, name.size() - 4);
    const std::string value = Read(name);
    wrong += !Check(stem, value, k8s::TextFormat::kYaml, ".yaml");
    wrong += !Check(stem, value, k8s::TextFormat::kJson, ".json");
  }
  std::printf("%d values, %d texts wrong\n", count - 1, wrong);
  return wrong == 0 ? 0 : 1;
}
