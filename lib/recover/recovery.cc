// SPDX-License-Identifier: Apache-2.0
#include "recover/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/try.h"
#include "diag/naming_sink.h"
#include "replay/backend_writer.h"

namespace etcdmedic::recover {
namespace {

using member::MemberState;
using replay::LogEntry;
using replay::Machine;

// The log once more, where it was read without its entries.
replay::EntryList ReadEntries(const MemberState& state) {
  if (!state.entries.empty()) return {};
  std::vector<raft::SegmentInput> inputs;
  for (const raft::Segment& segment : state.log.segments) inputs.push_back({segment.file, segment.bytes});
  replay::EntryList entries;
  raft::ReadLog(inputs, 0, &entries);
  return entries;
}

// Where an entry deleted the key last.
struct Deletion {
  uint64_t index = 0;
  int64_t revision = 0;
};

class Recoverer {
 public:
  Recoverer(const MemberState& state, const replay::MachineOptions& options, const Target& target)
      : state_(state),
        options_(options),
        target_(target),
        extent_(ExtentOf(state)),
        last_(target.uncommitted ? extent_.last : extent_.committed),
        sources_(SourcesOf(state, last_)),
        read_(ReadEntries(state)),
        entries_(state.entries.empty() ? read_ : state.entries) {}

  Result<Recovery> Run() const {
    if (target_.revision) return ToRevision(*target_.revision);
    if (target_.index) return ToIndex(*target_.index);
    if (target_.before_delete) return BeforeDeletion(*target_.before_delete);
    return ToEnd();
  }

 private:
  Result<Recovery> Begin(const Source& source, int64_t revision = 0) const {
    auto found = std::make_unique<diag::FindingList>();
    std::optional<mvcc::Store> base;
    std::optional<Machine> machine(options_);
    if (source.origin != Origin::kLog) {
      auto store = mvcc::Store::Open(source.db, source.file, *found);
      if (!store) return Propagate(store);
      auto loaded = Machine::From(*store, options_, *found, revision);
      if (!loaded) return Propagate(loaded);
      base = std::move(*store);
      machine = std::move(*loaded);
    }
    return Recovery{source,  revision != 0, std::move(found), std::move(base), std::move(*machine),
                    extent_, target_};
  }

  // Applies entries, the last one `last`, as long as `go_on` says so after each.
  template <class GoOn>
  void Play(Recovery& recovery, uint64_t last, const GoOn& go_on) const {
    for (const LogEntry& entry : entries_.Between(state_.log, recovery.source.index, last)) {
      const replay::Applied applied = recovery.machine.Apply(entry);
      recovery.unknown += applied.effect == replay::Effect::kUnknown;
      if (!go_on(applied)) return;
    }
  }
  void Play(Recovery& recovery, uint64_t last) const {
    Play(recovery, last, [](const replay::Applied&) { return true; });
  }

  Result<Recovery> ToEnd() const {
    const Source* best = nullptr;
    for (const Source& source : sources_.usable) {
      if (best == nullptr || source.reach >= best->reach) best = &source;
    }
    if (best == nullptr) return Refuse("nothing to begin with");
    auto recovery = Begin(*best);
    if (!recovery) return recovery;
    Play(*recovery, best->reach);
    recovery->after = entries_.Between(state_.log, best->reach, extent_.last);
    return recovery;
  }

  Result<Recovery> ToIndex(uint64_t index) const {
    if (index > last_ && index <= extent_.last)
      return Refuse(fmt::format("entry {} may not be committed; --uncommitted takes it all the same", index));
    for (const Source& source : std::views::reverse(sources_.usable)) {
      if (source.index > index || source.reach < index) continue;
      auto recovery = Begin(source);
      if (recovery) Play(*recovery, index);
      return recovery;
    }
    return Refuse(fmt::format("nothing leads to entry {}", index));
  }

  Result<Recovery> ToRevision(int64_t revision) const {
    for (const Source& source : std::views::reverse(sources_.usable)) {
      auto recovery = Begin(source);
      if (!recovery) return recovery;
      const auto now = [&] { return recovery->machine.keys().revision(); };
      if (now() > revision) continue;
      if (now() < revision)
        Play(*recovery, source.reach, [&](const replay::Applied&) { return now() < revision; });
      if (now() == revision) return recovery;
    }
    return ByHistory(revision);
  }

