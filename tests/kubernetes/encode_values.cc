// SPDX-License-Identifier: Apache-2.0
// encode_values NAME.bin...: what Decode makes of each must become the same bytes again by Encode, by way of
// JSON, and by way of YAML unless kubectl's YAML itself has lost a character: it prints U+0085 as a blank.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "k8s/encode.h"
#include "k8s/value.h"

namespace {

using namespace etcdmedic;

bool ComesBack(const std::string& name, const std::string& value, k8s::TextFormat format) {
  diag::FindingList found;
  k8s::DecodeOptions options;
  options.format = format;
  std::string text;
  k8s::Decode(AsBytes(value), options, text, Where{}, found);
  const auto bytes = k8s::Encode(text, {}, name);
  if (bytes && *bytes == value) return true;
  std::printf("%s: %s\n", name.c_str(), bytes ? "other bytes" : bytes.error().what.c_str());
  return false;
}

}  // namespace

int main(int count, char** names) {
  int wrong = 0, protobuf = 0, lossy = 0;
  for (int i = 1; i < count; ++i) {
    std::ifstream file(names[i], std::ios::binary);
    const std::string value{std::istreambuf_iterator<char>(file), {}};
    if (k8s::EncodingOf(AsBytes(value)) != k8s::Encoding::kProtobuf) continue;
    ++protobuf;
    wrong += !ComesBack(names[i], value, k8s::TextFormat::kJson);
    if (value.find("\u0085") != std::string::npos) {
      ++lossy;
      continue;
    }
    wrong += !ComesBack(names[i], value, k8s::TextFormat::kYaml);
  }
  std::printf("%d protobuf values there and back, %d of them not by way of YAML; %d wrong\n", protobuf, lossy,
              wrong);
  return wrong == 0 && protobuf >= 20 && lossy <= 2 ? 0 : 1;
}
