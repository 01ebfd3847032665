// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "text/cbor.h"
#include "text/json_writer.h"
#include "text/yaml_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  using namespace etcdmedic::text;
  ObjectTree tree;
  ReadCbor(Bytes(reinterpret_cast<const std::byte*>(data), size), tree);
  HeadOf(tree.root());
  std::string yaml;
  YamlWriter writer(yaml);
  WriteTree(tree.root(), {}, writer);
  std::string json;
  JsonWriter json_writer(json);
  WriteTree(tree.root(), {.order = KeyOrder::kStored}, json_writer);
  ObjectTree again;
  if (ReadJson(json, again)) std::abort();
  return 0;
}
