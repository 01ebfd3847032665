// SPDX-License-Identifier: Apache-2.0
// decode_values yaml|json FOLDER PASSES: decodes every protobuf value below the folder, PASSES times over on
// one core, as bench/peers/kubernetes does with the Go types, and prints what it managed.
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "k8s/value.h"

namespace etcdmedic {
namespace {

std::vector<std::string> Values(const char* folder) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".bin") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string value{std::istreambuf_iterator<char>(file), {}};
    if (k8s::EncodingOf(AsBytes(value)) == k8s::Encoding::kProtobuf) found.push_back(std::move(value));
  }
  return found;
}

int Main(std::string_view format, const char* folder, int passes) {
  const std::vector<std::string> values = Values(folder);
  k8s::DecodeOptions options;
  options.format = format == "yaml" ? k8s::TextFormat::kYaml : k8s::TextFormat::kJson;
  diag::FindingList findings;
  std::string text;
  size_t objects = 0, stored = 0, printed = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int pass = 0; pass < passes; ++pass) {
    for (const std::string& value : values) {
      text.clear();
      k8s::Decode(AsBytes(value), options, text, {}, findings);
      ++objects, stored += value.size(), printed += text.size();
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{} values: {:.0f} objects, {:.1f} MB stored, {:.1f} MB of text a second\n", values.size(),
             static_cast<double>(objects) / took.count(), static_cast<double>(stored) / took.count() / 1e6,
             static_cast<double>(printed) / took.count() / 1e6);
  return values.empty() || !findings.items.empty() ? 1 : 0;
}

}  // namespace
}  // namespace etcdmedic

int main(int count, char** words) {
  if (count != 4) return 2;
  return etcdmedic::Main(words[1], words[2], std::atoi(words[3]));
}
