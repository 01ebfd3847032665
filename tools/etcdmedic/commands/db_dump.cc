// SPDX-License-Identifier: Apache-2.0
#include "base/secret_mask.h"
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "render/text.h"
#include "views/bucket_secrets.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kMetaPageFlag,
    kSearchRootFlag,
};
constexpr Example kExamples[] = {
    {"db dump DIR meta", "the entries of a bucket as they are stored"},
};

std::string HexOf(Bytes bytes) {
  std::string hex;
  for (const std::byte byte : bytes) hex += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return hex;
}

constexpr render::ListNames kNames{"bucket-entries", "bucket-entry", "entries"};

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  if (args.positional().size() < 2)
    return Report(context, {Errc::kUsage, {}, "db dump needs the name of a bucket; see db buckets"});
  auto view = input->Open();
  if (!view) {
    input->Finish(context);
    return Report(context, view.error());
  }
  const std::string& bucket = args.positional()[1];
  const auto head = [&](render::Document& document) { document.Field("bucket", bucket); };
  auto cursor = view->CursorOf(bucket);
  if (!cursor) {
    const int code = input->Finish(context);
    if (context.format != render::Format::kTable) Rows(context, kNames, {{"key", "KEY"}}, head);
    context.err.Print("etcdmedic: there is no bucket {}, or the way to it is damaged\n",
                      render::Printable(bucket));
    return code | kNotable;
  }
  const BucketSecrets secrets(context, bucket);
  {
    Rows rows(context, kNames,
              {{"key", "KEY"},
               {"", "KEY IN HEX"},
               {"page", "PAGE", kRight},
               {"value_size", "SIZE", kRight},
               {"value", "VALUE"}},
              head);
    for (bool more = cursor->First(); more && !context.out.closed(); more = cursor->Next()) {
      // A table shows the beginning: the keys of a page of nonsense may be as long as the file, and one of
      // them makes the column as wide for all. etcd's own have up to 18 bytes, but for names.
      const bool table = context.format == render::Format::kTable;
      const Bytes key = cursor->key().first(std::min<size_t>(cursor->key().size(), table ? 24 : SIZE_MAX));
      std::string value(secrets.Hides(cursor->value()) ? kSecretMask : AsText(cursor->value()));
      if (table && value.size() > 64) value.resize(64);
      rows.Add({Cell(std::string(AsText(key)), bolt::FormatKey(key)), HexOf(key), cursor->page(),
                uint64_t{cursor->value().size()}, std::move(value)});
    }
  }
  return input->Finish(context);
}

}  // namespace

extern const Command kDbDump = {
    .name = "db dump",
    .positional = "PATH BUCKET",
    .summary = "a bucket's entries as they are stored, in order",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
