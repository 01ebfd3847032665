// SPDX-License-Identifier: Apache-2.0
#include "plan/journal.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/file.h"
#include "base/sha256.h"
#include "plan/disk.h"
#include "plan/journal_format.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestJournal = uint64_t{16} << 30;

bool Exists(const std::string& path) { return fs::symlink_status(path).type() != fs::file_type::not_found; }

// Names come from a plan or a journal; neither may lead out of the root.
bool StaysInside(const std::string& root, const std::string& name) {
  const fs::path path(name);
  if (name.empty() || path.is_absolute()) return false;
  for (const fs::path& part : path) {
    if (part == "..") return false;
  }
  std::error_code error;
  const fs::path parent = fs::weakly_canonical(fs::path(root) / path.parent_path(), error);
  const fs::path top = fs::weakly_canonical(root, error);
  const auto [end, rest] = std::mismatch(top.begin(), top.end(), parent.begin(), parent.end());
  return !error && end == top.end() && !fs::is_symlink(fs::path(root) / path);
}

// The runs of `bytes` that are not zero, in blocks of 4096.
std::vector<Extent> NonZero(Bytes bytes, uint64_t from, uint64_t to) {
  constexpr uint64_t kBlock = 4096;
  std::vector<Extent> extents;
  for (uint64_t at = from; at < to;) {
    const uint64_t next = std::min(to, (at / kBlock + 1) * kBlock);
    const Bytes block = bytes.subspan(at, next - at);
    if (!AllZero(block)) {
      const bool joins = !extents.empty() && extents.back().offset + extents.back().bytes.size() == at;
      if (!joins) extents.push_back({at, {}});
      extents.back().bytes += AsText(block);
    }
    at = next;
  }
  return extents;
}

// Follows the edits through the names, so that an edit of a file that an earlier one renamed finds its old
// bytes.
class Recorder {
 public:
  explicit Recorder(const Plan& plan) : plan_(plan) { journal_.root = plan.root; }

  Result<Journal> Record() {
    for (const Step& step : plan_.steps) {
      for (const Edit& edit : step.edits) {
        if (auto done = Record(edit); !done) return tl::make_unexpected(done.error());
      }
    }
    journal_.progress.assign(journal_.edits.size(), Progress::kNotBegun);
    return std::move(journal_);
  }

 private:
  std::string PathOf(const std::string& name) const { return plan_.root + "/" + name; }

  // The name under which the file `name` stands on the disk now; empty where no such file exists at this
  // point of the plan.
  std::string Source(const std::string& name) const {
    if (const auto found = moved_.find(name); found != moved_.end()) return found->second;
    return Exists(PathOf(name)) ? name : std::string();
  }

  tl::unexpected<Error> Refuse(const std::string& name, std::string why) const {
    return Fail(Errc::kRefused, PathOf(name), std::move(why));
  }

  Result<void> Record(const Edit& edit) {
    for (const std::string& name : {edit.file, edit.target.empty() ? edit.file : edit.target}) {
      if (!StaysInside(plan_.root, name)) return Refuse(name, "the plan names a file outside its directory");
    }
    JournalEdit entry{edit.kind, edit.file, edit.target, 0, {}};
    const std::string source = Source(edit.file);
    if (edit.kind == EditKind::kCreate) {
      if (!source.empty() || created_.contains(edit.file)) return Refuse(edit.file, "already exists");
      created_.insert(edit.file);
      journal_.edits.push_back(std::move(entry));
      return {};
    }
    if (source.empty()) return Refuse(edit.file, "is not there any more");
    auto file = MappedFile::Open(PathOf(source));
    if (!file) return tl::make_unexpected(file.error());
    if (auto done = Remember(source, file->bytes()); !done) return done;
    return RecordOld(edit, std::move(entry), source, file->bytes());
  }

  Result<void> RecordOld(const Edit& edit, JournalEdit entry, const std::string& source, Bytes bytes) {
    entry.old_size = bytes.size();
    switch (edit.kind) {
      case EditKind::kWrite: {
        const uint64_t end = std::min<uint64_t>(bytes.size(), edit.offset + edit.bytes.size());
        if (edit.offset < end)
          entry.old.push_back(
              {edit.offset, std::string(AsText(bytes.subspan(edit.offset, end - edit.offset)))});
        break;
      }
      case EditKind::kTruncate:
        if (edit.size > bytes.size()) return Refuse(edit.file, "is shorter than the plan found it");
        entry.old = NonZero(bytes, edit.size, bytes.size());
        break;
      case EditKind::kRemove:
        entry.old = NonZero(bytes, 0, bytes.size());
        moved_[edit.file] = {};
        break;
      case EditKind::kRename:
        if (!Source(edit.target).empty()) return Refuse(edit.target, "already exists");
        moved_[edit.file] = {};
        moved_[edit.target] = source;
        break;
      case EditKind::kCreate:
        break;
    }
    journal_.edits.push_back(std::move(entry));
    return {};
  }

