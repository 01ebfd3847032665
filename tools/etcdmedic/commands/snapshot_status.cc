// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/open_store.h"
#include "mvcc/snapshot.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"snapshot status DIR", "as `etcdutl snapshot status`, of any backend"},
};

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

int Run(Context& context, const Args& args) {
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const auto status = mvcc::StatusOf(*(*opened)->store);
  if (!status) return Report(context, status.error());
  PrintStatus(context, *status);
  if (!status->complete)
    context.err.Write("etcdmedic: part of the file cannot be reached, so no etcdutl prints this hash\n");
  return Finish(context, **opened, status->complete ? kClean : kDamaged);
}

}  // namespace

extern const Command kSnapshotStatus = {
    .name = "snapshot status",
    .positional = "PATH",
    .summary = "hash, revision, keys, size and version of a saved snapshot",
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
