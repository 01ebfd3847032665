// SPDX-License-Identifier: Apache-2.0
#include "k8s/secrets.h"

#include "k8s/value.h"

namespace etcdmedic::k8s {
namespace {

constexpr std::string_view kKind = "Secret";
constexpr std::string_view kListKind = "SecretList";

// A value whose head is damaged, or is not an object: the name of the kind in any of the encodings.
bool NamesKind(std::string_view text) { return text.find(kKind) != std::string_view::npos; }

}  // namespace

bool IsSecretKey(std::string_view key) {
  constexpr std::string_view kPart = "secrets/";
  return key.starts_with(kPart) || key.find("/secrets/") != std::string_view::npos;
}

bool HoldsSecret(std::string_view key, Bytes value) {
  if (value.empty()) return false;
  const Peeked peeked = Peek(value);
  if (peeked.encoding == Encoding::kEncrypted) return false;
  if (IsSecretKey(key) || peeked.kind == kKind || peeked.kind == kListKind) return true;
  return IsObject(peeked.encoding) && peeked.kind.empty() && NamesKind(AsText(value));
}

bool MayHoldSecret(Bytes bytes) {
  const std::string_view text = AsText(bytes);
  return IsSecretKey(text) || NamesKind(text);
}

}  // namespace etcdmedic::k8s
