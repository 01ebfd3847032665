// SPDX-License-Identifier: Apache-2.0
// A small backend file whose pages a test may damage before bbolt's opening is followed over it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/fnv.h"
#include "bolt/builder.h"
#include "startup/opening.h"
#include "support/memory_db.h"

namespace etcdmedic::support {

// Bucket `key` has a branch with many leaves, `meta` is inline, the root is the last page.
class BoltImage {
 public:
  static constexpr uint64_t kPage = 1024;

  BoltImage() {
    MemoryDb sink;
    bolt::Builder builder(sink, {kPage, 90});
    EXPECT_TRUE(builder.Begin("key"));
    for (int i = 0; i < 200; ++i)
      EXPECT_TRUE(builder.Add(AsBytes(fmt::format("k{:06}", 2 * i)), AsBytes(std::string(40, 'v'))));
    EXPECT_TRUE(builder.End() && builder.Begin("meta") && builder.Add(AsBytes("term"), AsBytes("12345678")) &&
                builder.End() && builder.Finish());
    bytes = sink.image;
    const bolt::Metas metas = bolt::ReadMetas(AsBytes(bytes));
    meta = metas.pages[*metas.active].meta;
    branch =
        Load<uint64_t>(meta.root * kPage + bolt::kHeaderSize + Load<uint32_t>(meta.root * kPage + 20) + 3);
    leaf = Load<uint64_t>(Element(branch, 3) + 8);
  }

  template <class T>
  T Load(uint64_t at) const {
    return bolt::LoadLittle<T>(AsBytes(bytes), at);
  }
  template <class T>
  void Put(uint64_t at, T value) {
    for (size_t i = 0; i < sizeof(T); ++i)
      bytes[at + i] = static_cast<char>(static_cast<unsigned char>(uint64_t{value} >> 8 * i));
  }
  static uint64_t Element(uint64_t page, uint64_t i) {
    return page * kPage + bolt::kHeaderSize + i * bolt::kElementSize;
  }
  // Writes both metas again with sums that fit.
  void SetFreelist(uint64_t page) {
    for (const uint64_t at : {bolt::kHeaderSize, kPage + bolt::kHeaderSize}) {
      Put(at + 32, page);
      Put(at + 40, bytes.size() / kPage);
      Put(at + 56, Fnv1a64(AsBytes(bytes).subspan(at, 56)));
    }
  }
  void AddFreelist(const std::vector<uint64_t>& ids, uint16_t flags = bolt::kFreelistPage) {
    const uint64_t page = bytes.size() / kPage;
    bytes.resize(bytes.size() + kPage);
    Put(page * kPage, page);
    Put(page * kPage + 8, flags);
    Put(page * kPage + 10, static_cast<uint16_t>(ids.size()));
    for (size_t i = 0; i < ids.size(); ++i) Put(page * kPage + bolt::kHeaderSize + 8 * i, ids[i]);
    SetFreelist(page);
  }
  startup::Opening Open(startup::Release release) const {
    return startup::OpenAs(release, AsBytes(bytes), bolt::ReadMetas(AsBytes(bytes)));
  }

  std::string bytes;
  bolt::Meta meta;
  uint64_t branch = 0;  // the root of `key`
  uint64_t leaf = 0;    // its fourth child
};

}  // namespace etcdmedic::support
