// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "wal/frame.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const etcdmedic::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  etcdmedic::wal::Frame frame;
  etcdmedic::wal::Record record;
  if (etcdmedic::wal::ReadFrame(bytes, 0, frame) != etcdmedic::wal::FrameFault::kNone) return 0;
  if (frame.end() > size) abort();
  etcdmedic::wal::LooksTorn(bytes, frame);
  if (etcdmedic::wal::ParseRecord(frame, record) && record.data_offset + record.data.size() > size) abort();
  return 0;
}
