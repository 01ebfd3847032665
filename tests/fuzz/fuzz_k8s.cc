// SPDX-License-Identifier: Apache-2.0
// Any bytes as a stored value: decoding ends, and what it printed as JSON is JSON.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "k8s/encode.h"
#include "k8s/value.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  const Bytes value(reinterpret_cast<const std::byte*>(data), size);
  diag::FindingList found;
  std::string yaml, json;
  k8s::DecodeOptions options;
  k8s::Decode(value, options, yaml, Where{}, found);
  options.format = k8s::TextFormat::kJson;
  options.release = "1.20";
  options.mask_secrets = true;
  options.resource_version = 1;
  const k8s::DecodeResult decoded = k8s::Decode(value, options, json, Where{}, found);
  if (decoded.encoding == k8s::Encoding::kProtobuf && !nlohmann::json::accept(json)) std::abort();
  k8s::Peek(value);
  // What was printed is read again, or refused with a reason.
  if (decoded.encoding == k8s::Encoding::kProtobuf) static_cast<void>(k8s::Encode(yaml, {}, "fuzz"));
  return 0;
}
