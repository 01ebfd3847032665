// SPDX-License-Identifier: Apache-2.0
#include "plan/undo.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/sha256.h"
#include "base/try.h"
#include "plan/disk.h"
#include "plan/edit.h"
#include "plan/journal.h"
#include "plan/journal_format.h"
#include "plan/overlay.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestJournal = uint64_t{16} << 30;

Result<void> PutBack(Files& files, const std::string& path, const JournalEdit& edit) {
  // The old bytes of the range, the zeros too where the edit wrote over them.
  std::vector<Extent> old = edit.old;
  const uint64_t end = std::min(edit.old_size, edit.offset + edit.length);
  if (edit.kind == EditKind::kWrite && edit.offset < end && edit.length > 0)
    old = {{edit.offset, Expand(edit.old, edit.offset, end - edit.offset)}};
  for (const Extent& extent : old) {
    RETURN_IF_ERROR(files.WriteAt(path, extent.offset, AsBytes(extent.bytes)));
  }
  RETURN_IF_ERROR(files.Resize(path, edit.old_size));
  return files.Sync(path);
}

Result<void> PutBackRemoved(Files& files, const std::string& path, const JournalEdit& edit) {
  if (files.Exists(path)) return {};
  const std::string bytes = Expand(edit.old, 0, edit.old_size);
  RETURN_IF_ERROR(files.Create(path, AsBytes(bytes), OwnershipForNew(path)));
  return files.SyncParent(path);
}

// Safe to run again after it was interrupted anywhere.
Result<void> UndoEdit(Files& files, const std::string& root, const JournalEdit& edit) {
  const std::string path = PathOf(root, edit.file);
  const std::string target = PathOf(root, edit.target);
  if (files.Exists(UnfinishedName(path))) {
    RETURN_IF_ERROR(files.Remove(UnfinishedName(path)));
  }
  switch (edit.kind) {
    case EditKind::kWrite:
    case EditKind::kTruncate:
      return PutBack(files, path, edit);
    case EditKind::kRename:
      if (files.Exists(path) || !files.Exists(target)) return {};
      RETURN_IF_ERROR(files.Rename(target, path));
      return files.SyncParent(path);
    case EditKind::kRemove:
      return PutBackRemoved(files, path, edit);
    case EditKind::kCreate:
      if (!files.Exists(path)) return {};
      RETURN_IF_ERROR(files.Remove(path));
      return files.SyncParent(path);
    case EditKind::kMakeFolder:
      if (!files.Exists(path)) return {};
      RETURN_IF_ERROR(files.RemoveFolder(path));
      return files.SyncParent(path);
    case EditKind::kSetOwner:
      return {};  // with the attributes of everything else, at the end
  }
  return {};
}

// How a file differs from what it should be; empty where it does not. Owner, mode and times hold no data and
// do not count.
std::string Difference(const Files& files, const std::string& root, const FileState& state) {
  const std::string path = PathOf(root, state.file);
  const bool exists = files.Exists(path);
  if (!exists) return state.exists ? "is gone" : "";
  if (!state.exists) return "exists";
  if (state.folder || files.IsFolder(path))
    return state.folder && files.IsFolder(path) ? "" : "is not what it was";
  auto file = files.Read(path);
  if (!file) return file.error().what;
  if (file->bytes().size() != state.size)
    return fmt::format("has {} bytes instead of {}", file->bytes().size(), state.size);
  return Sha256(file->bytes()) == state.sha256 ? "" : "has other content";
}

std::vector<std::string> Differences(const Files& files, const std::string& root,
                                     const std::vector<FileState>& states) {
  std::vector<std::string> lines;
  for (const FileState& state : states) {
    if (std::string how = Difference(files, root, state); !how.empty())
      lines.push_back(state.file + " " + how);
  }
  return lines;
}

// Whether what is at the place of an edit is what the edit left there, or, where it was begun only (or its
// undo was), something on the way between before and after.
class Explained {
 public:
  Explained(const Files& files, const std::string& root, const JournalEdit& edit, bool begun_only)
      : files_(files),
        path_(PathOf(root, edit.file)),
        target_(PathOf(root, edit.target)),
        edit_(edit),
        begun_(begun_only) {}

  bool operator()() const {
    const bool exists = files_.Exists(path_);
    switch (edit_.kind) {
      case EditKind::kRename: {
        const bool renamed = files_.Exists(target_);
        return begun_ ? exists != renamed : renamed && !exists;
      }
      case EditKind::kRemove:
        return begun_ || !exists;  // where it is still there, its hash is compared afterwards
      case EditKind::kCreate:
        return exists ? CreatedWhole() : begun_;
      case EditKind::kMakeFolder:
        return exists || begun_;
      case EditKind::kSetOwner:
        return exists;
      default:
        return exists && WrittenOrOld();
    }
  }

 private:
  bool CreatedWhole() const {
    const auto file = files_.Read(path_);
    return file && file->bytes().size() == edit_.new_size && Sha256(file->bytes()) == edit_.sha256;
  }

