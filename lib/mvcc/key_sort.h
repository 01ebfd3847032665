// SPDX-License-Identifier: Apache-2.0
// Sorts numbered byte strings without copying them: eight bytes of each at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace etcdmedic::mvcc {

// Sorts `numbers` (ascending before) in the order of `key_of`, equal keys by number. Gives for every place
// whether its key differs from the one before. Takes 16 bytes a key while it works; reads each key as far as
// it agrees with another, once. `key_of` is called from several threads.
std::vector<bool> SortByKey(std::vector<uint32_t>& numbers,
                            const std::function<std::string_view(uint32_t)>& key_of);

}  // namespace etcdmedic::mvcc
