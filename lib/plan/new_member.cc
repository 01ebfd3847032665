// SPDX-License-Identifier: Apache-2.0
#include "plan/new_member.h"

#include "base/file.h"
#include "base/sha256.h"
#include "base/try.h"
#include "plan/disk.h"
#include "plan/log_writer.h"
#include "plan/new_file.h"
#include "plan/new_tree.h"
#include "snap/snap.h"
#include "wal/segment_name.h"

namespace etcdmedic::plan {
namespace {

const std::string kSnapFolder = "member/snap/", kWalFolder = "member/wal/";

void AppendMark(LogWriter& log, const raft::WalSnapshot& mark) {
  log.Append(wal::RecordType::kSnapshot, AsBytes(raft::EncodeWalSnapshot(mark)));
}

std::string LogOf(const NewMember& member) {
  LogWriter log;
  log.Append(wal::RecordType::kMetadata, AsBytes(raft::EncodeMetadata(member.identity)));
  AppendMark(log, {0, 0, std::nullopt});
  const auto append = [&](bool applied) {
    for (const raft::Entry& entry : member.entries) {
      if ((entry.index <= member.index) == applied)
        log.Append(wal::RecordType::kEntry, AsBytes(raft::EncodeEntry(entry)));
    }
  };
  append(true);
  log.Append(wal::RecordType::kState, AsBytes(raft::EncodeHardState(member.state)));
  const std::string conf_state = snap::EncodeConfState(member.conf_state);
  AppendMark(log, {member.index, member.term, AsBytes(conf_state)});
  append(false);
  return log.Finish(member.state);
}

std::string SnapOf(const NewMember& member) {
  const std::string store = snap::EncodeStore(member.membership);
  snap::Snapshot snapshot;
  snapshot.index = member.index;
  snapshot.term = member.term;
  snapshot.conf_state = member.conf_state;
  snapshot.store = store;
  return snap::EncodeSnapshot(snapshot);
}

Result<void> WriteDb(const std::string& place, const FillBackend& fill) {
  auto db = NewFile::Create(place);
  if (!db) return Propagate(db);
  RETURN_IF_ERROR(fill(**db));
  return (*db)->Keep();
}

}  // namespace

MemberFiles FilesOf(const NewMember& member) {
  return {wal::FormatSegmentName({0, 0}), LogOf(member), snap::SnapshotName(member.term, member.index),
          SnapOf(member)};
}

Result<std::vector<std::string>> WriteMember(const std::string& path, const NewMember& member,
                                             const Ownership& owner, const FillBackend& fill) {
  auto tree = NewTree::Begin(path);
  if (!tree) return Propagate(tree);
  const auto db = tree->PlaceOf(kSnapFolder + "db");
  if (!db) return Propagate(db);
  RETURN_IF_ERROR(WriteDb(*db, fill));
  const MemberFiles files = FilesOf(member);
  RETURN_IF_ERROR(tree->Write(kSnapFolder + files.snapshot_name, files.snapshot));
  RETURN_IF_ERROR(tree->Write(kWalFolder + files.segment_name, files.segment));
  auto not_given = tree->Give(owner.uid, owner.gid);
  if (!not_given) return not_given;
  RETURN_IF_ERROR(tree->Commit());
  return not_given;
}

Result<std::vector<std::string>> WriteSnapshotFile(const std::string& path, const Ownership& owner,
                                                   const FillBackend& fill) {
  auto file = NewFile::Create(path);
  if (!file) return Propagate(file);
  RETURN_IF_ERROR(fill(**file));
  RETURN_IF_ERROR((*file)->Sync());
  const auto pages = MappedFile::Open((*file)->place());
  if (!pages) return Propagate(pages);
  const std::string hash = Sha256(pages->bytes());
  RETURN_IF_ERROR((*file)->Write(pages->bytes().size(), AsBytes(hash)));
  Disk disk;
  RETURN_IF_ERROR(disk.SetOwner((*file)->place(), {owner.uid, owner.gid, 0600}));
  RETURN_IF_ERROR((*file)->Keep());
  return disk.not_given();
}

}  // namespace etcdmedic::plan
