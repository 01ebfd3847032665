// SPDX-License-Identifier: Apache-2.0
#include "keyspace/object_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "diag/naming_sink.h"

namespace etcdmedic::keyspace {
namespace {

constexpr size_t kMostFindings = 10'000;

// Objects that carry no name, as there is but one, or the key's last part is an address.
constexpr std::string_view kNameless[] = {"ranges", "masterleases", "peerserverleases"};

// What key and object contradict one another in; empty where they agree.
std::string Contradiction(const kubectl::RegistryKey& key, const k8s::Peeked& object) {
  const bool nameless = std::ranges::find(kNameless, key.path) != std::end(kNameless);
  if (object.name != key.name && !(nameless && object.name.empty()))
    return fmt::format("its name is \"{}\"", object.name);
  if (key.resource == nullptr) return {};
  if (object.namespace_name != key.namespace_name && !nameless)
    return fmt::format("its namespace is \"{}\"", object.namespace_name);
  if (object.kind != key.resource->kind) return fmt::format("its kind is {}", object.kind);
  return {};
}

}  // namespace

void ReportNoObject(std::string_view key, Bytes value, const Where& where, diag::FindingSink& sink) {
  diag::NamingSink(sink, key).Add({diag::Code::kK8sValueNotObject, where, value.size(),
                                   fmt::format("holds {} bytes that are not an object ({})", value.size(),
                                               NameOf(k8s::EncodingOf(value)))});
}

bool CheckObject(std::string_view key, Bytes value, const Where& where, std::string& text,
                 diag::FindingSink& sink) {
  diag::NamingSink named(sink, key);
  text.clear();
  const k8s::DecodeResult decoded = k8s::Decode(value, {.format = k8s::TextFormat::kJson}, text, where, named);
  if (k8s::IsObject(decoded.encoding)) return decoded.complete;
  ReportNoObject(key, value, where, sink);
  return false;
}

void ObjectRules::Check(std::string_view key, Bytes value, const Where& where) {
  const auto parts = registry_->Parse(key);
  if (!parts) return;
  const k8s::Encoding encoding = k8s::EncodingOf(value);
  if (encoding == k8s::Encoding::kEncrypted) return;
  k8s::IsObject(encoding) ? ++objects_ : ++others_;
  if (found_.items.size() >= kMostFindings) return;
  const bool whole = CheckObject(key, value, where, text_, found_);
  if (!k8s::IsObject(encoding)) return;
  const k8s::Peeked object = k8s::Peek(value);
  if (whole || !object.name.empty()) CheckName(key, *parts, object, where, value.size());
}

void ObjectRules::CheckName(std::string_view key, const kubectl::RegistryKey& parts,
                            const k8s::Peeked& object, const Where& where, uint64_t size) {
  const std::string contradiction = Contradiction(parts, object);
  if (contradiction.empty()) return;
  found_.Add({diag::Code::kK8sObjectMisplaced, where, size,
              fmt::format("{}: holds a {} of API version {}; {}", key, object.kind, object.api_version,
                          contradiction)});
}

void ObjectRules::Add(ObjectRules&& other) {
  objects_ += other.objects_;
  others_ += other.others_;
  std::ranges::move(other.found_.items, std::back_inserter(found_.items));
}

void ObjectRules::Report(diag::FindingSink& sink) {
  if (objects_ < others_) return;
  for (diag::Finding& finding : found_.items) sink.Add(std::move(finding));
}

}  // namespace etcdmedic::keyspace