  // The keys at an older revision that the backend retains; nothing else of then is known.
  Result<Recovery> ByHistory(int64_t revision) const {
    const Source* const backend = Backend();
    if (backend == nullptr) return Refuse(fmt::format("nothing leads to revision {}", revision));
    auto recovery = Begin(*backend, revision);
    if (recovery || recovery.error().code != Errc::kRefused) return recovery;
    return Refuse(fmt::format("nothing leads to revision {}; of the backend's own history, {}", revision,
                              recovery.error().what));
  }

  const Source* Backend() const {
    const auto found = std::ranges::find(sources_.usable, Origin::kBackend, &Source::origin);
    return found == sources_.usable.end() ? nullptr : &*found;
  }

  Result<Recovery> BeforeDeletion(const std::string& key) const {
    for (const Source& source : std::views::reverse(sources_.usable)) {
      auto whole = Begin(source);
      if (!whole) return whole;
      const auto deletion = LastDeletion(*whole, key);
      if (!deletion) continue;
      auto recovery = Begin(source);
      if (!recovery) return recovery;
      Play(*recovery, deletion->index - 1);
      if (recovery->machine.keys().Find(key) == nullptr) return NotBefore(deletion->revision);
      recovery->deleted_at = deletion->revision;
      return recovery;
    }
    return BeforeDeletionByHistory(key);
  }

  std::optional<Deletion> LastDeletion(Recovery& recovery, std::string_view key) const {
    std::optional<Deletion> last;
    Play(recovery, recovery.source.reach, [&](const replay::Applied& applied) {
      const auto& records = recovery.machine.keys().records();
      for (size_t at = applied.first_record; at < records.size(); ++at) {
        if (records[at].tombstone && records[at].kv.key == key)
          last = {recovery.machine.index(), records[at].revision.main};
      }
      return true;
    });
    return last;
  }

  Result<Recovery> BeforeDeletionByHistory(const std::string& key) const {
    const Source* const backend = Backend();
    if (backend == nullptr) return Refuse("no deletion of the key is held");
    diag::NoSink reported;  // when the member was loaded
    const auto store = mvcc::Store::Open(backend->db, backend->file, reported);
    if (!store) return Propagate(store);
    const auto history = store->History(key);
    if (!history) return Propagate(history);
    const auto deleted = std::ranges::find_if(*history | std::views::reverse, &mvcc::Change::tombstone);
    if (deleted == history->rend()) return Refuse("no deletion of the key is held");
    const int64_t revision = deleted->revision.main;
    auto recovery = ByHistory(revision - 1);
    if (recovery) recovery->deleted_at = revision;
    if (recovery && recovery->machine.keys().Find(key) == nullptr) return NotBefore(revision);
    return recovery;
  }

  tl::unexpected<Error> NotBefore(int64_t revision) const {
    return Refuse(fmt::format("the key did not exist before revision {}, which deleted it, or was compacted",
                              revision));
  }

  // Why a state cannot be had, with what is there.
  tl::unexpected<Error> Refuse(std::string why) const {
    const raft::Log& log = state_.log;
    if (log.surviving.empty()) {
      why += "; there is no log";
    } else {
      why += fmt::format("; the log holds entries {} to {}, of which {} is the last committed",
                         log.first_index(), log.last_index(), extent_.committed);
    }
    if (!sources_.backend_unusable.empty()) why += "; the backend " + sources_.backend_unusable;
    for (const Source& source : sources_.usable) {
      if (source.origin != Origin::kLog)
        why += fmt::format("; {} reaches to entry {}", source.file, source.index);
    }
    return Fail(Errc::kRefused, state_.layout.given, std::move(why));
  }

  const MemberState& state_;
  const replay::MachineOptions options_;
  const Target& target_;
  const Extent extent_;
  const uint64_t last_;
  const Sources sources_;
  const replay::EntryList read_;
  const replay::EntryList& entries_;
};

}  // namespace

Result<Recovery> Recover(const MemberState& state, const replay::MachineOptions& options,
                         const Target& target) {
  return Recoverer(state, options, target).Run();
}

}  // namespace etcdmedic::recover
