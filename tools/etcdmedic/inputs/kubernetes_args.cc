// SPDX-License-Identifier: Apache-2.0
#include "inputs/kubernetes_args.h"

#include <fmt/format.h>

#include <memory>
#include <set>

#include "diag/naming_sink.h"
#include "encryption/encryption.h"
#include "k8s/schema.h"
#include "k8s/value.h"
#include "text/json_tree.h"

namespace etcdmedic::tool {
namespace {

// The resources that "deploy,cm" means, all groups that bear the name among them.
Result<void> AddKinds(std::string_view typed, const kubectl::ResourceTable& resources,
                      std::set<const kubectl::Resource*>& kinds) {
  while (true) {
    const std::string_view name = typed.substr(0, typed.find(','));
    auto found = resources.Resolve(name);
    if (found.empty()) found = resources.InCategory(name);
    if (found.empty()) return Fail(Errc::kUsage, "", fmt::format("there is no resource {}", name));
    kinds.insert(found.begin(), found.end());
    if (name.size() == typed.size()) return {};
    typed.remove_prefix(name.size() + 1);
  }
}

}  // namespace

Result<Encryption> EncryptionOf(const Args& args) {
  const auto path = args.Get("--encryption-config");
  if (!path) return Encryption{};
  auto loaded = encryption::EncryptionConfig::Load(*path);
  if (!loaded) return tl::make_unexpected(loaded.error());
  const auto config = std::make_shared<const encryption::EncryptionConfig>(std::move(*loaded));
  return Encryption{[config](std::string_view key, Bytes value) { return config->Decrypt(value, key); },
                    [config](const std::string& resource) { return config->WriterOf(resource); }};
}

Result<std::string> ReleaseOf(const Args& args, std::string_view flag) {
  const std::string text = args.Get(flag).value_or("");
  if (text.empty() && !args.Has(flag)) return text;
  const auto release = k8s::ParseRelease(text);
  const std::string newest = fmt::format("1.{}", k8s::tables::kNewestRelease);
  if (!release)
    return Fail(Errc::kUsage, "", fmt::format("{} takes a release like {}, not {}", flag, newest, text));
  // A newer one is read as the newest: where the text says another, it is unknown.
  const bool is_newest = text.find(newest.substr(1)) != std::string::npos;
  if (*release == k8s::tables::kNewestRelease && !is_newest)
    return Fail(Errc::kUsage, "",
                fmt::format("{} {} is not known: {} is the newest release here", flag, text, newest));
  return text;
}

Result<WantedKeys> WantedOf(const Args& args, const kubectl::ResourceTable& resources) {
  std::set<const kubectl::Resource*> kinds;
  for (size_t i = 1; i < args.positional().size(); ++i) {
    if (auto added = AddKinds(args.positional()[i], resources, kinds); !added)
      return tl::make_unexpected(added.error());
  }
  const auto namespace_name = args.Get("--namespace");
  if (kinds.empty() && !namespace_name) return WantedKeys();
  return [kinds, namespace_name](const kubectl::RegistryKey& key) {
    if (!kinds.empty() && !kinds.contains(key.resource)) return false;
    return !namespace_name || key.namespace_name == *namespace_name;
  };
}

void LearnDefinitions(const mvcc::Store& store, int64_t revision, const kubectl::Registry& registry,
                      const encryption::OpenSealed& open, kubectl::ResourceTable& resources) {
  diag::NoSink ignored;  // whoever prints the definition itself hears of its damage
  k8s::DecodeOptions options;
  options.format = k8s::TextFormat::kJson;
  text::JsonTree tree;
  std::string json;
  for (const std::string& prefix : registry.prefixes()) {
    const auto range = mvcc::WithPrefix(prefix + "/apiextensions.k8s.io/customresourcedefinitions/");
    (void)store.Range(range, revision, [&](const mvcc::KeyValue& kv) {
      Bytes value = AsBytes(kv.value);
      Result<std::string> plain;
      if (k8s::EncodingOf(value) == k8s::Encoding::kEncrypted && open) {
        plain = open(kv.key, value);
        if (plain) value = AsBytes(*plain);
      }
      json.clear();
      k8s::Decode(value, options, json, {}, ignored);
      if (tree.Parse(json)) resources.Learn(tree.root());
      return true;
    });
  }
}

}  // namespace etcdmedic::tool
