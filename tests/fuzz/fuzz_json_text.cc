// SPDX-License-Identifier: Apache-2.0
// JSON of any kind is read and printed; what is printed as JSON reads back without a fault and prints the
// same.
#include <cstdlib>

#include "base/utf8.h"
#include "k8s/json_text.h"

namespace {

std::string Print(const etcdmedic::k8s::ObjectTree& tree, etcdmedic::k8s::KeyOrder order) {
  std::string out;
  etcdmedic::k8s::JsonWriter writer(out);
  WriteTree(tree, {.order = order}, writer);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic::k8s;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  ObjectTree tree;
  ReadJsonHead(json, tree);
  HeadOf(tree);
  ReadJson(json, tree);
  HeadOf(tree);
  std::string yaml;
  YamlWriter writer(yaml);
  WriteTree(tree, {.resource_version = "1", .mask_secrets = true}, writer, "remark");
  const std::string printed = Print(tree, KeyOrder::kBytewise);
  ObjectTree again;
  if (ReadJson(printed, again)) std::abort();
  // Keys that are no UTF-8 can become one.
  if (etcdmedic::IsUtf8(json) && Print(again, KeyOrder::kBytewise) != printed) std::abort();
  return 0;
}
