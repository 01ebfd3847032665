// SPDX-License-Identifier: Apache-2.0
#include "plan/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/sha256.h"
#include "base/try.h"
#include "member/layout.h"
#include "plan/copy_tree.h"
#include "plan/disk.h"
#include "plan/edit.h"
#include "plan/new_tree.h"
#include "plan/overlay.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

// Runs the plan in memory and writes down what each edit meets.
class Recorder {
 public:
  explicit Recorder(const Plan& plan) : plan_(plan) {
    journal_.root = plan.root;
    journal_.wal_dir = plan.wal_dir;
  }

  Result<Journal> Record() {
    RETURN_IF_ERROR(RecordBefore());
    for (const Step& step : plan_.steps) {
      for (const Edit& edit : step.edits) {
        RETURN_IF_ERROR(RecordEdit(edit));
      }
    }
    RETURN_IF_ERROR(RecordAfter());
    journal_.progress.assign(journal_.edits.size(), Progress::kNotBegun);
    return std::move(journal_);
  }

  const std::vector<Ownership>& owners() const { return owners_; }

 private:
  Result<void> RecordBefore() {
    for (const Step& step : plan_.steps) {
      for (const Edit& edit : step.edits) {
        for (const std::string& name : {edit.file, edit.target.empty() ? edit.file : edit.target}) {
          if (!StaysInside(name))
            return Fail(Errc::kRefused, PathOf(plan_.root, name),
                        "the plan names a file outside its directory");
          names_.insert(name);
        }
      }
    }
    for (const std::string& name : names_) {
      auto state = StateOf(name);
      if (!state) return Propagate(state);
      journal_.before.push_back(std::move(*state));
    }
    return {};
  }

  bool StaysInside(const std::string& name) const {
    return StaysWithin(name, plan_.wal_dir) && !fs::is_symlink(PathOf(plan_.root, name));
  }

  Result<FileState> StateOf(const std::string& name) {
    const std::string path = PathOf(plan_.root, name);
    FileState state;
    state.file = name;
    state.exists = files_.Exists(path);
    if (!state.exists) return state;
    const auto attributes = files_.AttributesOf(path);
    if (!attributes) return Propagate(attributes);
    state.attributes = *attributes;
    state.folder = files_.IsFolder(path);
    if (state.folder) return state;
    auto file = files_.Read(path);
    if (!file) return Propagate(file);
    state.size = file->bytes().size();
    state.sha256 = HashOf(path, file->bytes());
    return state;
  }

  // A file that was only renamed is not read again.
  std::string HashOf(const std::string& path, Bytes bytes) {
    if (!files_.Unchanged(path)) return Sha256(bytes);
    auto& known = hashes_[files_.SourceOf(path)];
    if (known.empty()) known = Sha256(bytes);
    return known;
  }

  Result<void> RecordEdit(const Edit& edit) {
    const std::string path = PathOf(plan_.root, edit.file);
    JournalEdit entry;
    entry.kind = edit.kind;
    entry.file = edit.file;
    entry.target = edit.target;
    entry.owner = edit.owner;
    if (edit.kind < EditKind::kCreate) {
      auto file = files_.Read(path);
      if (!file) return Propagate(file);
      RecordOld(edit, file->bytes(), entry);
    }
    owners_.push_back(edit.kind == EditKind::kCreate ? OwnershipForNew(path) : Ownership{});
    RETURN_IF_ERROR(Perform(files_, plan_.root, edit, owners_.back()));
    RecordNew(edit, entry);
    journal_.edits.push_back(std::move(entry));
    return {};
  }

  static void RecordOld(const Edit& edit, Bytes bytes, JournalEdit& entry) {
    entry.old_size = bytes.size();
    if (edit.kind == EditKind::kWrite) {
      const uint64_t end = std::min<uint64_t>(bytes.size(), edit.offset + edit.bytes.size());
      if (edit.offset < end) entry.old = NonZero(bytes, edit.offset, end);
    } else if (edit.kind == EditKind::kTruncate) {
      entry.old = NonZero(bytes, std::min<uint64_t>(edit.size, bytes.size()), bytes.size());
    } else if (edit.kind == EditKind::kRemove) {
      entry.old = NonZero(bytes, 0, bytes.size());
    }
  }

  static void RecordNew(const Edit& edit, JournalEdit& entry) {
    entry.new_size = entry.old_size;
    if (edit.kind == EditKind::kWrite) {
      entry.offset = edit.offset;
      entry.length = edit.bytes.size();
      entry.new_size = std::max(entry.old_size, edit.offset + edit.bytes.size());
      for (Extent& extent : NonZero(AsBytes(edit.bytes), 0, edit.bytes.size()))
        entry.written.push_back({edit.offset + extent.offset, std::move(extent.bytes)});
    } else if (edit.kind == EditKind::kTruncate) {
      entry.new_size = edit.size;
    } else if (edit.kind == EditKind::kRemove) {
      entry.new_size = 0;
    } else if (edit.kind == EditKind::kCreate) {
      entry.new_size = ContentOf(edit).bytes.size();
      entry.sha256 = Sha256(ContentOf(edit).bytes);
    }
  }

  Result<void> RecordAfter() {
    for (const std::string& name : names_) {
      auto state = StateOf(name);
      if (!state) return Propagate(state);
      journal_.after.push_back(std::move(*state));
    }
    journal_.log = OtherLogFiles(plan_.root, plan_.wal_dir, {names_.begin(), names_.end()});
    return {};
  }

