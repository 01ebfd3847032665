// SPDX-License-Identifier: Apache-2.0
// A backup that was packed for the way, ready to be read more than once.
#pragma once

#include <string>

#include "base/result.h"

namespace etcdmedic::member {

// A path by which the db in `path` can be opened again and again: the path itself where it is a plain file;
// else that of an unnamed file with what came over a pipe ("-" is standard input), with what was unpacked
// from zstd, gzip or xz, or with the db of the one member or backup in an archive (also "ARCHIVE!path").
// Errors: those of MappedFile::Open and RecogniseArchive; kUnsupported where that member has no db.
Result<std::string> PlainBackup(const std::string& path);

}  // namespace etcdmedic::member
