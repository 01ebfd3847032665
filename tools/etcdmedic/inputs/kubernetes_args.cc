// SPDX-License-Identifier: Apache-2.0
#include "inputs/kubernetes_args.h"

#include <fmt/format.h>

#include <algorithm>
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

int NoteClosed(Context& context, uint64_t count) {
  if (count == 0) return kClean;
  context.out.Flush();
  if (count == 1)
    context.err.Write("etcdmedic: 1 value is encrypted and not looked at; --encryption-config opens it\n");
  else
    context.err.Print(
        "etcdmedic: {} values are encrypted and not looked at; --encryption-config opens them\n", count);
  return kFailed;
}

std::vector<std::string> KnownReleases() {
  constexpr unsigned kOldestRelease = 15;
  std::vector<std::string> known;
  for (unsigned minor = kOldestRelease; minor <= k8s::tables::kNewestRelease; ++minor)
    known.push_back(fmt::format("1.{}", minor));
  return known;
}

Result<std::string> ReleaseOf(const Args& args, std::string_view flag) {
  const auto text = args.Get(flag);
  if (!text) return std::string();
  const std::vector<std::string> known = KnownReleases();
  const std::string_view plain = text->starts_with('v') ? std::string_view(*text).substr(1) : *text;
  const std::string_view minor =
      plain.substr(0, plain.find('.', std::min(plain.size(), plain.find('.') + 1)));
  if (k8s::ParseRelease(*text) && std::ranges::find(known, minor) != known.end()) return *text;
  return NotAValue(flag, {known.front() + " to " + known.back()}, *text);
}

}  // namespace etcdmedic::tool
