// SPDX-License-Identifier: Apache-2.0
// The files in a tar archive: POSIX ustar and pax, and GNU's long names. Nothing is unpacked: what is inside
// is a view of the archive's bytes.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic {

struct TarFile {
  std::string name;
  Bytes content;
};

// Whether the bytes begin with a header whose sum is right.
bool IsTar(Bytes bytes);

// Calls `each` for every regular file in order until it gives false. `name` names the archive in errors:
// kMalformed, with the offset, where a header is damaged or the archive ends inside a file; kUnsupported for
// files that were packed without their holes (`tar --sparse`).
Result<void> ForEachInTar(Bytes archive, const std::string& name,
                          const std::function<bool(const TarFile&)>& each);

}  // namespace etcdmedic
