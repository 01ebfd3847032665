// SPDX-License-Identifier: Apache-2.0
#include "base/spool_file.h"

#include <fmt/format.h>

#include "base/try.h"

namespace etcdmedic {

Result<SpoolFile> SpoolFile::Make(const std::string& name) {
  auto file = Spool::Open(name);
  if (!file) return Propagate(file);
  return SpoolFile(name, std::move(*file));
}

Result<void> SpoolFile::Seal() {
  auto map = MappedFile::Open(path());
  if (!map) return Propagate(map);
  map_ = std::move(*map);
  return {};
}

std::string SpoolFile::path() const { return fmt::format("/proc/self/fd/{}", file_.descriptor()); }

}  // namespace etcdmedic
