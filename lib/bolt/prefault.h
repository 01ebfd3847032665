// SPDX-License-Identifier: Apache-2.0
// Maps pages of a file ahead of their use, on several threads.
#pragma once

#include "base/bytes.h"

namespace etcdmedic::bolt {

// Lets `threads` threads map the pages of a mapped file that will all be needed, which is several times
// faster than to fault them in one after the other. Changes nothing else; where the system cannot, it does
// nothing.
void Prefault(Bytes bytes, unsigned threads);

}  // namespace etcdmedic::bolt
