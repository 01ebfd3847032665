// SPDX-License-Identifier: Apache-2.0
// Read-only inputs. An input is never written or locked, and its access time is left alone where allowed.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/posix.h"
#include "base/result.h"

namespace etcdmedic {

// A file with edits that exist in memory only.
struct PatchedFile {
  struct Patch {
    uint64_t offset = 0;
    std::string bytes;
  };
  uint64_t kept = 0;           // bytes at the start that still come from the file; at most its size
  uint64_t size = 0;           // what is between `kept` and `size` is zero unless a patch says otherwise
  std::vector<Patch> patches;  // applied in order; each ends within `size`
};

// A file mapped for reading. Pages that cannot be read (EIO, or a file that shrank under us) read as zeros
// and are counted, so that a bad sector is something to report and never a crash. Movable; views into
// bytes() live as long as it does. Safe to read from several threads.
class MappedFile {
 public:
  // Opens `path` ("-" is standard input). Content that is zstd or gzip, and anything that cannot be mapped
  // (a pipe), is first unpacked to an unnamed temporary file. Errors: those of OpenInput; kMalformed
  // (compressed data damaged), kLimit (the temporary file's disk is full).
  static Result<MappedFile> Open(const std::string& path);

  // The file as it would be with the edits of `patched`; the file itself does not change. Pages without an
  // edit are shared with it. Errors: kIo, kLimit.
  static Result<MappedFile> OpenPatched(const std::string& path, const PatchedFile& patched);

  MappedFile(MappedFile&&) noexcept;
  MappedFile& operator=(MappedFile&&) noexcept;
  ~MappedFile();

  // The name as given to Open.
  const std::string& path() const { return path_; }
  Bytes bytes() const { return bytes_; }
  bool compressed() const { return compressed_; }

  // Tells the kernel that the pages read so far are not needed for now; a later look at them reads them
  // again.
  void ReleasePages() const;

  // Pages that could not be read so far, and the offset of the first; 0 and 0 where all is well.
  uint64_t unreadable_pages() const;
  uint64_t first_unreadable_offset() const;

 private:
  friend Result<std::string> PlainPath(const std::string& path);
  MappedFile() = default;
  std::string path_;
  Descriptor spool_;  // of the unnamed file that is mapped, if it is one
  Bytes bytes_;
  bool compressed_ = false;
  bool patched_ = false;
  int fault_slot_ = -1;
};

// Spools what can be read only once, standard input ("-") or a pipe of the shell (/dev/fd/63), to an unnamed
// file and gives the path (/proc/self/fd/N) by which MappedFile::Open reads it from then on. Errors: those of
// OpenInput, kLimit.
Result<std::string> SpoolInput(const std::string& path);

// A path by which the plain content of `path` can be opened more than once: the path itself where it is a
// plain file; that of an unnamed file (/proc/self/fd/N) where it had to be read from a pipe or unpacked.
// Errors: those of MappedFile::Open.
Result<std::string> PlainPath(const std::string& path);

// The same for bytes; `name` names them in errors: kIo, kLimit.
Result<std::string> SpoolBytes(Bytes bytes, const std::string& name);

// The whole of a small file, at most `limit` bytes. Errors: kIo, kLimit.
Result<std::string> ReadSmallFile(const std::string& path, uint64_t limit);

}  // namespace etcdmedic
