// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/open_store.h"
#include "mvcc/snapshot.h"
#include "render/text.h"
#include "views/etcdctl_json.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"snapshot status DIR", "as `etcdutl snapshot status`, of any backend"},
};

void PrintStatus(Context& context, const mvcc::SnapshotStatus& status) {
  if (AsEtcdctl(context)) {
    return WriteGoDocument(context, [&](render::Document& document) {
      document.Field("hash", status.hash);
      document.Field("revision", status.revision);
      document.Field("totalKey", status.live_keys);
      document.Field("totalSize", status.total_size);
      document.Field("version", status.version);
    });
  }
  if (context.format == render::Format::kTable) {
    render::Table facts(context.out, {}, kFacts);
    facts.Add("hash", fmt::format("{:08x}", status.hash));
    facts.Add("revision", status.revision);
    facts.Add("live_keys", status.live_keys);
    facts.Add("total_entries", status.total_entries);
    facts.Add("total_size",
              fmt::format("{} ({} bytes)", render::HumanSize(status.total_size), status.total_size));
    facts.Add("version", status.version.empty() ? "-" : status.version);
    return;
  }
  WriteDocument(context, "snapshot-status", [&](render::Document& document) {
    document.Field("hash", status.hash);
    document.Field("revision", status.revision);
    document.Field("key_count", status.live_keys);
    document.Field("entry_count", status.total_entries);
    document.Field("size", status.total_size);
    document.FieldIf("storage_version", status.version);
    document.Field("complete", status.complete);
  });
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
    .answers = Answers::kDocuments,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