  bool WrittenOrOld() const {
    const auto file = files_.Read(path_);
    if (!file) return false;
    const uint64_t size = file->bytes().size();
    if (!begun_ && size != edit_.new_size) return false;
    if (size < std::min(edit_.old_size, edit_.new_size) || size > std::max(edit_.old_size, edit_.new_size))
      return false;
    const bool write = edit_.kind == EditKind::kWrite;
    const uint64_t from = write ? edit_.offset : edit_.new_size;
    const uint64_t to = std::min(size, write ? edit_.offset + edit_.length : edit_.old_size);
    if (from >= to) return true;
    const std::string_view found = AsText(file->bytes().subspan(from, to - from));
    const std::string fresh = Expand(edit_.written, from, to - from);  // zeros for a truncation
    if (!begun_) return found == fresh;
    const std::string old = Expand(edit_.old, from, to - from);
    for (size_t i = 0; i < found.size(); ++i) {
      if (found[i] != fresh[i] && found[i] != old[i]) return false;
    }
    return true;
  }

  const Files& files_;
  const std::string path_, target_;
  const JournalEdit& edit_;
  const bool begun_;
};

bool AllDone(const Journal& journal) {
  return std::ranges::all_of(journal.progress, [](Progress progress) { return progress == Progress::kDone; });
}

// Files of the log that the repair did not touch and that are new or different: a member has run since, and
// what it wrote needs the files as the repair left them.
std::vector<std::string> WrittenSince(const Journal& journal, const std::vector<std::string>& names) {
  std::vector<std::string> lines;
  if (journal.old_form) return lines;
  for (const FileState& now : OtherLogFiles(journal.root, journal.wal_dir, names)) {
    const auto then = std::ranges::find(journal.log, now.file, &FileState::file);
    if (then == journal.log.end()) {
      lines.push_back(now.file + " was not there");
    } else if (then->size != now.size || then->attributes.mtime_s != now.attributes.mtime_s ||
               then->attributes.mtime_ns != now.attributes.mtime_ns) {
      lines.push_back(now.file + " has been written to");
    }
  }
  return lines;
}

// What stands against an undo, a line each: first what is not as the repair left it, and where the repair (or
// an undo) was interrupted, what the journal cannot explain.
std::vector<std::string> Obstacles(const Journal& journal, const std::vector<std::string>& names) {
  Overlay files;
  if (auto lines = WrittenSince(journal, names); !lines.empty()) return lines;
  if (AllDone(journal)) {
    if (auto lines = Differences(files, journal.root, journal.after); !lines.empty()) return lines;
  }
  for (size_t i = journal.edits.size(); i-- > 0;) {
    const JournalEdit& edit = journal.edits[i];
    if (journal.progress[i] == Progress::kNotBegun) continue;
    if (!Explained(files, journal.root, edit, journal.progress[i] == Progress::kBegun)())
      return {edit.file + " is neither as it was before the repair nor as the repair left it"};
    if (auto done = UndoEdit(files, journal.root, edit); !done)
      return {done.error().where.file + " " + done.error().what};
  }
  return Differences(files, journal.root, journal.before);
}

std::string Refusal(const std::vector<std::string>& obstacles) {
  std::string what = "files have changed since the repair, so nothing was undone:\n";
  for (const std::string& line : obstacles) what += "  " + line + "\n";
  what +=
      "Something has run on them since, etcd probably: undoing would lose what it wrote.\n"
      "Keep the files as they are, or copy them first and then use --force to undo all the same";
  return what;
}

Result<void> SetProgress(Disk& disk, const std::string& journal, size_t edit, Progress progress) {
  const char byte = static_cast<char>(progress);
  RETURN_IF_ERROR(disk.WriteAt(journal, ProgressOffset(edit), AsBytes({&byte, 1})));
  return disk.Sync(journal);
}

Result<Journal> ReadJournal(const std::string& path) {
  auto bytes = ReadSmallFile(path, kLargestJournal);
  if (!bytes) return Propagate(bytes);
  auto journal = DecodeJournal(*bytes, path);
  if (!journal) return journal;
  for (const JournalEdit& edit : journal->edits) {
    for (const std::string& name : {edit.file, edit.target.empty() ? edit.file : edit.target}) {
      if (!StaysWithin(name, journal->wal_dir))
        return Fail(Errc::kRefused, path, "names a file outside its directory");
    }
  }
  return journal;
}

bool Begun(const Journal& journal) {
  return std::ranges::any_of(journal.progress,
                             [](Progress progress) { return progress != Progress::kNotBegun; });
}

// Owner, mode and times as they were; journals of the old form do not know the owner.
Result<void> RestoreAttributes(Disk& disk, const Journal& journal) {
  for (const FileState& state : journal.before) {
    const std::string path = PathOf(journal.root, state.file);
    if (!state.exists || !disk.Exists(path)) continue;
    Attributes attributes = state.attributes;
    if (const auto now = disk.AttributesOf(path); now && journal.old_form) {
      attributes.owner.uid = now->owner.uid;
      attributes.owner.gid = now->owner.gid;
    }
    RETURN_IF_ERROR(disk.SetAttributes(path, attributes));
  }
  return {};
}

