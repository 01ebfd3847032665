// SPDX-License-Identifier: Apache-2.0
// The keys of `get` and `keys`, in every format.
#pragma once

#include "inputs/key_query.h"

namespace etcdmedic::tool {

// Opens PATH and prints the keys that `query` means, with their values unless it leaves them out. Gives the
// exit code: kNotable where there is no key, which is said on stderr of one that was asked for by its name.
int ShowKeys(Context& context, const Args& args, const Result<KeyQuery>& asked);

}  // namespace etcdmedic::tool
