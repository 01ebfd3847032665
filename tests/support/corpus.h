// SPDX-License-Identifier: Apache-2.0
// The archives of Kubernetes values in testdata/, unpacked once below the build directory.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace etcdmedic::tests {

// The directory of the archive testdata/k8s/NAME.tar.zst; nothing where it cannot be unpacked.
inline std::optional<std::filesystem::path> KubernetesCorpus(const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path archive = fs::path(ETCDMEDIC_SOURCE_DIR) / "testdata/k8s" / (name + ".tar.zst");
  const fs::path folder = fs::path(ETCDMEDIC_BINARY_DIR) / "kubernetes-corpora";
  if (fs::exists(folder / name)) return folder / name;
  // Tests run side by side: each unpacks for itself, and the first to finish gives the name.
  std::string fresh = (folder / "unpacking-XXXXXX").string();
  fs::create_directories(folder);
  if (mkdtemp(fresh.data()) == nullptr) return std::nullopt;
  const std::string command = "tar --zstd -xf '" + archive.string() + "' -C '" + fresh + "'";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  std::error_code taken;
  fs::rename(fs::path(fresh) / name, folder / name, taken);
  std::error_code ignored;
  fs::remove_all(fresh, ignored);
  return folder / name;
}

inline std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace etcdmedic::tests
