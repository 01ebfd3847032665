// SPDX-License-Identifier: Apache-2.0
// Archives of any content, by libarchive's writers.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <string_view>
#include <vector>

namespace etcdmedic::support {

struct Packed {
  std::string path;
  std::string content;
  unsigned type = AE_IFREG;
  std::string link = {};  // of a link
  unsigned mode = 0600;
};

// `format` is "ustar", "pax", "gnutar" or "zip"; `filter` "none", "gzip", "xz" or "zstd".
inline std::string MakeArchive(const std::vector<Packed>& files, const char* format = "pax",
                               const char* filter = "none") {
  std::string bytes(size_t{64} << 20, '\0');
  size_t used = 0;
  archive* const to = archive_write_new();
  archive_write_set_format_by_name(to, format);
  if (std::string_view(filter) != "none") archive_write_add_filter_by_name(to, filter);
  archive_write_set_bytes_in_last_block(to, 1);
  archive_write_open_memory(to, bytes.data(), bytes.size(), &used);
  for (const Packed& file : files) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, file.path.c_str());
    archive_entry_set_filetype(entry, file.type);
    archive_entry_set_perm(entry, static_cast<__LA_MODE_T>(file.mode));
    if (!file.link.empty()) archive_entry_set_symlink(entry, file.link.c_str());
    if (file.type == AE_IFREG) archive_entry_set_size(entry, static_cast<la_int64_t>(file.content.size()));
    archive_write_header(to, entry);
    if (file.type == AE_IFREG) archive_write_data(to, file.content.data(), file.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(to);
  archive_write_free(to);
  bytes.resize(used);
  return bytes;
}

}  // namespace etcdmedic::support
