// SPDX-License-Identifier: Apache-2.0
#include "base/secret_mask.h"

namespace etcdmedic {
namespace {

// An annotation in which tools keep a copy of the whole object as it was applied.
bool IsCopyOfObject(std::string_view annotation) {
  return annotation.find("last-applied") != std::string_view::npos || annotation.ends_with("/applied");
}

}  // namespace

SecretMask::Place SecretMask::Below(Place place, std::string_view key) const {
  if (place == Place::kRoot && key == "metadata") return Place::kMetadata;
  if (!hides_) return Place::kElsewhere;
  switch (place) {
    case Place::kRoot:
      return key == "data" || key == "stringData" ? Place::kData : Place::kElsewhere;
    case Place::kMetadata:
      return key == "annotations" ? Place::kAnnotations : Place::kElsewhere;
    case Place::kAnnotations:
      return IsCopyOfObject(key) ? Place::kHidden : Place::kElsewhere;
    case Place::kData:
      return Place::kHidden;
    default:
      return Place::kElsewhere;
  }
}

}  // namespace etcdmedic
