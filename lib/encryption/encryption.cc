// SPDX-License-Identifier: Apache-2.0
#include "encryption/encryption.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>

#include "encryption/ciphers.h"
#include "proto/wire.h"
#include "text/ascii.h"

namespace etcdmedic::encryption {
namespace {

constexpr std::string_view kKms = "kms";

// A name from a value or a configuration, fit for a message.
std::string Quoted(std::string_view name) {
  constexpr size_t kLongest = 256;
  std::string out;
  text::AppendQuoted(name, kLongest, out);
  return out;
}

// The part up to the next colon; takes it and the colon away. Nothing where there is no colon.
std::optional<std::string_view> TakePart(std::string_view& text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view part = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return part;
}

// The id of the key-encryption key in a value of KMS v2: field 2 of EncryptedObject.
std::string_view KeyIdOf(Bytes payload) {
  constexpr uint64_t kKeyIdField = 2;
  proto::WireReader reader(payload);
  proto::WireField field;
  while (reader.Next(field) == proto::WireStep::kField) {
    if (field.number == kKeyIdField && field.wire_type == proto::kDelimited) return AsText(field.bytes);
  }
  return {};
}

// What is sealed, where the key's name is `name`; nothing where the value names another one.
std::optional<Bytes> PayloadAfter(Bytes value, const EncryptedHead& head, std::string_view name) {
  const std::string_view text = AsText(value);
  const auto start = static_cast<size_t>(head.name.data() - text.data());
  const std::string_view rest = text.substr(start);
  if (rest.size() <= name.size() || !rest.starts_with(name) || rest[name.size()] != ':') return std::nullopt;
  return value.subspan(start + name.size() + 1);
}

}  // namespace

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  Wipe();
  bytes_ = std::move(other.bytes_);
  other.Wipe();
  return *this;
}

void SecretBytes::Wipe() {
  // A moved-from short string keeps its characters after its length.
  bytes_.resize(bytes_.capacity());
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
  bytes_.clear();
}

std::optional<EncryptedHead> ReadEncryptedHead(Bytes value) {
  if (!IsEncrypted(value)) return std::nullopt;
  std::string_view rest = AsText(value).substr(kEncryptedHead.size());
  const auto provider = TakePart(rest);
  const auto version = provider ? TakePart(rest) : std::nullopt;
  const auto name = version ? TakePart(rest) : std::nullopt;
  if (!name) return std::nullopt;
  return EncryptedHead{*provider, *version, *name, AsBytes(rest)};
}

std::string DescribeKey(Bytes value) {
  const auto head = ReadEncryptedHead(value);
  if (!head) return "an unknown key: the head of the value is cut";
  if (head->provider != kKms) return fmt::format("{} key {}", head->provider, Quoted(head->name));
  std::string text = fmt::format("KMS {} plugin {}", head->version, Quoted(head->name));
  const std::string_view id = head->version == "v2" ? KeyIdOf(head->payload) : std::string_view();
  if (!id.empty()) text += fmt::format(", key id {}", Quoted(id));
  return text;
}

Result<std::string> EncryptionConfig::Decrypt(Bytes value, std::string_view etcd_key) const {
  const auto fail = [&](Errc code, std::string what) {
    return Fail(code, std::string(etcd_key), std::move(what));
  };
  const auto head = ReadEncryptedHead(value);
  if (!head) return fail(Errc::kMalformed, "not encrypted, or the head that names the key is cut");
  if (head->provider == kKms)
    return fail(Errc::kUnsupported,
                fmt::format("encrypted by {}: only the plugin can open it; read it through the API server",
                            DescribeKey(value)));
  const Cipher* cipher = FindCipher(head->provider);
  if (cipher == nullptr)
    return fail(Errc::kUnsupported,
                fmt::format("encrypted by an unknown provider {}", Quoted(head->provider)));

  std::string named;  // the key of the value's name, as the configuration has it
  for (const EncryptionKey& key : keys_) {
    if (key.provider != head->provider) continue;
    const auto payload = PayloadAfter(value, *head, key.name);
    if (!payload) continue;
    named = key.name;
    if (auto opened = cipher->open(*payload, key.secret.view(), etcd_key)) return std::move(*opened);
  }
  size_t others = 0;
  for (const EncryptionKey& key : keys_) {
    if (key.provider != head->provider || PayloadAfter(value, *head, key.name)) continue;
    ++others;
    if (auto opened = cipher->open(head->payload, key.secret.view(), etcd_key)) return std::move(*opened);
  }
  if (named.empty())
    return fail(Errc::kRefused,
                fmt::format("encrypted with {}, which {} does not have; its other {} keys ({}) don't open it",
                            DescribeKey(value), file_, head->provider, others));
  const std::string_view doubt =
      cipher->bound
          ? " is not the one it was encrypted with, or the value is damaged, or this is not the etcd key "
            "under which it was stored"
          : " is not the one it was encrypted with, or the value is damaged";
  return fail(Errc::kMalformed, fmt::format("{} key {} of {} does not open it: the secret there{}",
                                            head->provider, Quoted(named), file_, doubt));
}

}  // namespace etcdmedic::encryption