// The first edit's mark is taken away last, when every file has been found as it was.
Result<UndoReport> Run(Disk& disk, const std::string& path, const Journal& journal, bool force) {
  UndoReport report;
  for (size_t i = journal.edits.size(); i-- > 0;) {
    if (journal.progress[i] == Progress::kNotBegun) continue;
    auto done = SetProgress(disk, path, i, Progress::kBegun);
    if (done) done = UndoEdit(disk, journal.root, journal.edits[i]);
    if (done && i > 0) done = SetProgress(disk, path, i, Progress::kNotBegun);
    if (!done) return Propagate(done);
    for (const Extent& extent : journal.edits[i].old) report.bytes_restored += extent.bytes.size();
  }
  RETURN_IF_ERROR(RestoreAttributes(disk, journal));
  report.different = Differences(disk, journal.root, journal.before);
  if (!report.different.empty() && !force)
    return Fail(Errc::kRefused, journal.root, report.different.front() + ": something else is changing it");
  RETURN_IF_ERROR(SetProgress(disk, path, 0, Progress::kNotBegun));
  report.files_restored = static_cast<size_t>(std::ranges::count_if(journal.before, &FileState::exists));
  report.not_given = disk.not_given();
  return report;
}

// Where journals are put: beside member/, in it, or beside the directory that was repaired.
std::vector<fs::path> JournalsIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("etcdmedic-undo-") && name.ends_with(".journal")) found.push_back(entry.path());
  }
  return found;
}

// All that may be about `folder`, the newest first.
std::vector<fs::path> JournalsOf(const std::string& folder) {
  std::vector<fs::path> found = JournalsIn(folder);
  const fs::path absolute = fs::absolute(folder).lexically_normal();
  const fs::path place = absolute.has_filename() ? absolute : absolute.parent_path();
  for (const fs::path& other : {place / "member", place.parent_path()}) {
    if (other == place.parent_path() && place.filename() != "wal" && place.filename() != "snap") continue;
    for (fs::path& path : JournalsIn(other)) found.push_back(std::move(path));
  }
  std::ranges::sort(found, std::greater<>(), [](const fs::path& path) { return path.filename().string(); });
  return found;
}

// Some edits are done and others are not, or one was under way.
bool Interrupted(const Journal& journal) {
  return std::ranges::adjacent_find(journal.progress, std::ranges::not_equal_to()) !=
             journal.progress.end() ||
         std::ranges::find(journal.progress, Progress::kBegun) != journal.progress.end();
}

bool SamePlace(const std::string& root, const fs::path& folder) {
  std::error_code error;
  const fs::path a = fs::weakly_canonical(root, error), b = fs::weakly_canonical(folder, error);
  const auto [rest, other] = std::mismatch(b.begin(), b.end(), a.begin(), a.end());
  return rest == b.end() || other == a.end();  // one within the other, or the same
}

}  // namespace

Result<UndoReport> Undo(const std::string& path, const UndoOptions& options) {
  auto journal = ReadJournal(path);
  if (!journal) return Propagate(journal);
  if (!Begun(*journal)) return Fail(Errc::kRefused, path, "nothing is left to undo");
  std::vector<std::string> names;
  for (const JournalEdit& edit : journal->edits) {
    names.push_back(edit.file);
    if (!edit.target.empty()) names.push_back(edit.target);
  }
  if (const std::string held = HeldBy(journal->root, journal->wal_dir, names); !held.empty())
    return Fail(Errc::kInUse, journal->root, fmt::format("a running etcd holds {}: stop it first", held));
  if (!options.force) {
    if (journal->old_form)
      return Fail(Errc::kRefused, path,
                  "was made by an older etcdmedic and does not record what the repair left, so that writes "
                  "since then would be lost unseen; --force undoes all the same");
    if (const auto obstacles = Obstacles(*journal, names); !obstacles.empty())
      return Fail(Errc::kRefused, journal->root, Refusal(obstacles));
  }
  Disk disk(options.before_write);
  return Run(disk, path, *journal, options.force);
}

std::optional<std::string> FindUnfinished(const std::string& folder) {
  for (const fs::path& path : JournalsOf(folder)) {
    const auto journal = ReadJournal(path.string());
    if (journal && SamePlace(journal->root, folder) && Interrupted(*journal)) return path.string();
  }
  return std::nullopt;
}

Result<std::string> FindJournal(const std::string& folder) {
  for (const fs::path& path : JournalsOf(folder)) {
    const auto journal = ReadJournal(path.string());
    if (!journal || !Begun(*journal)) continue;
    if (!SamePlace(journal->root, folder))
      return Fail(Errc::kRefused, path.string(),
                  fmt::format("is about {}; name the journal itself to undo that repair", journal->root));
    return path.string();
  }
  return Fail(Errc::kRefused, folder,
              "holds no journal of a repair that can be undone; if --journal named another path, "
              "name that file");
}

}  // namespace etcdmedic::plan
