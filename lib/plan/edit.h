// SPDX-License-Identifier: Apache-2.0
// Edits: made from the bytes that the planner looked at, carried out on any Files.
#pragma once

#include "plan/files.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

// `content`: all of the file as it is when the edit's turn comes; the edit expects to find it so.
Edit WriteEdit(const std::string& file, Bytes content, uint64_t offset, std::string bytes);
Edit TruncateEdit(const std::string& file, Bytes content, uint64_t size);
Edit RenameEdit(const std::string& file, Bytes content, const std::string& target);
Edit RemoveEdit(const std::string& file, Bytes content);
Edit CreateEdit(const std::string& file, std::string bytes);
Edit CreateEdit(const std::string& file, std::shared_ptr<const SpoolFile> spool);
Edit MakeFolderEdit(const std::string& folder, const Ownership& owner);
Edit SetOwnerEdit(const std::string& file, const Ownership& owner);

// What kWrite writes and kCreate makes.
NewContent ContentOf(const Edit& edit);

// Errors: kRefused where the file is not as the edit expects it, or a name is taken.
Result<void> CheckExpected(const Files& files, const std::string& root, const Edit& edit);

// Checks what is expected, does it, and syncs. `owner`: of a file that is made. Errors: kRefused, kIo,
// kLimit.
Result<void> Perform(Files& files, const std::string& root, const Edit& edit, const Ownership& owner);

// Where the plan's name of a file leads.
inline std::string PathOf(const std::string& root, const std::string& name) {
  if (name == ".") return root;
  return name.starts_with('/') ? name : root + "/" + name;
}

}  // namespace etcdmedic::plan
