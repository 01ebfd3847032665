// SPDX-License-Identifier: Apache-2.0
#include "startup/permissions.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/path.h"

namespace etcdmedic::startup {
namespace {

using diag::Code;
using diag::Severity;
using member::File;

enum Need : uint32_t { kSearch = 1, kWrite = 2, kRead = 4 };

constexpr EtcdVersion k34{3, 4};
constexpr EtcdVersion k36{3, 6};
constexpr EtcdVersion k37{3, 7};

bool May(const Runner& runner, const File& file, uint32_t need) {
  if (runner.uid == 0) return true;
  const uint32_t shift = file.uid == runner.uid ? 6 : file.gid == runner.gid ? 3 : 0;
  return (file.mode >> shift & need) == need || HasAcl(file.path);
}

std::string OwnerAndMode(const File& file) {
  return fmt::format("owned by {}, group {}, mode {:04o}", NameOfUser(file.uid), file.gid, file.mode);
}

std::string_view WordsFor(uint32_t need) {
  constexpr std::string_view kWords[] = {"use",  "search", "write to",          "write to",
                                         "read", "read",   "read and write to", "read and write to"};
  return kWords[need & 7];
}

// Segments that etcd opens for writing: from the one that holds the entry after the newest snapshot.
size_t FirstWritten(const member::MemberState& state) {
  const member::SnapFile* snapshot = state.NewestSnapshot();
  const uint64_t start = snapshot != nullptr ? snapshot->content->index : 0;
  size_t first = 0;
  for (size_t i = 1; i < state.layout.segments.size(); ++i) {
    const auto name = wal::ParseSegmentName(BaseName(state.layout.segments[i].name));
    if (name && name->index <= start) first = i;
  }
  return first;
}

// ---- findings

// As one that may not be read here, when the member was loaded.
bool IsReported(const member::MemberState& state, const File& file) {
  return std::ranges::any_of(state.unopened,
                             [&](const member::Unopened& each) { return each.file.path == file.path; }) ||
         std::ranges::any_of(state.layout.unlisted,
                             [&](const Error& each) { return each.where.file == file.path; });
}

// What an owner's etcd needs of each part.
template <class Visit>
void ForEachPart(const member::MemberState& state, const Visit& visit) {
  for (const File* folder : FoldersOf(state.layout)) {
    if (folder->kind == FileKind::kDirectory) visit(*folder, kRead | kWrite | kSearch);
  }
  const size_t written = FirstWritten(state);
  for (size_t i = 0; i < state.layout.segments.size(); ++i)
    visit(state.layout.segments[i], i < written ? kRead : kRead | kWrite);
  for (const File& file : state.layout.snapshots) visit(file, kRead);
  for (const File& file : state.layout.db) visit(file, kRead | kWrite);
}

void CheckOwner(const Runner& runner, const File& file, uint32_t need, diag::FindingSink& sink) {
  const bool usable = (file.mode >> 6 & need) == need;
  const bool snapshot = file.name.ends_with(".snap");
  if (!May(runner, file, need)) {
    sink.Add({Code::kFilePermission,
              {file.name, 0},
              0,
              fmt::format("{}; an etcd that runs as {}, the data directory's owner, cannot {} it",
                          OwnerAndMode(file), NameOfUser(runner.uid), WordsFor(need)),
              snapshot ? Severity::kWarning : Severity::kError});
  } else if (runner.uid == 0 && !usable) {
    sink.Add(
        {Code::kFilePermission,
         {file.name, 0},
         0,
         fmt::format("{}; root, the data directory's owner, may use it all the same, another user may not",
                     OwnerAndMode(file))});
  } else if (file.uid != runner.uid) {
    sink.Add(
        {Code::kFilePermission,
         {file.name, 0},
         0,
         fmt::format("{}; the data directory is owned by {}", OwnerAndMode(file), NameOfUser(runner.uid)),
         Severity::kNote});
  }
}

// ---- prediction

// Whether a dangling link leads to a place where a file can be made.
bool CanBeMade(const std::string& link) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::read_symlink(link, error);
  const auto place = std::filesystem::path(link).parent_path() / target.parent_path();
  return !error && std::filesystem::is_directory(place, error);
}

// One thing that etcd does with a file as it starts.
struct Gate {
  const File* file = nullptr;
  uint32_t need = 0;
  std::string message = {};
  Outcome outcome = Outcome::kExits;
};

class FileGates {
 public:
  FileGates(const member::MemberState& state, EtcdVersion version, Runner runner)
      : layout_(state.layout), state_(state), version_(version), runner_(runner) {}

