// SPDX-License-Identifier: Apache-2.0
// Compressed inputs, recognised by their first bytes.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic {

enum class Packing : uint8_t { kNone, kZstd, kGzip };

Packing PackingOf(Bytes bytes);

// Unpacks all frames (members) of `packed` into the open file `to`. Errors: kMalformed with the offset in the
// packed data, kLimit where the disk is full, kIo.
Result<void> Unpack(Packing packing, Bytes packed, const std::string& name, int to);

}  // namespace etcdmedic