  Result<void> Remember(const std::string& name, Bytes bytes) {
    if (!remembered_.insert(name).second) return {};
    struct stat info {};
    if (stat(PathOf(name).c_str(), &info) != 0) return Refuse(name, "cannot be read any more");
    journal_.originals.push_back({name, bytes.size(), info.st_mode & 07777U, info.st_mtim.tv_sec,
                                  info.st_mtim.tv_nsec, Sha256(bytes)});
    return {};
  }

  const Plan& plan_;
  Journal journal_;
  std::map<std::string, std::string> moved_;
  std::set<std::string> created_;
  std::set<std::string> remembered_;
};

Result<void> Perform(const Disk& disk, const std::string& root, const Edit& edit) {
  const std::string path = root + "/" + edit.file;
  switch (edit.kind) {
    case EditKind::kWrite:
      if (auto done = disk.WriteAt(path, edit.offset, AsBytes(edit.bytes)); !done) return done;
      return disk.Sync(path);
    case EditKind::kTruncate:
      if (auto done = disk.Resize(path, edit.size); !done) return done;
      return disk.Sync(path);
    case EditKind::kRename:
      if (auto done = disk.Rename(path, root + "/" + edit.target); !done) return done;
      return disk.SyncParent(path);
    case EditKind::kRemove:
      if (auto done = disk.Remove(path); !done) return done;
      return disk.SyncParent(path);
    case EditKind::kCreate:
      if (auto done = disk.Create(path, AsBytes(edit.bytes), 0600); !done) return done;
      return disk.SyncParent(path);
  }
  return {};
}

Result<void> SetProgress(const Disk& disk, const std::string& journal, size_t edit, Progress progress) {
  const char byte = static_cast<char>(progress);
  if (auto done = disk.WriteAt(journal, ProgressOffset(edit), AsBytes({&byte, 1})); !done) return done;
  return disk.Sync(journal);
}

Result<void> PutBack(const Disk& disk, const std::string& path, const JournalEdit& edit) {
  for (const Extent& extent : edit.old) {
    if (auto done = disk.WriteAt(path, extent.offset, AsBytes(extent.bytes)); !done) return done;
  }
  if (auto done = disk.Resize(path, edit.old_size); !done) return done;
  return disk.Sync(path);
}

Result<void> PutBackRemoved(const Disk& disk, const std::string& path, const JournalEdit& edit) {
  if (Exists(path)) return {};
  std::string bytes(edit.old_size, '\0');
  for (const Extent& extent : edit.old) bytes.replace(extent.offset, extent.bytes.size(), extent.bytes);
  if (auto done = disk.Create(path, AsBytes(bytes), 0600); !done) return done;
  return disk.SyncParent(path);
}

// Safe to run again after it was interrupted anywhere.
Result<void> UndoEdit(const Disk& disk, const std::string& root, const JournalEdit& edit) {
  const std::string path = root + "/" + edit.file;
  const std::string target = root + "/" + edit.target;
  const std::string half_made = path + ".etcdmedic-new";
  if (Exists(half_made)) {
    if (auto done = disk.Remove(half_made); !done) return done;
  }
  switch (edit.kind) {
    case EditKind::kWrite:
    case EditKind::kTruncate:
      return PutBack(disk, path, edit);
    case EditKind::kRename:
      if (Exists(path) || !Exists(target)) return {};
      if (auto done = disk.Rename(target, path); !done) return done;
      return disk.SyncParent(path);
    case EditKind::kRemove:
      return PutBackRemoved(disk, path, edit);
    case EditKind::kCreate:
      if (!Exists(path)) return {};
      if (auto done = disk.Remove(path); !done) return done;
      return disk.SyncParent(path);
  }
  return {};
}

Result<void> CheckOriginals(const Disk& disk, const Journal& journal) {
  for (const Original& original : journal.originals) {
    const std::string path = journal.root + "/" + original.file;
    if (auto done = disk.SetTimes(path, original.mode, original.mtime_s, original.mtime_ns); !done)
      return done;
    auto file = MappedFile::Open(path);
    if (!file) return tl::make_unexpected(file.error());
    if (file->bytes().size() != original.size || Sha256(file->bytes()) != original.sha256) {
      return Fail(Errc::kRefused, path, "is not as it was: something else has changed it since the repair");
    }
  }
  return {};
}

