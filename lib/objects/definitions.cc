// SPDX-License-Identifier: Apache-2.0
#include "objects/definitions.h"

#include "diag/naming_sink.h"
#include "text/object_tree.h"

namespace etcdmedic::objects {

void LearnDefinitions(const mvcc::LiveKeys& keys, const kubectl::Registry& registry, StoredObjects& stored,
                      kubectl::ResourceTable& resources) {
  const std::string path(resources.FindKind("apiextensions.k8s.io", "CustomResourceDefinition")->path);
  diag::NoSink ignored;
  text::ObjectTree tree;
  for (const std::string& prefix : registry.prefixes()) {
    const std::string begin = prefix + "/" + path + "/";
    for (size_t at = keys.LowerBound(begin, 0, keys.size()); at < keys.size(); ++at) {
      const mvcc::KeyValue kv = keys.At(at);
      if (!kv.key.starts_with(begin)) break;
      const StoredObjects::Value value = stored.Open(kv.key, AsBytes(kv.value));
      if (!value.is_object()) continue;
      DecodeStored(kv.key, value.bytes, {}, tree, {}, ignored);
      resources.Learn(tree.root());
    }
  }
}

}  // namespace etcdmedic::objects
