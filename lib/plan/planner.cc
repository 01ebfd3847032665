// SPDX-License-Identifier: Apache-2.0
#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/try.h"
#include "plan/backend_faults.h"
#include "plan/disk.h"
#include "plan/edit.h"
#include "plan/judge.h"
#include "plan/overlay.h"
#include "plan/proposal.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

// Of a fault of the backend that no way answers.
constexpr std::string_view kNotHere =
    "neither its pages nor the log hold what is missing; `repair --from` takes it from another member, "
    "`restore` from a backup, and `salvage` makes a directory of what is left";

constexpr int kRounds = 64;  // each answers something or is refused, so that a few are enough

// `layout` with absolute paths, so that they can be compared.
member::Layout Absolute(member::Layout layout) {
  const auto absolute = [](std::string& path) {
    if (!path.empty()) path = fs::absolute(path).lexically_normal().string();
    if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  };
  absolute(layout.root);
  absolute(layout.wal_dir);
  absolute(layout.snap_dir);
  for (auto* folder : {&layout.data_folder, &layout.member_folder, &layout.wal_folder, &layout.snap_folder}) {
    if (*folder) absolute((*folder)->path);
  }
  for (auto* list : {&layout.segments, &layout.wal_tmp, &layout.wal_broken, &layout.wal_stray,
                     &layout.snapshots, &layout.snap_broken, &layout.snap_tmp, &layout.snap_db, &layout.db}) {
    for (member::File& file : *list) absolute(file.path);
  }
  return layout;
}

size_t Problems(const check::Report& report) {
  return static_cast<size_t>(std::ranges::count_if(report.findings, [](const diag::Finding& finding) {
    return finding.severity > diag::Severity::kNote;
  }));
}

// Makes the plan by carrying it out in memory.
class Rehearsal {
 public:
  Rehearsal(const member::MemberState& state, const check::Report& report, const PlanOptions& options)
      : options_(options),
        layout_(Absolute(state.layout)),
        version_(report.version),
        first_(report.prediction.outcome) {
    plan_.root = layout_.root;
    if (layout_.wal_elsewhere) plan_.wal_dir = layout_.wal_dir;
    plan_.problems_before = Problems(report);
    plan_.problems_after = plan_.problems_before;
  }

  Plan Make(const member::MemberState& state, const check::Report& report) {
    NoteDoubt(state.log, state.backend);
    Proposal proposal = ProposeSteps(state, report, options_, refused_);
    Moment now{std::shared_ptr<const member::MemberState>(std::shared_ptr<void>(), &state), report};
    for (int round = 0; round < kRounds; ++round) {
      if (proposal.steps.empty()) break;
      auto next = Take(std::move(proposal.steps), now);
      if (next) now = std::move(*next);
      if (!loss_) NoteDoubt(now.state->log, now.state->backend);
      proposal = ProposeSteps(*now.state, now.report, options_, refused_);
    }
    plan_.advice.insert(plan_.advice.end(), proposal.advice.begin(), proposal.advice.end());
    Advise(now.report);
    plan_.problems_after = Problems(now.report);
    return std::move(plan_);
  }

 private:
  Result<member::MemberState> Load(const Overlay& files) const {
    member::LoadOptions options;
    options.keys = true;
    options.open = [&files](const std::string& path) { return files.Read(path); };
    return member::LoadMember(files.LayoutOf(layout_), options);
  }

  // The moment after all of the steps, or after those of them that do no harm one by one; nothing where none
  // is taken.
  std::optional<Moment> Take(std::vector<Step> steps, const Moment& now) {
    auto all = Try(steps, now);
    if (all) return Accept(std::move(steps), now, std::move(*all));
    if (steps.size() == 1) {
      Refuse(steps.front(), all.error().what);
      return std::nullopt;
    }
    std::optional<Moment> reached;
    for (Step& step : steps) {
      if (auto next = Take({std::move(step)}, reached ? *reached : now)) reached = std::move(next);
    }
    return reached;
  }

