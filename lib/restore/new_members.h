// SPDX-License-Identifier: Apache-2.0
// Data directories of members of a new cluster, which come into being as a whole or not at all.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bolt/builder.h"
#include "cluster/new_cluster.h"
#include "plan/files.h"
#include "plan/new_file.h"
#include "plan/new_tree.h"

namespace etcdmedic::restore {

struct Target {
  uint64_t member_id = 0;
  std::string folder;  // of its data directory in Placement::output, "m1/"; empty: the output itself
};

// What is founded, and where.
struct Placement {
  cluster::NewCluster cluster;
  std::vector<Target> targets;
  std::string output;
  std::string wal_dir;                        // of the one target; empty: member/wal
  std::vector<std::string> read = {};         // paths that are read, below which nothing is written
  std::optional<plan::Ownership> owner = {};  // who gets all of it; none: who writes it
};

class NewMembers {
 public:
  // `placement` outlives it. Errors: those of NewTree::Begin; kRefused for a place in what is read.
  static Result<NewMembers> Begin(const Placement& placement);

  // Calls `fill` for the db of each member, several at once. Errors: its own; those of NewFile.
  using Fill = std::function<Result<void>(plan::NewFile& db)>;
  Result<void> WriteDbs(const Fill& fill);
  // A file of its own beside the members, in the output.
  Result<void> Append(const std::string& name, std::string_view content) {
    return tree_.Append(name, content);
  }
  // Adds log and .snap of every member, and puts all in place. Without it nothing is left.
  Result<void> Commit();
  // What Commit could not give to its owner, as Disk::not_given.
  const std::vector<std::string>& not_given() const { return not_given_; }

 private:
  NewMembers(const Placement& placement, plan::NewTree tree, std::optional<plan::NewTree> log)
      : placement_(&placement), tree_(std::move(tree)), log_(std::move(log)) {}
  Result<void> WriteFiles(const Target& target);
  Result<void> Give(const plan::NewTree& tree);

  const Placement* placement_;
  plan::NewTree tree_;
  std::optional<plan::NewTree> log_;
  std::vector<std::string> not_given_;
};

}  // namespace etcdmedic::restore
