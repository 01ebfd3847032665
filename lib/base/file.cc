// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/fault_guard.h"
#include "base/file_kind.h"
#include "base/parallel.h"
#include "base/posix.h"
#include "base/progress.h"
#include "base/spool.h"
#include "base/try.h"
#include "base/unpack.h"

namespace etcdmedic {
namespace {

constexpr size_t kUnmapBlock = size_t{2} << 20;  // that have a page table of their own
constexpr size_t kUnmapBlocksAThread = 64;

Result<Descriptor> OpenForReading(const std::string& path) {
  const auto number = OpenInput(path);
  if (!number) return Propagate(number);
  return Descriptor(*number);
}

Result<Spool> SpoolPipe(const Descriptor& from, const std::string& path) {
  auto spool = Spool::Open(path);
  if (!spool) return spool;
  Progress::Begin("reading the input", 0);
  std::vector<std::byte> block(size_t{256} << 10);
  for (;;) {
    const ssize_t count = read(from.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(path, "read");
    if (count == 0) break;
    Progress::Add(static_cast<uint64_t>(count));
    RETURN_IF_ERROR(spool->Append(Bytes(block.data(), static_cast<size_t>(count))));
  }
  RETURN_IF_ERROR(spool->Finish());
  return spool;
}

Result<Bytes> Map(int from, const std::string& path) {
  struct stat info {};
  if (fstat(from, &info) != 0) return SystemError(path, "stat");
  if (info.st_size == 0) return Bytes{};
  const auto size = static_cast<size_t>(info.st_size);
  void* const at = mmap(nullptr, size, PROT_READ, MAP_SHARED, from, 0);
  if (at == MAP_FAILED) return SystemError(path, "map");
  madvise(at, size, MADV_SEQUENTIAL);
  return Bytes(static_cast<const std::byte*>(at), size);
}

// Pages of their own where a patch writes, those of the file elsewhere, zeros after what is kept of it.
Result<Bytes> MapPatched(const std::string& path, const PatchedFile& patched) {
  if (patched.size == 0) return Bytes{};
  const int kind = MAP_PRIVATE | MAP_NORESERVE;
  void* const at = mmap(nullptr, patched.size, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return SystemError(path, "map");
  const uint64_t kept = std::min(patched.kept, patched.size);
  auto* const begin = static_cast<char*>(at);
  if (kept > 0) {
    auto from = OpenForReading(path);
    if (!from) return Propagate(from);
    if (mmap(at, kept, PROT_READ | PROT_WRITE, kind | MAP_FIXED, from->get(), 0) == MAP_FAILED)
      return SystemError(path, "map");
    const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    const uint64_t end = std::min(patched.size, (kept + page - 1) / page * page);
    memset(begin + kept, 0, end - kept);
  }
  for (const PatchedFile::Patch& patch : patched.patches)
    memcpy(begin + patch.offset, patch.bytes.data(), patch.bytes.size());
  return Bytes(static_cast<const std::byte*>(at), patched.size);
}

// What is mapped of a large file takes long to take down; several threads share it.
void Unmap(Bytes bytes) {
  if (bytes.empty()) return;
  auto* const begin = const_cast<std::byte*>(bytes.data());
  const size_t blocks = bytes.size() / kUnmapBlock;
  if (const size_t parts = PartsOf(blocks, kUnmapBlocksAThread); parts > 1) {
    InParallel(blocks, parts, [&](size_t, size_t from, size_t to) {
      madvise(begin + from * kUnmapBlock, (to - from) * kUnmapBlock, MADV_DONTNEED);
    });
  }
  munmap(begin, bytes.size());
}

}  // namespace

Result<MappedFile> MappedFile::Open(const std::string& path) {
  auto from = OpenForReading(path);
  if (!from) return Propagate(from);
  struct stat info {};
  if (fstat(from->get(), &info) != 0) return SystemError(path, "stat");
  if (S_ISDIR(info.st_mode)) return tl::make_unexpected(ExplainKind(path, FileKind::kDirectory));
  Descriptor spooled;
  if (!S_ISREG(info.st_mode)) {
    auto spool = SpoolPipe(*from, path);
    if (!spool) return Propagate(spool);
    spooled = spool->Take();
  }
  auto bytes = Map(spooled.get() < 0 ? from->get() : spooled.get(), path);
  if (!bytes) return Propagate(bytes);
  MappedFile file;
  file.path_ = path;
  file.fault_slot_ = WatchMapping(bytes->data(), bytes->size());
  file.bytes_ = *bytes;
  file.spool_ = std::move(spooled);
  const Packing packing = PackingOf(*bytes);
  if (packing == Packing::kNone) return file;
  auto spool = Spool::Open(path);
  if (!spool) return Propagate(spool);
  RETURN_IF_ERROR(Unpack(packing, *bytes, path, *spool));
  auto unpacked = Map(spool->descriptor(), path);
  if (!unpacked) return Propagate(unpacked);
  MappedFile plain;
  plain.path_ = path;
  plain.compressed_ = true;
  plain.bytes_ = *unpacked;
  plain.fault_slot_ = WatchMapping(unpacked->data(), unpacked->size());
  plain.spool_ = spool->Take();
  return plain;
}

Result<MappedFile> MappedFile::OpenPatched(const std::string& path, const PatchedFile& patched) {
  auto bytes = MapPatched(path, patched);
  if (!bytes) return Propagate(bytes);
  MappedFile file;
  file.path_ = path;
  file.patched_ = true;
  file.fault_slot_ = WatchMapping(bytes->data(), bytes->size());
  file.bytes_ = *bytes;
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      spool_(std::move(other.spool_)),
      bytes_(std::exchange(other.bytes_, {})),
      compressed_(other.compressed_),
      patched_(other.patched_),
      fault_slot_(std::exchange(other.fault_slot_, -1)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(spool_, other.spool_);
  std::swap(bytes_, other.bytes_);
  std::swap(compressed_, other.compressed_);
  std::swap(patched_, other.patched_);
  std::swap(fault_slot_, other.fault_slot_);
  return *this;
}

MappedFile::~MappedFile() {
  UnwatchMapping(fault_slot_);
  Unmap(bytes_);
}

void MappedFile::ReleasePages() const {
  if (patched_) return;  // its own pages would fall back to what the file holds
  if (!bytes_.empty()) madvise(const_cast<std::byte*>(bytes_.data()), bytes_.size(), MADV_DONTNEED);
}

uint64_t MappedFile::unreadable_pages() const { return FaultsOf(fault_slot_).pages; }
uint64_t MappedFile::first_unreadable_offset() const { return FaultsOf(fault_slot_).first_offset; }

Result<std::string> SpoolInput(const std::string& path) {
  const auto from = OpenForReading(path);
  if (!from) return Propagate(from);
  auto spool = SpoolPipe(*from, path);
  if (!spool) return Propagate(spool);
  return spool->Keep();
}

Result<std::string> PlainPath(const std::string& path) {
  const auto file = MappedFile::Open(path);
  if (!file) return Propagate(file);
  return file->spool_.get() < 0 ? path : Spool::PathOf(file->spool_);
}

Result<std::string> SpoolBytes(Bytes bytes, const std::string& name) {
  auto spool = Spool::Open(name);
  if (!spool) return Propagate(spool);
  RETURN_IF_ERROR(spool->Append(bytes));
  RETURN_IF_ERROR(spool->Finish());
  return spool->Keep();
}

Result<std::string> ReadSmallFile(const std::string& path, uint64_t limit) {
  auto file = MappedFile::Open(path);
  if (!file) return Propagate(file);
  if (file->bytes().size() > limit)
    return Fail(Errc::kLimit, path, fmt::format("is larger than {} bytes", limit));
  return std::string(AsText(file->bytes()));
}

}  // namespace etcdmedic