  // Errors: why the steps must not be taken.
  Result<Moment> Try(const std::vector<Step>& steps, const Moment& now) {
    tried_ = overlay_;
    for (const Step& step : steps) {
      for (const Edit& edit : step.edits) {
        const Ownership owner = OwnershipForNew(PathOf(plan_.root, edit.file));
        RETURN_IF_ERROR(Perform(tried_, plan_.root, edit, owner));
      }
    }
    auto state = Load(tried_);
    if (!state) return Propagate(state);
    Moment after{std::make_shared<const member::MemberState>(std::move(*state)), {}};
    after.report = check::Verify(*after.state, version_);
    if (std::string reason = ReasonAgainst(steps, now, after); !reason.empty())
      return Fail(Errc::kRefused, {}, std::move(reason));
    return after;
  }

  Moment Accept(std::vector<Step> steps, const Moment& now, Moment after) {
    overlay_ = tried_;
    for (Step& step : steps) {
      step.follows_loss = loss_ && step.safety == Safety::kSafe;
      if (step.safety == Safety::kLossy && !loss_) NoteLoss(now);
      plan_.steps.push_back(std::move(step));
    }
    return after;
  }

  // Where the steps so far would let etcd start without a part of the log, stopping there does harm.
  void NoteLoss(const Moment& now) {
    loss_ = true;
    plan_.all_or_nothing = !plan_.steps.empty() && !Loses(first_) && Loses(now.report.prediction.outcome);
  }

  static bool Loses(startup::Outcome outcome) {
    return outcome == startup::Outcome::kStartsAndLoses || outcome == startup::Outcome::kStartsWrong;
  }

  void Refuse(const Step& step, const std::string& reason) {
    refused_.insert(step.title);
    if (step.one_way) return;
    plan_.advice.push_back(fmt::format("not offered: {}: {}", step.title, reason));
  }

  // The last doubt before anything is lost: afterwards the log ends where the plan says.
  void NoteDoubt(const raft::Log& log, const std::optional<mvcc::BackendState>& backend) {
    plan_.doubts.clear();
    std::string why = check::DoubtAboutEnd(log);
    if (why.empty()) return;
    const uint64_t applied = backend ? backend->consistent_index.value_or(0) : 0;
    plan_.doubts.push_back({std::max(log.last_index(), applied) + 1, std::move(why)});
  }

  void Advise(const check::Report& report) {
    if (options_.migrate_to && !BackendFaults(report.findings).empty()) {
      plan_.advice.push_back(
          "the backend is damaged: `etcdmedic repair` shows what mends it; migrate it then");
      return;
    }
    for (const diag::Finding& finding : report.findings) {
      if (finding.severity < diag::Severity::kError) continue;
      // etcd makes a db of its own where the log holds everything.
      if (finding.code == diag::Code::kDbMissing && startup::IsGood(report.prediction.outcome)) continue;
      const bool of_backend = !BackendFaults({finding}).empty();
      std::string advice = fmt::format("{} in {}: {}", diag::InfoOf(finding.code).name, finding.where.file,
                                       of_backend ? kNotHere : diag::InfoOf(finding.code).remedy);
      if (std::ranges::find(plan_.advice, advice) == plan_.advice.end())
        plan_.advice.push_back(std::move(advice));
    }
    const bool told = std::ranges::any_of(
        plan_.steps, [](const Step& step) { return step.lost_first != 0 && step.lost_last == 0; });
    if (told) plan_.doubts.clear();
  }

  const PlanOptions& options_;
  const member::Layout layout_;
  const startup::EtcdVersion version_;
  const startup::Outcome first_;
  Plan plan_;
  Overlay overlay_;  // with every step that was taken
  Overlay tried_;
  std::set<std::string> refused_;
  bool loss_ = false;
};

}  // namespace

Plan MakePlan(const member::MemberState& state, const check::Report& report, const PlanOptions& options) {
  return Rehearsal(state, report, options).Make(state, report);
}

}  // namespace etcdmedic::plan
