// SPDX-License-Identifier: Apache-2.0
// A backup that was packed for the way, ready to be read more than once.
#pragma once

#include <string>

#include "base/result.h"

namespace etcdmedic::member {

// A path by which the db in `path` can be opened again and again: the path itself where it is a plain file;
// else that of an unnamed file with what came over a pipe ("-" is standard input), with what was unpacked
// from zstd or gzip, or with the one db in a tar archive (that of member/snap where there are several).
// Errors: those of MappedFile::Open and ForEachInTar; kUnsupported where the archive holds no db, or several
// and none of them is in member/snap, naming them.
Result<std::string> PlainBackup(const std::string& path);

}  // namespace etcdmedic::member
