// SPDX-License-Identifier: Apache-2.0
#include "raft/request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  for (const auto type : {raft::EntryType::kNormal, raft::EntryType::kConfChange, raft::EntryType::kConfChangeV2}) {
    raft::Entry entry;
    entry.type = type;
    entry.data = Bytes(reinterpret_cast<const std::byte*>(data), size);
    const raft::Request request = raft::DecodeRequest(entry);
    raft::Summarize(request, false);
    raft::ForEachKey(request, [](Bytes, Bytes) {});
  }
  return 0;
}
