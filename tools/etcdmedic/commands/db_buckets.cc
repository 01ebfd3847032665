// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kMetaPageFlag,
};
constexpr Example kExamples[] = {
    {"db buckets DIR", "entries, pages and bytes of every bucket"},
};

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  {
    Rows rows(context, {"buckets", "bucket", "buckets"},
              {{"bucket", "BUCKET"},
               {"root_page", "ROOT", kRight},
               {"inline"},
               {"depth", "DEPTH", kRight},
               {"entry_count", "ENTRIES", kRight},
               {"keys_size", "KEY BYTES", kRight},
               {"values_size", "VALUE BYTES", kRight},
               {"branch_page_count", "BRANCHES", kRight},
               {"leaf_page_count", "LEAVES", kRight},
               {"sequence", "SEQUENCE", kRight}});
    for (const bolt::BucketInfo& bucket : report.buckets) {
      if (bucket.name.empty()) continue;
      rows.Add({bucket.name, bucket.root, bucket.inlined, uint64_t{bucket.depth}, bucket.entries,
                bucket.key_bytes, bucket.value_bytes, bucket.branches.pages, bucket.leaves.pages,
                bucket.sequence});
    }
  }
  return input->Finish(context);
}

}  // namespace

extern const Command kDbBuckets = {
    .name = "db buckets",
    .positional = "PATH",
    .summary = "every bucket: entries, pages, bytes",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
