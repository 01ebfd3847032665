// SPDX-License-Identifier: Apache-2.0
#include "mvcc/backend.h"
#include "snap/snap.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  diag::FindingList found;
  if (const auto snapshot = snap::ReadSnapshot(bytes, "fuzz", found)) snap::ParseMembership(snapshot->store);
  snap::ParseMembership(AsText(bytes));
  snap::HealSnapshot(bytes);
  mvcc::ReadBackendState(bytes, "fuzz", found);
  return 0;
}
