// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "objects/write_clock.h"
#include "render/table.h"
#include "views/write_times.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {kEncryptionFlag, kWalDirFlag};
constexpr Example kExamples[] = {
    {"when DIR 2792", "the time of that revision, as the objects around it tell it"}};

void WriteWitness(render::Document& document, const objects::TimeWitness& witness) {
  document.Field("revision", witness.revision);
  document.Field("time", TimeText(witness.seconds));
  document.Field("source", NameOf(witness.kind));
  document.Field("key", witness.key);
}

void Print(Context& context, int64_t revision, const objects::TimeInterval& when) {
  if (context.format != render::Format::kTable) {
    render::ListDocument rows(context.out, context.format, {"when", "time-witness", "witnesses"},
                              [&](render::Document& document) {
                                document.Field("revision", revision);
                                WriteTimes(document, when);
                              });
    for (const objects::TimeWitness& witness : when.witnesses)
      rows.Add([&](render::Document& document) { WriteWitness(document, witness); });
    return rows.End();
  }
  context.out.Print("revision {} was written {}\n", revision, IntervalText(when));
  if (when.witnesses.empty()) return;
  context.out.Write("\n");
  render::Table table(context.out, {{"REVISION", render::Align::kRight}, {"TIME"}, {"SOURCE"}, {"KEY"}});
  for (const objects::TimeWitness& witness : when.witnesses)
    table.Add(witness.revision, TimeText(witness.seconds), NameOf(witness.kind), witness.key);
}

int Run(Context& context, const Args& args) {
  const auto revision = ParseRevision(args.positional()[1]);
  if (!revision) return Report(context, revision.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  objects::StoredObjects stored(encryption->open);
  const auto when = objects::WriteClock(*(*opened)->store, stored).When(*revision);
  if (!when) return Report(context, when.error());
  Print(context, *revision, *when);
  return Finish(context, **opened, when->earliest || when->latest ? kClean : kNotable);
}

}  // namespace

extern const Command kWhen = {
    .name = "when",
    .positional = "PATH REVISION",
    .summary = "when a revision was written, and how that is known",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
