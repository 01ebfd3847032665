// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "startup/etcd_decoder.h"
#include "wal/segment.h"

namespace {

// Every byte is handed out once, in order.
class Accountant final : public etcdmedic::wal::SegmentVisitor {
 public:
  void OnRecord(const etcdmedic::wal::Record& record) override { Own(record.offset, record.size); }
  void OnSlack(etcdmedic::wal::Slack, uint64_t offset, uint64_t length) override { Own(offset, length); }
  void OnDamage(const etcdmedic::wal::Damage& damage) override { Own(damage.offset, damage.length); }
  uint64_t owned() const { return owned_; }

 private:
  void Own(uint64_t offset, uint64_t length) {
    if (offset != owned_) abort();
    owned_ += length;
  }
  uint64_t owned_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const etcdmedic::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  Accountant accountant;
  etcdmedic::wal::ReadSegment(bytes, {}, accountant);
  if (accountant.owned() != size) abort();
  etcdmedic::startup::EtcdDecoder decoder({bytes, bytes}, {});
  while (decoder.Next().end == etcdmedic::startup::DecodeEnd::kRecord) {
  }
  return 0;
}
