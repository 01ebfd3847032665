// SPDX-License-Identifier: Apache-2.0
#include "member/file_names.h"

#include "base/path.h"
#include "bolt/view.h"
#include "snap/snap.h"
#include "wal/frame.h"
#include "wal/segment_name.h"

namespace etcdmedic::member {

std::string_view WithoutPacking(std::string_view name) {
  for (const std::string_view suffix : {".zst", ".gz", ".xz"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  return name;
}

std::vector<File>* ListInWal(std::string_view plain, Layout& layout) {
  if (wal::ParseSegmentName(plain)) return &layout.segments;
  if (plain.ends_with(".tmp")) return &layout.wal_tmp;
  return plain.find(".broken") != std::string_view::npos ? &layout.wal_broken : &layout.wal_stray;
}

std::vector<File>* ListInSnap(std::string_view plain, Layout& layout) {
  if (plain == "db") return &layout.db;
  if (plain.ends_with(".snap")) return &layout.snapshots;
  if (plain.ends_with(".snap.db")) return &layout.snap_db;
  if (plain.starts_with("tmp") || plain.starts_with("db.tmp")) return &layout.snap_tmp;
  return plain.find(".broken") != std::string_view::npos ? &layout.snap_broken : nullptr;
}

std::optional<Kind> KindOfContent(Bytes bytes) {
  diag::FindingList unused;
  if (bolt::View::Open(bytes, {}, unused)) return Kind::kDb;
  wal::Frame frame;
  wal::Record record;
  if (wal::ReadFrame(bytes, 0, frame) == wal::FrameFault::kNone && wal::ParseRecord(frame, record) &&
      record.type == wal::RecordType::kCrc) {
    return Kind::kSegment;
  }
  if (snap::ReadSnapshot(bytes, {}, unused)) return Kind::kSnapFile;
  return std::nullopt;
}

std::optional<Kind> KindOfName(const std::string& path) {
  const std::string base = BaseName(path);
  const std::string_view name = WithoutPacking(base);
  if (wal::ParseSegmentName(name) || name.ends_with(".wal")) return Kind::kSegment;
  if (name.ends_with(".snap")) return Kind::kSnapFile;
  if (name == "db" || name.ends_with(".db")) return Kind::kDb;
  return std::nullopt;
}

std::vector<File>& ListOf(Kind kind, Layout& layout) {
  return kind == Kind::kSegment ? layout.segments : kind == Kind::kSnapFile ? layout.snapshots : layout.db;
}

}  // namespace etcdmedic::member
