// SPDX-License-Identifier: Apache-2.0
// A backend made of nothing but the log, where that begins with the first entry of a member that began empty.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/rebuild.h"
#include "replay/backend_writer.h"
#include "replay/machine.h"
#include "salvage/log_source.h"

namespace etcdmedic::plan {
namespace {

// The state after entry `last`; nothing where an entry up to there is not known, or has what cannot be
// repeated: passwords that etcd 3.4 hashes when it applies them.
std::optional<replay::Machine> Replayed(const Draft& draft, uint64_t last) {
  replay::Machine machine({draft.report.version.minor});
  // Entries are kept only where there was a backend to compare them with.
  const salvage::LogSource again = draft.state.entries.empty()
                                       ? salvage::ReadLogSource("the log", LogInputs(draft))
                                       : salvage::LogSource();
  const bool kept = !draft.state.entries.empty();
  const replay::EntryList& entries = kept ? draft.state.entries : again.entries;
  for (const replay::LogEntry& entry : entries.Between(kept ? draft.state.log : again.log, 0, last)) {
    if (machine.Apply(entry).effect == replay::Effect::kUnknown) return std::nullopt;
  }
  if (machine.index() != last || !machine.lost_passwords().empty()) return std::nullopt;
  return machine;
}

}  // namespace

void WriteFromLog(Draft& draft) {
  if (!draft.WholeFromTheStart() || !draft.TailWhole()) return;
  const uint64_t last =
      std::max(draft.state.log.state ? draft.state.log.state->commit : 0, draft.SnapshotIndex());
  std::string title = fmt::format("write db from the log, entries 1 to {}{}", last,
                                  draft.state.layout.db.empty() ? "" : "; set the old file aside");
  const auto machine = draft.WasRefused(title) ? std::nullopt : Replayed(draft, last);
  if (!machine) return;
  auto edits = NewDb(draft, [&](bolt::PageSink& sink) -> Result<void> {
    const uint32_t page_size = draft.state.db ? draft.state.db->metas.page_size : 4096;
    bolt::Builder builder(sink, {std::max(page_size, 1024U), 90});
    auto built = replay::WriteBackend(*machine, nullptr, builder);
    if (!built) return Propagate(built);
    return {};
  });
  if (!edits) return;
  draft.Add(WayTo(
      draft, std::move(title),
      "the log holds every entry from the first, each under its CRC; what they make is what etcd would make",
      std::move(*edits)));
}

void LeaveToLog(Draft& draft) {
  if (!draft.WholeFromTheStart() || !draft.TailWhole()) return;
  auto edits = EditsForOlderBackend(draft, 0);
  if (!edits) return;
  edits->push_back(RenameEdit(DbName(draft), Db(draft), AsideName(draft.state, DbName(draft))));
  draft.Add(WayTo(
      draft, "set the damaged db and every .snap aside, so that etcd makes the db again",
      fmt::format(
          "the log holds every entry from the first to {}, each under its CRC, and etcd applies them all",
          draft.state.log.last_index()),
      std::move(*edits)));
}

}  // namespace etcdmedic::plan
