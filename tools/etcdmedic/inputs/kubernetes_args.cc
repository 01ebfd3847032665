// SPDX-License-Identifier: Apache-2.0
#include "inputs/kubernetes_args.h"

#include <fmt/format.h>

#include <memory>

#include "encryption/encryption.h"
#include "k8s/schema.h"

namespace etcdmedic::tool {
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

}  // namespace etcdmedic::tool
