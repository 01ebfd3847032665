// SPDX-License-Identifier: Apache-2.0
// What a file of a member is, by its name or its content: docs/format/directory.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "member/layout.h"

namespace etcdmedic::member {

// "db.zst" as "db".
std::string_view WithoutPacking(std::string_view name);

// Where a file with this name, without its packing, belongs in a WAL directory.
std::vector<File>* ListInWal(std::string_view plain, Layout& layout);
// The same for a snap directory; null where it does not matter.
std::vector<File>* ListInSnap(std::string_view plain, Layout& layout);

// A damaged file is still what its name says.
std::optional<Kind> KindOfName(const std::string& path);
std::optional<Kind> KindOfContent(Bytes bytes);

// The list of a file that was given by itself.
std::vector<File>& ListOf(Kind kind, Layout& layout);

}  // namespace etcdmedic::member
