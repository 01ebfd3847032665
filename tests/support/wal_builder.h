// SPDX-License-Identifier: Apache-2.0
// Writes WAL segments for tests, on its own: with a bit-by-bit CRC and none of the reader's constants.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace etcdmedic::support {

inline uint32_t SlowCrc32c(const std::string& bytes, uint32_t crc) {
  crc = ~crc;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0x82F63B78U & (0U - (crc & 1U)));
  }
  return ~crc;
}

inline std::string Varint(uint64_t value) {
  std::string out;
  do {
    out.push_back(static_cast<char>((value & 0x7F) | (value > 0x7F ? 0x80 : 0)));
    value >>= 7;
  } while (value != 0);
  return out;
}

class WalBuilder {
 public:
  struct Placed {
    size_t offset;       // of the frame
    size_t data_offset;  // of its data
    size_t data_size;
    size_t end;
  };

  // Starts a segment: the crc record that continues `seed`, and metadata. `padded` false: frames as etcd 2.x
  // wrote them.
  explicit WalBuilder(uint32_t seed = 0, uint64_t node = 1, bool padded = true)
      : crc_(seed), padded_(padded) {
    Frame("\x08\x04\x10" + Varint(crc_), 0);
    Record(1, "\x08" + Varint(node) + "\x10\x02");
  }

  WalBuilder& Record(int type, const std::string& data) {
    crc_ = SlowCrc32c(data, crc_);
    std::string payload = "\x08" + Varint(static_cast<uint64_t>(type)) + "\x10" + Varint(crc_);
    if (!data.empty()) payload += "\x1A" + Varint(data.size()) + data;
    Frame(payload, data.size());
    return *this;
  }

  WalBuilder& Entry(uint64_t term, uint64_t index, const std::string& data, uint64_t type = 0) {
    std::string entry = "\x08" + Varint(type) + "\x10" + Varint(term) + "\x18" + Varint(index);
    if (!data.empty()) entry += "\x22" + Varint(data.size()) + data;
    return Record(2, entry);
  }

  WalBuilder& State(uint64_t term, uint64_t vote, uint64_t commit) {
    return Record(3, "\x08" + Varint(term) + "\x10" + Varint(vote) + "\x18" + Varint(commit));
  }

  // An entry that puts `value` under `key`.
  WalBuilder& Put(uint64_t term, uint64_t index, const std::string& key, const std::string& value) {
    const std::string put = "\x0A" + Varint(key.size()) + key + "\x12" + Varint(value.size()) + value;
    return Entry(term, index, "\x22" + Varint(put.size()) + put);
  }

  WalBuilder& Snapshot(uint64_t index, uint64_t term) {
    return Record(5, "\x08" + Varint(index) + "\x10" + Varint(term));
  }

  WalBuilder& Zeros(size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }

  const std::string& bytes() const { return bytes_; }
  const std::vector<Placed>& placed() const { return placed_; }
  uint32_t crc() const { return crc_; }

 private:
  void Frame(const std::string& payload, size_t data_size) {
    const size_t start = bytes_.size();
    const size_t padding = !padded_ || payload.size() % 8 == 0 ? 0 : 8 - payload.size() % 8;
    for (int i = 0; i < 7; ++i) bytes_.push_back(static_cast<char>(payload.size() >> (8 * i) & 0xFF));
    bytes_.push_back(static_cast<char>(padding == 0 ? 0 : 0x80 | padding));
    bytes_ += payload;
    bytes_.append(padding, '\0');
    placed_.push_back({start, start + 8 + payload.size() - data_size, data_size, bytes_.size()});
  }

  std::string bytes_;
  std::vector<Placed> placed_;
  uint32_t crc_;
  const bool padded_;
};

}  // namespace etcdmedic::support