  const Plan& plan_;
  Overlay files_;
  Journal journal_;
  std::set<std::string> names_;
  std::map<std::string, std::string> hashes_;  // of files on the disk
  std::vector<Ownership> owners_;              // one an edit
};

Result<void> SetProgress(Disk& disk, const std::string& journal, size_t edit, Progress progress) {
  const char byte = static_cast<char>(progress);
  RETURN_IF_ERROR(disk.WriteAt(journal, ProgressOffset(edit), AsBytes({&byte, 1})));
  return disk.Sync(journal);
}

// The journal is of use to root and to the member's owner, and nobody else may read what is in it.
Result<void> MakeJournal(Disk& disk, const std::string& path, const Journal& journal) {
  Ownership owner{geteuid(), getegid(), 0600};
  const std::string folder = fs::path(path).parent_path().string();
  if (const auto above = disk.AttributesOf(folder.empty() ? "." : folder)) {
    owner.uid = above->owner.uid;
    owner.gid = above->owner.gid;
  }
  RETURN_IF_ERROR(disk.Create(path, AsBytes(EncodeJournal(journal)), owner));
  return disk.SyncParent(path);
}

std::vector<std::string> NamesOf(const Plan& plan) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps) {
    for (const Edit& edit : step.edits) names.push_back(edit.file);
  }
  return names;
}

// The tree, and the plan on it. `place`: where they are until they get the name `output`.
Result<Applied> FillCopy(const Plan& plan, const std::string& place, const std::string& output) {
  Recorder recorder(plan);
  RETURN_IF_ERROR(recorder.Record());
  auto copied = CopyTree(plan.root, place);
  if (!copied) return Propagate(copied);
  Disk disk;
  size_t at = 0;
  for (const Step& step : plan.steps) {
    for (const Edit& edit : step.edits) {
      RETURN_IF_ERROR(Perform(disk, place, edit, recorder.owners()[at++]));
    }
  }
  copied->insert(copied->end(), disk.not_given().begin(), disk.not_given().end());
  for (std::string& each : *copied) each.replace(each.find(place), place.size(), output);
  return Applied{std::move(*copied)};
}

}  // namespace

std::vector<FileState> OtherLogFiles(const std::string& root, const std::string& wal_dir,
                                     const std::vector<std::string>& names) {
  std::vector<FileState> states;
  const auto layout = member::Recognise(root, wal_dir);
  if (!layout) return states;
  for (const auto* list : {&layout->segments, &layout->wal_tmp}) {
    for (const member::File& file : *list) {
      const auto attributes = Disk().AttributesOf(file.path);
      if (!attributes || std::ranges::find(names, file.name) != names.end()) continue;
      FileState state;
      state.file = file.name;
      state.size = file.size;
      state.attributes = *attributes;
      states.push_back(std::move(state));
    }
  }
  return states;
}

std::string HeldBy(const std::string& root, const std::string& wal_dir,
                   const std::vector<std::string>& names) {
  member::Layout layout;
  if (auto known = member::Recognise(root, wal_dir)) layout = std::move(*known);
  for (const std::string& name : names) {
    member::File file;
    file.path = PathOf(root, name);
    file.name = name;
    (fs::path(name).filename() == "db" ? layout.db : layout.segments).push_back(std::move(file));
  }
  const member::InUse in_use = member::IsRunning(layout);
  return in_use.running ? in_use.what : std::string();
}

Result<Applied> ApplyInPlace(const Plan& plan, const ApplyOptions& options) {
  Disk disk(options.before_write);
  if (disk.Exists(options.journal))
    return Fail(Errc::kRefused, options.journal, "already exists; undo it, or name another journal");
  if (const std::string held = HeldBy(plan.root, plan.wal_dir, NamesOf(plan)); !held.empty())
    return Fail(Errc::kInUse, plan.root, fmt::format("a running etcd holds {}: stop it first", held));
  Recorder recorder(plan);
  auto journal = recorder.Record();
  if (!journal) return Propagate(journal);
  RETURN_IF_ERROR(MakeJournal(disk, options.journal, *journal));
  size_t at = 0;
  for (const Step& step : plan.steps) {
    for (const Edit& edit : step.edits) {
      auto done = SetProgress(disk, options.journal, at, Progress::kBegun);
      if (done) done = Perform(disk, plan.root, edit, recorder.owners()[at]);
      if (done) done = SetProgress(disk, options.journal, at++, Progress::kDone);
      if (!done) return Propagate(done);
    }
  }
  return Applied{disk.not_given()};
}

Result<Applied> ApplyToCopy(const Plan& plan, const std::string& output) {
  RETURN_IF_ERROR(StaysOutside(output, plan.root));
  if (!plan.wal_dir.empty())
    return Fail(Errc::kRefused, output,
                "would be a copy without the log, which is in a directory of its own: copy "
                "both, and repair the copies in place");
  auto tree = NewTree::Begin(output);
  if (!tree) return Propagate(tree);
  auto applied = FillCopy(plan, tree->place(), tree->path());
  if (!applied) return applied;
  RETURN_IF_ERROR(tree->Commit());
  return applied;
}

}  // namespace etcdmedic::plan
