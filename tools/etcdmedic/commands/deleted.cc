// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "render/table.h"
#include "render/text.h"
#include "views/value_objects.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kRevFlag, kLimitKeysFlag, kRawFlag, kEncryptionFlag, kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"deleted DIR /registry/ --limit 5", "what was deleted, and what is known of it"},
};

// A key that is gone: its deletion, and the put before it where that is retained.
struct Deleted {
  mvcc::Change deletion;
  std::optional<mvcc::Change> last;
};

void WriteDeleted(render::Document& document, const Deleted& deleted, ValueObjects& objects) {
  document.Field("key", deleted.deletion.kv.key);
  document.Field("deleted_revision", deleted.deletion.revision.main);
  document.Field("value_known", deleted.last.has_value());
  if (!deleted.last) return;
  WriteRevisions(document, deleted.last->kv);
  objects.Write(document, deleted.last->kv);
}

// Calls `each` for the keys of the range whose newest change up to `at` is a deletion.
void ForEachDeleted(const mvcc::KeyIndex& index, const std::function<bool(const Deleted&)>& each) {
  index.ForEachKey([&](mvcc::Numbers numbers) {
    if (!index.IsTombstone(numbers.back())) return true;
    Deleted deleted{index.At(numbers.back()), {}};
    if (numbers.size() > 1 && !index.IsTombstone(numbers[numbers.size() - 2]))
      deleted.last = index.At(numbers[numbers.size() - 2]);
    return each(deleted);
  });
}

void PrintDeleted(Context& context, const Deleted& deleted, std::optional<render::Table>& table) {
  if (!table) return context.out.Print("{}\n", render::Printable(deleted.deletion.kv.key));
  table->Add(deleted.deletion.revision.main,
             deleted.last ? fmt::format("{}", deleted.last->kv.mod_revision) : "compacted",
             deleted.last ? fmt::format("{}", deleted.last->kv.value.size()) : "-", deleted.deletion.kv.key);
}

int Run(Context& context, const Args& args) {
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto at = RevisionAt(args, *(*opened)->store);
  if (!at) return Report(context, at.error());
  const std::string prefix = args.positional().size() > 1 ? args.positional()[1] : "";
  const auto index = (*opened)->store->Index(mvcc::WithPrefix(prefix), *at);
  if (!index) return Report(context, index.error());
  auto objects = ValueObjects::Of(context, args, **opened);
  if (!objects) return Report(context, objects.error());
  std::optional<render::ListDocument> rows;
  if (!ForPeople(context)) {
    rows.emplace(context.out, context.format, render::ListNames{"deleted", "deleted-key", "keys"},
                 [&](render::Document& document) { document.Field("revision", *at); });
  }
  std::optional<render::Table> table;
  constexpr auto kRight = render::Align::kRight;
  if (context.format == render::Format::kTable)
    table.emplace(context.out, std::vector<render::Column>{
                                   {"DELETED AT", kRight}, {"LAST MOD", kRight}, {"SIZE", kRight}, {"KEY"}});
  uint64_t count = 0;
  ForEachDeleted(*index, [&](const Deleted& deleted) {
    if (rows) {
      rows->Add([&](render::Document& document) { WriteDeleted(document, deleted, *objects); });
    } else {
      PrintDeleted(context, deleted, table);
    }
    return ++count != *limit && !context.out.closed();
  });
  if (rows) rows->End();
  return Finish(context, **opened, kClean);
}

}  // namespace

extern const Command kDeleted = {
    .name = "deleted",
    .positional = "PATH [PREFIX]",
    .summary = "deleted keys and their last values",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
