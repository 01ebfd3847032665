// SPDX-License-Identifier: Apache-2.0
// Decides which of the copies that were found make up the key space. Used by Salvage alone.
// docs/design/salvage.md, "What is taken".
#pragma once

#include "salvage/copies.h"
#include "salvage/salvage.h"

namespace etcdmedic::salvage {

class Selection {
 public:
  Selection(const std::vector<DbSource>& sources, const LogHistory& log, const Options& options);

  // `copies` as FindCopies gives them.
  Salvaged Run(std::vector<Copy> copies);

 private:
  using Copies = std::span<Copy>;
  void ChoosePrimary(const std::vector<Copy>& copies);
  void AskLogForCompaction();
  void Decide(Copies same);
  Copy* Judge(Copies same, const replay::Record* logged);
  void TakeFromLog(uint32_t at);
  Confidence SureOf(const replay::Record& record) const;
  const replay::Record* InLog(std::pair<int64_t, uint32_t> revision);
  bool Wanted(int64_t main) const { return options_.as_of == 0 || main <= options_.as_of; }
  bool Vouched(const Copy& copy) const;  // by the primary tree, or by its damage
  bool Same(const Copy& a, const Copy& b) const;
  bool Same(const Copy& copy, const replay::Record& record) const;
  bool SameContent(const Copy& copy, const replay::Record& record) const;
  bool ToldWhole(const Span& span) const;
  bool HeldWhole(const std::string& bucket) const;
  void Set(Copy copy, Reason reason) { result_.lost_and_found_.push_back({copy, reason}); }
  void Take(const Chosen& record, bool in_tree);
  void SettleCompacted();
  void FindGaps();
  void FindLosses();
  Bytes BytesOf(const Copy& copy) const { return sources_[copy.source].bytes; }

  const std::vector<DbSource>& sources_;
  const LogHistory* log_;
  const Options options_;
  uint32_t log_at_ = 0;
  int64_t newest_in_tree_ = 0;
  bool went_back_ = false;       // to a revision that the tree has compacted, and the log has not
  std::vector<Chosen> pending_;  // at or below the compacted revision, and not in the primary tree
  mutable std::string encoded_;  // of the record that is compared
  Salvaged result_;
};

}  // namespace etcdmedic::salvage
