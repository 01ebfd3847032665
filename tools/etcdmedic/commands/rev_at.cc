// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "objects/write_clock.h"
#include "text/time.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {kEncryptionFlag, kWalDirFlag};
constexpr Example kExamples[] = {
    {"rev-at DIR 2026-11-24T05:10:00Z", "the revision to read with --rev for the state of that time"}};

void Print(Context& context, int64_t seconds, const objects::RevisionInterval& at) {
  if (!ForPeople(context)) {
    return WriteDocument(context, "rev-at", [&](render::Document& document) {
      document.Field("time", TimeText(seconds));
      document.FieldIf("revision_before", at.before);
      document.Field("revision_after", at.after);
    });
  }
  if (context.format == render::Format::kName) return context.out.Print("{}\n", at.before);
  const std::string before = at.before > 0 ? fmt::format("up to revision {}", at.before) : "no revision";
  const std::string after = at.after ? fmt::format("from revision {} on", *at.after) : "no revision";
  render::Table facts(context.out, {}, kFacts);
  facts.Add("surely written before", before);
  facts.Add("surely written after", after);
}

int Run(Context& context, const Args& args) {
  const auto time = text::ParseTime(args.positional()[1]);
  if (!time) {
    return Report(context,
                  {Errc::kUsage,
                   {},
                   fmt::format("a time is such as 2026-11-24T05:04:02Z, not {}", args.positional()[1])});
  }
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  objects::StoredObjects stored(encryption->open);
  const auto at = objects::WriteClock(*(*opened)->store, stored).At(time->seconds);
  if (!at) return Report(context, at.error());
  Print(context, time->seconds, *at);
  return Finish(context, **opened, kClean);
}

}  // namespace

extern const Command kRevAt = {
    .name = "rev-at",
    .positional = "PATH TIME",
    .summary = "the revisions around a time",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
