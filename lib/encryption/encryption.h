// SPDX-License-Identifier: Apache-2.0
// Encryption at rest: what the API server's EncryptionConfiguration makes of a value, undone.
// docs/format/k8s-encryption.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "encryption/value_head.h"

namespace etcdmedic::encryption {

// The head of an encrypted value, k8s:enc:PROVIDER:VERSION:NAME: and the rest. Views into the value.
struct EncryptedHead {
  std::string_view provider;  // aescbc, aesgcm, secretbox, kms
  std::string_view version;   // v1; of kms v1 or v2
  std::string_view name;  // of the key, or of the KMS plugin. Ends at the first colon, which a name may hold.
  Bytes payload;
};

// Nothing where the value is not encrypted, or its head is cut.
std::optional<EncryptedHead> ReadEncryptedHead(Bytes value);

// Names the key of a value for people: `aescbc key "cbc1"`, `KMS v2 plugin "vault", key id "7"`.
std::string DescribeKey(Bytes value);

// Bytes that are wiped before their memory goes.
class SecretBytes {
 public:
  explicit SecretBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) { other.Wipe(); }
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { Wipe(); }

  std::string_view view() const { return bytes_; }

 private:
  void Wipe();
  std::string bytes_;
};

struct EncryptionKey {
  std::string provider;  // aescbc, aesgcm, secretbox
  std::string name;
  SecretBytes secret;
};

// The keys of an EncryptionConfiguration, or of the EncryptionConfig of releases before 1.13, in YAML or
// JSON. Secrets never leave it.
class EncryptionConfig {
 public:
  // Errors: kIo, kLimit (over 1 MiB), and those of Parse.
  static Result<EncryptionConfig> Load(const std::string& path);
  // `file` is its name in messages. Errors: kMalformed for what is not such a configuration, or names a key
  // without a secret that fits.
  static Result<EncryptionConfig> Parse(std::string text, const std::string& file);

  // The stored bytes of `value`, which must be encrypted. The key of its name is tried first, then the others
  // of its provider. `etcd_key` is the whole key under which it lies: AES-GCM is bound to it. Errors:
  // kUnsupported for KMS, whose plugin alone can open it; kRefused where no key of that name is there;
  // kMalformed where the key of that name does not open it. Messages name the key, never the secret.
  Result<std::string> Decrypt(Bytes value, std::string_view etcd_key) const;

  // The key by which an API server writes `resource` ("secrets", "crontabs.stable.example.com"),
  // PROVIDER:NAME, for KMS kms:VERSION:NAME; empty where it writes plain text. The first entry that names the
  // resource counts, also as
  // "*.GROUP", "*." (core) or "*.*".
  std::string WriterOf(std::string_view resource) const;

  const std::vector<EncryptionKey>& keys() const { return keys_; }
  // Names of KMS plugins.
  const std::vector<std::string>& plugins() const { return plugins_; }

 private:
  friend class ConfigReader;
  struct Entry {
    std::vector<std::string> resources;
    std::string writer;
  };
  std::string file_;
  std::vector<Entry> entries_;
  std::vector<EncryptionKey> keys_;
  std::vector<std::string> plugins_;
};

}  // namespace etcdmedic::encryption
