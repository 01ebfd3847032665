// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <yaml.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "encryption/ciphers.h"
#include "encryption/encryption.h"
#include "text/text_codec.h"

namespace etcdmedic::encryption {
namespace {

constexpr uint64_t kLargestConfig = uint64_t{1} << 20;

void Wipe(unsigned char* first, unsigned char* end) {
  if (first != nullptr) OPENSSL_cleanse(first, static_cast<size_t>(end - first));
}

// One YAML document as libyaml loads it; its texts and the parser's buffers are wiped in the end.
class YamlDocument {
 public:
  explicit YamlDocument(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) return;
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    loaded_ = yaml_parser_load(&parser_, &document_) != 0;
    if (!loaded_) problem_ = fmt::format("line {}: {}", parser_.problem_mark.line + 1, ProblemText());
    Wipe(parser_.raw_buffer.start, parser_.raw_buffer.end);
    Wipe(parser_.buffer.start, parser_.buffer.end);
    yaml_parser_delete(&parser_);
  }
  ~YamlDocument() {
    if (!loaded_) return;
    for (yaml_node_t* node = document_.nodes.start; node < document_.nodes.top; ++node) {
      if (node->type == YAML_SCALAR_NODE)
        Wipe(node->data.scalar.value, node->data.scalar.value + node->data.scalar.length);
    }
    yaml_document_delete(&document_);
  }
  YamlDocument(const YamlDocument&) = delete;
  YamlDocument& operator=(const YamlDocument&) = delete;

  bool loaded() const { return loaded_; }
  const std::string& problem() const { return problem_; }

  yaml_node_t* Root() { return yaml_document_get_root_node(&document_); }
  // The value of `key`, or null where `map` is not a map or has none.
  yaml_node_t* Find(yaml_node_t* map, std::string_view key) {
    if (map == nullptr || map->type != YAML_MAPPING_NODE) return nullptr;
    for (auto* pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; ++pair) {
      if (Text(yaml_document_get_node(&document_, pair->key)) == key)
        return yaml_document_get_node(&document_, pair->value);
    }
    return nullptr;
  }
  template <class Each>
  void ForEach(yaml_node_t* list, Each each) {
    if (list == nullptr || list->type != YAML_SEQUENCE_NODE) return;
    for (auto* item = list->data.sequence.items.start; item < list->data.sequence.items.top; ++item)
      each(yaml_document_get_node(&document_, *item));
  }
  static std::string_view Text(const yaml_node_t* node) {
    if (node == nullptr || node->type != YAML_SCALAR_NODE) return {};
    return {reinterpret_cast<const char*>(node->data.scalar.value), node->data.scalar.length};
  }

 private:
  std::string_view ProblemText() const { return parser_.problem == nullptr ? "not YAML" : parser_.problem; }

  yaml_parser_t parser_{};
  yaml_document_t document_{};
  bool loaded_ = false;
  std::string problem_;
};

}  // namespace

// Walks the resources, their providers and the keys of these.
class ConfigReader {
 public:
  ConfigReader(YamlDocument& document, EncryptionConfig& config) : document_(document), config_(config) {}

  // Nothing, or what is wrong.
  std::string Read() {
    yaml_node_t* root = document_.Root();
    const std::string_view kind = YamlDocument::Text(document_.Find(root, "kind"));
    if (kind != "EncryptionConfiguration" && kind != "EncryptionConfig") return "no EncryptionConfiguration";
    document_.ForEach(document_.Find(root, "resources"), [&](yaml_node_t* resource) {
      Entry(resource);
      document_.ForEach(document_.Find(resource, "providers"),
                        [&](yaml_node_t* provider) { Provider(provider); });
    });
    return fault_;
  }

 private:
  // Which resources, and by which key they are written: the first of the first provider.
  void Entry(yaml_node_t* resource) {
    EncryptionConfig::Entry entry;
    document_.ForEach(document_.Find(resource, "resources"),
                      [&](yaml_node_t* name) { entry.resources.emplace_back(YamlDocument::Text(name)); });
    bool first = true;
    document_.ForEach(document_.Find(resource, "providers"), [&](yaml_node_t* provider) {
      if (std::exchange(first, false)) entry.writer = WriterIn(provider);
    });
    config_.entries_.push_back(std::move(entry));
  }

