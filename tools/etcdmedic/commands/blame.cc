// SPDX-License-Identifier: Apache-2.0
#include "objects/blame.h"

#include "cli/flags.h"
#include "inputs/key_space.h"
#include "render/text.h"
#include "views/not_found.h"
#include "views/rows.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kNamespaceFlag,  {"--rev", "REVISION", "the object as it was at this revision (default: the newest)"},
    kEncryptionFlag, kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"blame DIR deploy/web -n demo", "which revision, and which manager, set each field, and when"},
};

constexpr size_t kShownWidth = 60;

std::string RevisionText(const objects::BlamedField& field) {
  return fmt::format("{}{}", field.at_or_before ? "<=" : "", field.revision);
}

void Print(Context& context, std::string_view key, const std::vector<objects::BlamedField>& fields,
           objects::RevisionTimes& times) {
  Rows rows(context, {"blame", "blamed-field", "fields"},
            {{"field"},
             {"", "REVISION", kRight},
             {"revision"},
             {"at_or_before"},
             {"", "TIME"},
             {"manager", "MANAGER"},
             {"", "FIELD"},
             {"value", "VALUE"}},
            [&](render::Document& document) { document.Field("key", key); });
  for (const objects::BlamedField& field : fields) {
    objects::TimeSpan when = times.Of(field.revision);
    if (field.at_or_before) when.earliest.reset();
    const std::string shown = render::Shorten(render::Printable(field.value), kShownWidth);
    rows.Add({field.path, Cell(std::monostate(), RevisionText(field)), field.revision, field.at_or_before,
              Cell(std::monostate(), IntervalCell(when)), TextCell(field.manager, "-"),
              Cell(std::monostate(), field.path), Cell(field.value, shown)},
             [&](render::Document& document) { WriteTimes(document, when); });
  }
}

// The changes of the key or object that the line names, the newest first.
Result<FoundObject> Find(Context& context, const Args& args, const mvcc::Store& store, int64_t revision,
                         objects::ObjectNames& names) {
  const auto words = ObjectWordsOf(args);
  if (!words) return tl::make_unexpected(words.error());
  const std::string& path = args.positional()[0];
  if (*words) {
    auto found = FindObject(store, names, **words, revision, mvcc::HasGeneration);
    if (found && (found->changes.empty() || found->changes.front().tombstone))
      NoteMissingObject(context, path, *found, **words, store, revision);
    return found;
  }
  const std::vector<std::string> keys{args.positional()[1]};
  const auto enough = [](const mvcc::FoundChanges& found) { return mvcc::HasGeneration(found[0]); };
  FoundObject found{nullptr, keys[0], std::move(mvcc::SearchBack(store.view(), keys, revision, enough)[0])};
  if (found.changes.empty() || found.changes.front().tombstone)
    NoteMissingKey(context, path, found.key, found.changes, store, revision);
  return found;
}

int Run(Context& context, const Args& args) {
  const auto opened = OpenKeySpace(context, args);
  if (!opened) return Report(context, opened.error());
  KeySpace& space = **opened;
  const mvcc::Store& store = space.store();
  const auto found = Find(context, args, store, space.at, space.names);
  if (!found) return Report(context, found.error());
  std::vector<objects::BlamedField> fields;
  const bool exists = !found->changes.empty() && !found->changes.front().tombstone;
  if (exists) {
    const Where where{store.file(), store.OffsetOf(AsBytes(found->changes.front().kv.value))};
    auto blamed =
        objects::Blame(found->changes, space.stored, context.hides_values(), where, space.opened->found);
    if (!blamed) return Report(context, blamed.error());
    fields = std::move(*blamed);
  }
  objects::RevisionTimes times(store, space.encryption.open);
  if (exists || context.format != render::Format::kTable) Print(context, found->key, fields, times);
  return Finish(context, *space.opened, exists ? kClean : kNotable);
}

}  // namespace

extern const Command kBlame = {
    .name = "blame",
    .positional = "PATH KEY-OR-KIND/NAME [NAME]",
    .summary = "which revision, time and manager set each field of an object",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
