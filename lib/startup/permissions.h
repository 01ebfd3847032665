// SPDX-License-Identifier: Apache-2.0
// Who may use a member's files, and what they are: docs/format/directory.md, "Modes and locks".
#pragma once

#include <optional>

#include "member/member_state.h"
#include "startup/predict.h"

namespace etcdmedic::startup {

// The user that etcd runs as, for all that the files tell: the owner of the data directory (of member/ where
// that was given), which etcd must be able to write to. Nothing where no directory of a member was given.
struct Runner {
  uint32_t uid = 0;
  uint32_t gid = 0;
};
std::optional<Runner> RunnerOf(const member::Layout& layout);

// Reports FILE-PERMISSION for each file and directory that the runner cannot use as etcd does, and, as a
// warning, for odd modes that root does not mind; FILE-KIND-WRONG for a directory's name that leads to
// something else. Files that could not be opened were reported when the member was loaded.
void CheckPermissions(const member::MemberState& state, diag::FindingSink& sink);

// How etcd ends or stops at a file or directory that its runner cannot use, or that is not a regular file, in
// the order in which it meets them; kUnknown where it may go on with what could not be opened here. Nothing
// where all files can be used.
std::optional<Prediction> FailByFiles(const member::MemberState& state, EtcdVersion version);

}  // namespace etcdmedic::startup
