// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "raft/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  raft::Entry entry, again;
  if (raft::ParseEntry(bytes, entry)) {
    const std::string encoded = raft::EncodeEntry(entry);
    if (!raft::ParseEntry(AsBytes(encoded), again) || again.index != entry.index || again.term != entry.term) abort();
  }
  raft::HardState state;
  raft::WalSnapshot snapshot;
  raft::Metadata metadata;
  raft::ParseHardState(bytes, state);
  raft::ParseWalSnapshot(bytes, snapshot);
  raft::ParseMetadata(bytes, metadata);
  return 0;
}
