// SPDX-License-Identifier: Apache-2.0
// A file in memory for what a Builder writes.
#pragma once

#include <string>

#include "bolt/builder.h"

namespace etcdmedic::support {

class MemoryDb final : public bolt::PageSink {
 public:
  Result<void> Write(uint64_t offset, Bytes bytes) override {
    if (image.size() < offset + bytes.size()) image.resize(offset + bytes.size());
    image.replace(offset, bytes.size(), AsText(bytes));
    return {};
  }
  std::string image;
};

}  // namespace etcdmedic::support
