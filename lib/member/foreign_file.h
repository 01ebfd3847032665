// SPDX-License-Identifier: Apache-2.0
// What a file is that was given as a backup and is not one: an archive, an error page, an encrypted or
// encoded copy, another file of etcd's. docs/format/mvcc.md, "Saved snapshots".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::member {

struct ForeignFile {
  std::string kind;    // a fixed short word for programs: "zip", "html", "zeros", …
  std::string what;    // "a zip archive; its first file is snapshot.db"
  std::string advice;  // what to do with it; empty where nothing helps
};

// Names what the bytes are, by their signature; nothing where they may be a backend or are not recognised.
std::optional<ForeignFile> RecogniseForeignFile(Bytes file);

// Names a directory of a backup tool (Velero, restic, Kopia, Borg) by the files in it; nothing for any other.
std::optional<ForeignFile> RecogniseForeignFolder(const std::string& path);

}  // namespace etcdmedic::member
