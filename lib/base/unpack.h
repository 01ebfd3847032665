// SPDX-License-Identifier: Apache-2.0
// Compressed inputs, recognised by their first bytes.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/spool.h"

namespace etcdmedic {

enum class Packing : uint8_t { kNone, kZstd, kGzip, kXz };

Packing PackingOf(Bytes bytes);

// Unpacks all frames (members, streams) of `packed`. Errors: kMalformed with the offset in the packed data;
// kLimit where the disk is full or more than MostUnpacked comes out; kIo.
Result<void> Unpack(Packing packing, Bytes packed, const std::string& name, Spool& to);

}  // namespace etcdmedic
