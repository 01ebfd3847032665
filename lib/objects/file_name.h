// SPDX-License-Identifier: Apache-2.0
// Names of files that objects are written to.
#pragma once

#include <string>
#include <string_view>

namespace etcdmedic::objects {

// One part of a path, made of a name that may hold anything. Different names give different parts: what is
// not a letter, a digit or one of "._-" becomes %XX, as does a leading dot; a name longer than 200 bytes is
// cut and ends in "~" and 32 digits of its SHA-256; the empty name is "%".
std::string FileName(std::string_view name);

}  // namespace etcdmedic::objects
