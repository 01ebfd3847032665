// SPDX-License-Identifier: Apache-2.0
// What of a Kubernetes object must not be shown. Every writer of objects asks here, whatever it reads.
#pragma once

#include <cstdint>
#include <string_view>

namespace etcdmedic {

// What every writer prints in place of a secret, as `kubectl diff` does.
inline constexpr std::string_view kSecretMask = "***";

class SecretMask {
 public:
  // Where in an object a value is, as far as that matters.
  enum class Place : uint8_t { kRoot, kMetadata, kAnnotations, kData, kHidden, kElsewhere };

  // `wanted`: whether anything is to be hidden. `kind` is the object's; a value whose kind is unknown (empty)
  // may be a Secret.
  SecretMask(bool wanted, std::string_view kind) : hides_(wanted && (kind == "Secret" || kind.empty())) {}

  // Whether anything of this object is hidden, bytes that nobody can read among it.
  bool hides() const { return hides_; }
  // The place of the value under `key` of the map at `place`.
  Place Below(Place place, std::string_view key) const;
  // Whether kSecretMask is printed instead of the value at `place`: a Secret's data and stringData, and
  // copies of the whole object in annotations.
  static bool Hides(Place place, bool is_map) {
    return place == Place::kHidden || (place == Place::kData && !is_map);
  }

 private:
  bool hides_;
};

}  // namespace etcdmedic
