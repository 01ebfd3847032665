// SPDX-License-Identifier: Apache-2.0
#include "base/secret_mask.h"
#include "bucket_secrets.h"
#include "db_input.h"
#include "render/text.h"
#include "rows.h"

namespace etcdmedic::tool {
namespace {

std::string HexOf(Bytes bytes) {
  std::string hex;
  for (const std::byte byte : bytes) hex += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return hex;
}

constexpr size_t kDeepestTree = 64;

// The pages of one bucket, branches before what lies below them. The walk of the check has told which page is
// whose; only those are gone into, each once.
void PrintTree(Rows& rows, const bolt::FileReport& report, const bolt::Pages& pages, size_t bucket,
               std::vector<bool>& seen) {
  struct Level {
    bolt::Node node;
    uint32_t at = 0;
  };
  const bolt::BucketInfo& info = report.buckets[bucket];
  const std::string name = info.name.empty() ? "(directory)" : info.name;
  if (info.inlined)
    return rows.Add({name, uint64_t{0}, uint64_t{0}, std::string("inline"), info.entries, std::string()});
  std::vector<Level> way;
  const auto enter = [&](uint64_t page) {
    if (page >= report.pages.size() || seen[page] || report.pages[page].bucket != bucket ||
        way.size() > kDeepestTree)
      return;
    seen[page] = true;
    const bolt::NodeRead read = pages.Read(page);
    if (!read.usable) return;
    bolt::Element first;
    const bool any = read.node.count > 0 && bolt::ReadElement(read.node, 0, first);
    rows.Add({name, uint64_t{way.size()}, page, std::string(read.node.leaf ? "leaf" : "branch"),
              uint64_t{read.node.count}, any ? bolt::ShowKey(first.key) : std::string()});
    if (!read.node.leaf) way.push_back({read.node, 0});
  };
  enter(info.root);
  while (!way.empty()) {
    Level& level = way.back();
    bolt::Element element;
    if (level.at >= level.node.count) {
      way.pop_back();
    } else if (bolt::ReadElement(level.node, level.at++, element)) {
      enter(element.child);
    }
  }
}

}  // namespace

int RunDbTree(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  const Bytes db = input->bytes().first(bolt::SizeWithoutTrailer(input->bytes().size()));
  const bolt::Pages pages{db, report.metas.page_size, 0};
  const auto wanted = args.positional().size() > 1 ? std::optional(args.positional()[1]) : std::nullopt;
  bool any = false;
  {
    Rows rows(context, "etcdmedic.tree/v1",
              {{"bucket", "BUCKET", -16},
               {"level", "LEVEL", 5},
               {"page", "PAGE", 8},
               {"use", "USE", -7},
               {"elements", "ELEMENTS", 8},
               {"first_key", "FIRST KEY", -1}});
    std::vector<bool> seen(report.pages.size());
    for (size_t i = 0; i < report.buckets.size(); ++i) {
      if (wanted && report.buckets[i].name != *wanted) continue;
      any = true;
      PrintTree(rows, report, pages, i, seen);
    }
  }
  const int code = input->Finish(context);
  return any ? code : code | kMended;
}

int RunDbBuckets(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  {
    Rows rows(context, "etcdmedic.buckets/v1",
              {{"name", "BUCKET", -16},
               {"root", "ROOT", 8},
               {"depth", "DEPTH", 5},
               {"entries", "ENTRIES", 10},
               {"key_bytes", "KEY BYTES", 12},
               {"value_bytes", "VALUE BYTES", 14},
               {"branch_pages", "BRANCHES", 8},
               {"leaf_pages", "LEAVES", 8},
               {"sequence", "SEQUENCE", 8}});
    for (const bolt::BucketInfo& bucket : report.buckets) {
      if (bucket.name.empty()) continue;
      rows.Add({bucket.name, bucket.root, uint64_t{bucket.depth}, bucket.entries, bucket.key_bytes,
                bucket.value_bytes, bucket.branches.pages, bucket.leaves.pages, bucket.sequence});
    }
  }
  return input->Finish(context);
}

int RunDbDump(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  if (args.positional().size() < 2)
    return Report(context, {Errc::kUsage, {}, "db dump needs the name of a bucket; see db buckets"});
  auto view = input->Open();
  if (!view) {
    input->Finish(context);
    return Report(context, view.error());
  }
  auto cursor = view->CursorOf(args.positional()[1]);
  if (!cursor) {
    const int code = input->Finish(context, &*view);
    context.err.Print("etcdmedic: there is no bucket {}, or the way to it is damaged\n",
                      render::Printable(args.positional()[1]));
    return code | kMended;
  }
  const BucketSecrets secrets(context, args.positional()[1]);
  {
    Rows rows(context, "etcdmedic.entry/v1",
              {{"key", "KEY", -24},
               {"key_hex", "KEY IN HEX", -38},
               {"page", "PAGE", 8},
               {"value_size", "SIZE", 9},
               {"value", "VALUE", -1}});
    for (bool more = cursor->First(); more && !context.out.closed(); more = cursor->Next()) {
      // A table shows the beginning: the keys of a page of nonsense may be as long as the file.
      const bool table = context.format == render::Format::kTable;
      const Bytes key = cursor->key().first(std::min<size_t>(cursor->key().size(), table ? 64 : SIZE_MAX));
      std::string value(secrets.Hides(cursor->value()) ? kSecretMask : AsText(cursor->value()));
      if (table && value.size() > 64) value.resize(64);
      rows.Add({bolt::ShowKey(key), HexOf(key), cursor->page(),
                uint64_t{cursor->value().size()}, std::move(value)});
    }
  }
  return input->Finish(context, &*view);
}

}  // namespace etcdmedic::tool
