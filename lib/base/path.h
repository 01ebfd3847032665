// SPDX-License-Identifier: Apache-2.0
// Parts of a path, as text; nothing is looked up.
#pragma once

#include <string>

namespace etcdmedic {

// "a/b/c" → "c".
inline std::string BaseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// "a/b/c" → "a/b", "/c" → "/", "c" → ".".
inline std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// The path of `name` in the folder that holds `path`: "a/b", "c" → "a/c"; "b", "c" → "c".
inline std::string SiblingOf(const std::string& path, const std::string& name) {
  return path.substr(0, path.rfind('/') + 1) + name;
}

}  // namespace etcdmedic