  // In etcd's order: 3.6 looks at member/ first and at wal/ last, 3.4 and 3.5 at both after the db.
  std::optional<Prediction> Run() {
    const bool early = version_ >= k36;
    AddDataFolder();
    if (early) Add(layout_.member_folder, kWrite | kSearch, "cannot access member directory");
    if (!early) Add(layout_.member_folder, kSearch, SnapDirMessage());
    AddSnapFolder();
    AddDb();
    Add(layout_.wal_folder, kRead, version_ == k34 ? "create wal error" : "failed to create WAL",
        Outcome::kPanics);
    if (!early) {
      Add(layout_.member_folder, kWrite, "cannot write to member directory");
      Add(layout_.wal_folder, kWrite | kSearch, "cannot write to WAL directory");
    }
    AddSegmentsRead();
    AddSnapshots();
    Add(layout_.wal_folder, kWrite, "cannot write to WAL directory");
    AddSegmentsWritten();
    for (const Gate& gate : gates_) {
      if (auto done = Try(gate)) return done;
    }
    return std::nullopt;
  }

 private:
  void Add(const std::optional<File>& file, uint32_t need, std::string_view message,
           Outcome outcome = Outcome::kExits) {
    if (file) gates_.push_back({&*file, need, std::string(message), outcome});
  }

  std::string_view SnapDirMessage() const {
    return version_ == k34 ? "create snapshot directory error" : "failed to create snapshot directory";
  }

  void AddDataFolder() {
    Add(layout_.data_folder, kRead,
        version_ == k34 ? "error listing data dir" : "failed to list data directory");
    Add(layout_.data_folder, kWrite | kSearch, "cannot access data directory");
  }

  void AddSnapFolder() {
    Add(layout_.snap_folder, kWrite | kSearch, SnapDirMessage());
    if (version_ == k34) {
      Add(layout_.snap_folder, kRead, "runtime error: invalid memory address or nil pointer dereference",
          Outcome::kPanics);
    } else {
      Add(layout_.snap_folder, kRead,
          version_ >= k37 ? "failed to purge snap db file" : "snap: permission denied");
    }
  }

  void AddDb() {
    for (const File& file : layout_.db)
      gates_.push_back({&file, kRead | kWrite,
                        version_ == k34 ? "cannot open database at" : "failed to open database",
                        Outcome::kPanics});
  }

  void AddSegmentsRead() {
    Add(layout_.wal_folder, kSearch, ".wal: permission denied");
    for (const File& file : layout_.segments)
      gates_.push_back({&file, kRead, fmt::format("{}: {}", BaseName(file.name), SystemWords(file.kind))});
  }

  void AddSnapshots() {
    if (version_ >= k37) return;  // the log alone says which snapshot counts
    for (const File& file : layout_.snapshots) {
      if (file.kind == FileKind::kFifo) gates_.push_back({&file, 0, {}, Outcome::kHangs});
    }
  }

  void AddSegmentsWritten() {
    for (size_t i = FirstWritten(state_); i < layout_.segments.size(); ++i)
      gates_.push_back({&layout_.segments[i], kWrite,
                        fmt::format("{}: permission denied", BaseName(layout_.segments[i].name))});
  }

  // The kernel's words for what happens to a file that is opened for reading and is not a file.
  static std::string_view SystemWords(FileKind kind) {
    switch (kind) {
      case FileKind::kDirectory:
        return "is a directory";
      case FileKind::kSocket:
        return "no such device or address";
      case FileKind::kDanglingLink:
        return "no such file or directory";
      case FileKind::kCircularLink:
        return "too many levels of symbolic links";
      case FileKind::kUnknown:
        return "input/output error";
      default:
        return "permission denied";
    }
  }

