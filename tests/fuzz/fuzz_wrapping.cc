// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "encryption/encryption.h"
#include "k8s/wrapping.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  const Bytes input(reinterpret_cast<const std::byte*>(data), size);
  const auto unwrapped = k8s::Unwrap(input);
  if (!unwrapped) return 0;
  if (unwrapped->items.empty()) std::abort();
  size_t total = 0;
  for (const k8s::StoredItem& item : unwrapped->items) {
    total += item.value.size() + item.key.size();
    if (encryption::IsEncrypted(AsBytes(item.value))) encryption::DescribeKey(AsBytes(item.value));
  }
  constexpr size_t kRepeated = size_t{16} << 20;  // what * may stand for in a dump
  if (total > 2 * size + kRepeated) std::abort();
  return 0;
}
