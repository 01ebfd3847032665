// SPDX-License-Identifier: Apache-2.0
#include "wal/segment.h"

struct Count : etcdmedic::wal::SegmentVisitor {
  void OnRecord(const etcdmedic::wal::Record&) override { ++records; }
  void OnSlack(etcdmedic::wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const etcdmedic::wal::Damage&) override {}
  int records = 0;
};

int main() {
  const unsigned char crc_record[] = {4, 0, 0, 0, 0, 0, 0, 0x84, 8, 4, 16, 0, 0, 0, 0, 0};
  Count count;
  etcdmedic::wal::ReadSegment(etcdmedic::Bytes(reinterpret_cast<const std::byte*>(crc_record), sizeof crc_record), {}, count);
  return count.records == 1 ? 0 : 1;
}
