// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "views/rows.h"
#include "views/value_objects.h"

namespace etcdmedic::tool {
namespace {

using std::literals::operator""sv;

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

void AddRow(Rows& rows, const Deleted& deleted, ValueObjects& objects) {
  const std::string_view key = deleted.deletion.kv.key;
  const Cell at = deleted.deletion.revision.main;
  if (!deleted.last) return rows.Add({key, at, false, "compacted"sv, "-"sv, key});
  const mvcc::KeyValue& last = deleted.last->kv;
  rows.Add({key, at, true, last.mod_revision, last.value.size(), key}, [&](render::Document& document) {
    WriteRevisions(document, last);
    objects.Write(document, last);
  });
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
  {
    Rows rows(context, {"deleted", "deleted-key", "keys"},
              {{"key"},
               {"deleted_revision", "DELETED AT", kRight},
               {"value_known"},
               {"", "LAST MOD", kRight},
               {"", "SIZE", kRight},
               {"", "KEY"}},
              [&](render::Document& document) { document.Field("revision", *at); });
    uint64_t count = 0;
    ForEachDeleted(*index, [&](const Deleted& deleted) {
      AddRow(rows, deleted, *objects);
      return ++count != *limit && !context.out.closed();
    });
  }
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