  bool IsSegment(const File& file) const {
    return !layout_.segments.empty() && &file >= layout_.segments.data() && &file <= &layout_.segments.back();
  }

  std::optional<Prediction> WrongKind(const Gate& gate) const {
    const FileKind kind = gate.file->kind;
    std::string why = fmt::format("{} is {}", gate.file->name, NameOf(kind));
    if (kind == FileKind::kFifo && gate.outcome != Outcome::kPanics)
      return Prediction{Outcome::kHangs, "", why + ": etcd waits for somebody to write to it"};
    const bool device = kind == FileKind::kCharacterDevice || kind == FileKind::kBlockDevice;
    if (device && IsSegment(*gate.file))
      return Prediction{Outcome::kExits,
                        version_ == k34 ? "cannot be repaired" : "failed to read WAL, cannot be repaired",
                        std::move(why)};
    return Prediction{gate.outcome, gate.message, std::move(why)};
  }

  bool IsFolder(const File& file) const {
    const std::vector<const File*> folders = FoldersOf(layout_);
    return std::ranges::find(folders, &file) != folders.end();
  }

  // To etcd a wal that is not a directory is a log that does not exist, and a link to nothing a db that it
  // can make, where the directory that the link leads to is there.
  bool CountsAsAbsent(const File& file) const {
    if (layout_.wal_folder && &file == &*layout_.wal_folder) return true;
    return file.kind == FileKind::kDanglingLink && !layout_.db.empty() && &file == &layout_.db.front() &&
           CanBeMade(file.path);
  }

  std::optional<Prediction> Try(const Gate& gate) const {
    if (gate.file->kind != (IsFolder(*gate.file) ? FileKind::kDirectory : FileKind::kRegular))
      return CountsAsAbsent(*gate.file) ? std::nullopt : WrongKind(gate);
    if (May(runner_, *gate.file, gate.need)) return std::nullopt;
    return Prediction{
        gate.outcome, gate.message,
        fmt::format("{} is {}: an etcd that runs as {}, the data directory's owner, cannot {} it",
                    gate.file->name, OwnerAndMode(*gate.file), NameOfUser(runner_.uid), WordsFor(gate.need))};
  }

  const member::Layout& layout_;
  const member::MemberState& state_;
  const EtcdVersion version_;
  const Runner runner_;
  std::vector<Gate> gates_;
};

// What could not be opened here, though etcd may be able to.
std::optional<Prediction> OutOfReach(const member::MemberState& state) {
  if (state.complete()) return std::nullopt;
  const Error& error = state.unopened.empty() ? state.layout.unlisted.front() : state.unopened.front().error;
  return Prediction{Outcome::kUnknown, "", fmt::format("{}: {}", error.where.file, error.what)};
}

}  // namespace

std::optional<Runner> RunnerOf(const member::Layout& layout) {
  const auto& folder = layout.data_folder ? layout.data_folder : layout.member_folder;
  if (!folder) return std::nullopt;
  return Runner{folder->uid, folder->gid};
}

void CheckPermissions(const member::MemberState& state, diag::FindingSink& sink) {
  for (const File* folder : FoldersOf(state.layout)) {
    if (folder->kind != FileKind::kDirectory)
      sink.Add({Code::kFileKind,
                {folder->name, 0},
                0,
                fmt::format("is {}, not a directory", NameOf(folder->kind))});
  }
  const auto runner = RunnerOf(state.layout);
  if (!runner) return;
  ForEachPart(state, [&](const File& file, uint32_t need) {
    const bool known = file.kind == FileKind::kRegular || file.kind == FileKind::kDirectory;
    if (known && !IsReported(state, file)) CheckOwner(*runner, file, need, sink);
  });
}

std::optional<Prediction> FailByFiles(const member::MemberState& state, EtcdVersion version) {
  const auto runner = RunnerOf(state.layout);
  if (!runner) return std::nullopt;
  if (auto done = FileGates(state, version, *runner).Run()) return done;
  return OutOfReach(state);
}

}  // namespace etcdmedic::startup