  std::string WriterIn(yaml_node_t* provider) {
    for (const std::string_view name : {"aescbc", "aesgcm", "secretbox"}) {
      std::string writer;
      document_.ForEach(document_.Find(document_.Find(provider, name), "keys"), [&](yaml_node_t* key) {
        if (writer.empty())
          writer = fmt::format("{}:{}", name, YamlDocument::Text(document_.Find(key, "name")));
      });
      if (!writer.empty()) return writer;
    }
    yaml_node_t* kms = document_.Find(provider, "kms");
    if (kms == nullptr) return {};
    const std::string_view version = YamlDocument::Text(document_.Find(kms, "apiVersion"));
    return fmt::format("kms:{}:{}", version.empty() ? "v1" : version,
                       YamlDocument::Text(document_.Find(kms, "name")));
  }

  void Provider(yaml_node_t* provider) {
    for (const std::string_view name : {"aescbc", "aesgcm", "secretbox"}) {
      yaml_node_t* keys = document_.Find(document_.Find(provider, name), "keys");
      document_.ForEach(keys, [&](yaml_node_t* key) { Key(*FindCipher(name), key); });
    }
    if (yaml_node_t* kms = document_.Find(provider, "kms"))
      config_.plugins_.emplace_back(YamlDocument::Text(document_.Find(kms, "name")));
  }

  void Key(const Cipher& cipher, yaml_node_t* node) {
    const std::string_view name = YamlDocument::Text(document_.Find(node, "name"));
    auto secret = text::FromBase64(YamlDocument::Text(document_.Find(node, "secret")));
    if (!secret || secret->empty()) {
      Fault(cipher, name, "has no secret, or one that is not base64");
      return;
    }
    SecretBytes bytes(std::move(*secret));
    if (!cipher.takes(bytes.view().size())) {
      Fault(cipher, name,
            fmt::format("has a secret of {} bytes; {} are right", bytes.view().size(), cipher.key_sizes));
      return;
    }
    const bool known = std::ranges::any_of(config_.keys_, [&](const EncryptionKey& other) {
      return other.provider == cipher.provider && other.name == name && other.secret.view() == bytes.view();
    });
    if (!known) config_.keys_.push_back({std::string(cipher.provider), std::string(name), std::move(bytes)});
  }

  void Fault(const Cipher& cipher, std::string_view name, std::string_view what) {
    if (fault_.empty()) fault_ = fmt::format("{} key \"{}\" {}", cipher.provider, name, what);
  }

  YamlDocument& document_;
  EncryptionConfig& config_;
  std::string fault_;
};

std::string EncryptionConfig::WriterOf(std::string_view resource) const {
  const size_t dot = resource.find('.');
  const std::string group(dot == std::string_view::npos ? "" : resource.substr(dot + 1));
  for (const Entry& entry : entries_) {
    for (const std::string& name : entry.resources) {
      if (name == resource || name == "*.*" || name == "*." + group) return entry.writer;
    }
  }
  return {};
}

Result<EncryptionConfig> EncryptionConfig::Load(const std::string& path) {
  auto text = ReadSmallFile(path, kLargestConfig);
  if (!text) return tl::make_unexpected(text.error());
  return Parse(std::move(*text), path);
}

Result<EncryptionConfig> EncryptionConfig::Parse(std::string text, const std::string& file) {
  const SecretBytes source(std::move(text));
  YamlDocument document(source.view());
  if (!document.loaded()) return Fail(Errc::kMalformed, file, document.problem());
  EncryptionConfig config;
  config.file_ = file;
  std::string fault = ConfigReader(document, config).Read();
  if (!fault.empty()) return Fail(Errc::kMalformed, file, std::move(fault));
  return config;
}

}  // namespace etcdmedic::encryption
