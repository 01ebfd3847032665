// SPDX-License-Identifier: Apache-2.0
// What the YAML writer prints reads back as the strings that it was given.
#include <cstdlib>

#include "support/yaml_reader.h"
#include "text/utf8.h"
#include "text/yaml_writer.h"

namespace {

// go-yaml, and so the writer, is not faithful to the line breaks of YAML 1.1 that Unicode has.
bool HasOddBreak(std::string_view text) {
  for (const std::string_view odd : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.find(odd) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view key = all.substr(0, size / 3);
  const std::string_view text = all.substr(size / 3);
  std::string out;
  text::YamlWriter writer(out);
  writer.BeginMap();
  writer.Key(key);
  writer.BeginList();
  writer.String(text);
  writer.BeginMap();
  writer.Key(text);
  writer.String(key);
  writer.EndMap();
  writer.EndList();
  writer.EndMap();
  static_cast<void>(text::YamlKeyLess(key, text));
  if (!text::IsUtf8(key) || !text::IsUtf8(text) || HasOddBreak(key) || HasOddBreak(text)) return 0;
  const auto scalars = tests::ReadScalars(out);
  if (!scalars || scalars->size() != 4) std::abort();
  if ((*scalars)[0] != key || (*scalars)[1] != text || (*scalars)[2] != text || (*scalars)[3] != key)
    std::abort();
  return 0;
}
