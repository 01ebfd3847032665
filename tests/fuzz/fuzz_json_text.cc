// SPDX-License-Identifier: Apache-2.0
// JSON of any kind is read and printed; what is printed as JSON reads back without a fault and prints the
// same.
#include <cstdlib>

#include "text/json_text.h"
#include "text/json_writer.h"
#include "text/utf8.h"
#include "text/yaml_writer.h"

namespace {

std::string Print(const etcdmedic::text::ObjectTree& tree, etcdmedic::text::KeyOrder order) {
  std::string out;
  etcdmedic::text::JsonWriter writer(out);
  WriteTree(tree.root(), {.order = order}, writer);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic::text;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  ObjectTree tree;
  ReadJsonHead(json, tree);
  HeadOf(tree.root());
  ReadJson(json, tree);
  HeadOf(tree.root());
  std::string yaml;
  YamlWriter writer(yaml);
  WriteTree(tree.root(), {.resource_version = "1", .mask_secrets = true}, writer);
  const std::string printed = Print(tree, KeyOrder::kBytewise);
  ObjectTree again;
  if (ReadJson(printed, again)) std::abort();
  // Keys that are not UTF-8 can become one.
  if (etcdmedic::text::IsUtf8(json) && Print(again, KeyOrder::kBytewise) != printed) std::abort();
  return 0;
}