bool IsInside(const std::string& path, const std::string& folder) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(path, error);
  const fs::path outer = fs::weakly_canonical(folder, error);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

Result<void> CopyTree(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return Fail(Errc::kIo, to, "cannot make the directory: " + error.message());
  for (auto it = fs::recursive_directory_iterator(from, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    const fs::path place = fs::path(to) / it->path().lexically_relative(from);
    if (it->is_directory()) {
      fs::create_directories(place, error);
      if (!error) fs::permissions(place, it->status().permissions(), error);
    } else if (it->is_regular_file()) {
      fs::copy_file(it->path(), place, error);
    }
  }
  if (error) return Fail(Errc::kIo, to, "cannot copy: " + error.message());
  fs::permissions(to, fs::status(from).permissions(), error);
  return {};
}

}  // namespace

Result<void> ApplyInPlace(const Plan& plan, const ApplyOptions& options) {
  if (Exists(options.journal))
    return Fail(Errc::kRefused, options.journal, "already exists; undo it, or name another journal");
  auto journal = Recorder(plan).Record();
  if (!journal) return tl::make_unexpected(journal.error());
  const Disk disk(options.before_write);
  const std::string bytes = EncodeJournal(*journal);
  if (auto done = disk.Create(options.journal, AsBytes(bytes), 0600); !done) return done;
  if (auto done = disk.SyncParent(options.journal); !done) return done;
  size_t at = 0;
  for (const Step& step : plan.steps) {
    for (const Edit& edit : step.edits) {
      if (auto done = SetProgress(disk, options.journal, at, Progress::kBegun); !done) return done;
      if (auto done = Perform(disk, plan.root, edit); !done) return done;
      if (auto done = SetProgress(disk, options.journal, at, Progress::kDone); !done) return done;
      ++at;
    }
  }
  return {};
}

Result<void> ApplyToCopy(const Plan& plan, const std::string& output) {
  std::error_code error;
  if (Exists(output) && !fs::is_empty(output, error))
    return Fail(Errc::kRefused, output, "exists and is not empty");
  if (IsInside(output, plan.root))
    return Fail(Errc::kRefused, output, "lies inside the directory that is repaired");
  if (auto recorded = Recorder(plan).Record(); !recorded) return tl::make_unexpected(recorded.error());
  if (auto done = CopyTree(plan.root, output); !done) return done;
  const Disk disk;
  for (const Step& step : plan.steps) {
    for (const Edit& edit : step.edits) {
      if (auto done = Perform(disk, output, edit); !done) return done;
    }
  }
  return {};
}

Result<UndoReport> Undo(const std::string& path, const std::function<void()>& before_write) {
  auto bytes = ReadSmallFile(path, kLargestJournal);
  if (!bytes) return tl::make_unexpected(bytes.error());
  auto journal = DecodeJournal(*bytes, path);
  if (!journal) return tl::make_unexpected(journal.error());
  for (const JournalEdit& edit : journal->edits) {
    if (!StaysInside(journal->root, edit.file))
      return Fail(Errc::kRefused, path, "names a file outside its directory");
  }
  const bool begun =
      std::ranges::any_of(journal->progress, [](Progress p) { return p != Progress::kNotBegun; });
  if (!begun) return Fail(Errc::kRefused, path, "nothing is left to undo");
  const Disk disk(before_write);
  UndoReport report;
  for (size_t i = journal->edits.size(); i-- > 0;) {
    if (journal->progress[i] == Progress::kNotBegun) continue;
    if (auto done = UndoEdit(disk, journal->root, journal->edits[i]); !done)
      return tl::make_unexpected(done.error());
    // The last mark is taken away only when every file has been found as it was.
    for (const Extent& extent : journal->edits[i].old) report.bytes_restored += extent.bytes.size();
    if (i == 0) break;
    if (auto done = SetProgress(disk, path, i, Progress::kNotBegun); !done)
      return tl::make_unexpected(done.error());
  }
  if (auto done = CheckOriginals(disk, *journal); !done) return tl::make_unexpected(done.error());
  if (auto done = SetProgress(disk, path, 0, Progress::kNotBegun); !done)
    return tl::make_unexpected(done.error());
  report.files_restored = journal->originals.size();
  return report;
}

}  // namespace etcdmedic::plan
