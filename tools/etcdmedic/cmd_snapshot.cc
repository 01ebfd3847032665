// SPDX-License-Identifier: Apache-2.0
// Files that `etcdctl snapshot save` wrote.
#include "check/key_rules.h"
#include "mvcc/snapshot.h"
#include "open_store.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

void PrintStatus(Context& context, const mvcc::SnapshotStatus& status) {
  if (AsEtcdctl(context)) {
    context.out.Print("{{\"hash\":{},\"revision\":{},\"totalKey\":{},\"totalSize\":{},\"version\":\"{}\"}}\n",
                      status.hash, status.revision, status.live_keys, status.total_size,
                      render::Printable(status.version));
    return;
  }
  if (context.format == render::Format::kTable || context.format == render::Format::kName) {
    context.out.Print("{:<14} {:08x}\n{:<14} {}\n{:<14} {}\n{:<14} {}\n{:<14} {} ({} bytes)\n{:<14} {}\n",
                      "hash", status.hash, "revision", status.revision, "live_keys", status.live_keys,
                      "total_entries", status.total_entries, "total_size",
                      render::HumanSize(status.total_size), status.total_size, "version",
                      status.version.empty() ? "-" : render::Printable(status.version));
    return;
  }
  render::Document document(context.out, context.format);
  document.BeginMap();
  document.Field("schema", "etcdmedic.snapshot-status/v1");
  document.Field("hash", status.hash);
  document.Field("revision", status.revision);
  document.Field("live_keys", status.live_keys);
  document.Field("total_entries", status.total_entries);
  document.Field("total_size", status.total_size);
  document.Field("version", status.version);
  document.Field("complete", status.complete);
  document.EndMap();
}

void CheckHash(const OpenedStore& opened, diag::FindingSink& sink) {
  const std::string& file = opened.store->file();
  const Bytes bytes = opened.map->bytes();
  const mvcc::TrailerCheck check = mvcc::CheckTrailer(bytes);
  if (check.trailer == mvcc::Trailer::kMatches) return;
  if (check.trailer == mvcc::Trailer::kAbsent) {
    sink.Add({diag::Code::kSnapshotNoHash,
              {file, bytes.size()},
              0,
              "it is a copy of a db, or its end is cut off: the pages and keys are checked, single values "
              "cannot be"});
    return;
  }
  sink.Add({diag::Code::kDbSnapshotHash,
            {file, bytes.size() - 32},
            32,
            fmt::format("stored {}, computed {}", check.expected, check.computed)});
}

}  // namespace

int RunSnapshotStatus(Context& context, const Args& args) {
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const auto status = mvcc::StatusOf(*(*opened)->store);
  if (!status) return Report(context, status.error());
  PrintStatus(context, *status);
  if (!status->complete)
    context.err.Write("etcdmedic: part of the file cannot be reached, so no etcdutl prints this hash\n");
  return Finish(context, **opened, status->complete ? kClean : kDamaged);
}

int RunSnapshotVerify(Context& context, const Args& args) {
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  diag::FindingList& found = (*opened)->found;
  CheckHash(**opened, found);
  check::CheckBuckets(*(*opened)->store, nullptr, found);
  check::CheckKeys(*(*opened)->store, found);
  diag::SortFindings(found.items);
  const bool damaged = diag::WorstOf(found.items) > diag::Severity::kNote;
  if (context.format == render::Format::kTable || context.format == render::Format::kName) {
    PrintFindings(context, found.items);
    context.out.Print("{}: {}\n", render::Printable(args.positional()[0]), damaged ? "damaged" : "sound");
  } else {
    render::Document document(context.out, context.format);
    document.BeginMap();
    document.Field("schema", "etcdmedic.snapshot-report/v1");
    document.Field("path", args.positional()[0]);
    document.Field("sound", !damaged);
    WriteFindings(document, found.items);
    document.EndMap();
  }
  return damaged ? kDamaged : kClean;
}

}  // namespace etcdmedic::tool
