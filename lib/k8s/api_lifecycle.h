// SPDX-License-Identifier: Apache-2.0
// Which releases serve a version of a kind, and which can still read what is stored in it. The rows of
// api_lifecycle.cc are facts of k8s.io/api (the lifecycle each type declares) and of the release notes.
#pragma once

#include <cstdint>
#include <string_view>

namespace etcdmedic::k8s {

// How a release stands to objects that are stored in a version of a kind.
enum class SupportStatus : uint8_t {
  kServed,
  kStoredSo,   // not served, yet this is how the API server itself stores the kind
  kNotServed,  // read from etcd and served in other versions; to be written again before the type goes
  kGone,       // the API server cannot read it any more: listing the resource fails
  kTooNew,     // the release does not know it yet
  kUnknown,    // no kind of Kubernetes itself: custom resources, third parties' protobuf
};

std::string_view NameOf(SupportStatus status);  // "not served"

struct Lifetime {
  SupportStatus status = SupportStatus::kUnknown;
  uint8_t first_release = 0;  // minor number of the first release that knows the type; 0 for kUnknown
  uint8_t last_served = 255;  // of the last that serves it; 255: still
  uint8_t last_known = 255;   // of the last that can read it; 255: still
};

// `release` is a minor number: 33 for 1.33.
Lifetime LifetimeOf(std::string_view api_version, std::string_view kind, uint8_t release);

}  // namespace etcdmedic::k8s
