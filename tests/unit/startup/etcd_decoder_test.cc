// SPDX-License-Identifier: Apache-2.0
#include "startup/etcd_decoder.h"

#include <gtest/gtest.h>

#include <random>

#include "support/wal_builder.h"

namespace etcdmedic::startup {
namespace {

using support::WalBuilder;

TEST(EtcdDecoder, StopsWhereEtcdDoes) {
  std::mt19937_64 random(10);
  WalBuilder log(0, 1);
  for (uint64_t i = 1; i <= 5; ++i) log.Put(2, i, "key", std::string(random() % 300, 'v')).State(2, 1, i);
  const auto end_of = [](const std::string& bytes) {
    EtcdDecoder decoder({AsBytes(bytes)}, {});
    Decoded next = decoder.Next();
    while (next.end == DecodeEnd::kRecord) next = decoder.Next();
    return next;
  };
  EXPECT_EQ(end_of(log.bytes()).end, DecodeEnd::kEof);
  std::string flipped = log.bytes();
  flipped[log.placed()[4].data_offset] ^= 1;
  EXPECT_EQ(end_of(flipped).end, DecodeEnd::kCrcMismatch);
  EXPECT_EQ(end_of(flipped).offset, log.placed()[4].offset);
  std::string cut = log.bytes().substr(0, log.bytes().size() - 3);
  EXPECT_EQ(end_of(cut).end, DecodeEnd::kUnexpectedEof);
}

}  // namespace
}  // namespace etcdmedic::startup
