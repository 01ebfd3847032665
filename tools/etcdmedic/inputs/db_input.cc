// SPDX-License-Identifier: Apache-2.0
#include "inputs/db_input.h"

#include "member/live_backend.h"
#include "render/text.h"

namespace etcdmedic::tool {

Result<bolt::View> DbInput::Open() {
  auto view = bolt::View::Open(bytes(), name, found, options);
  if (view) return std::move(*view);
  const std::string hint = options.search_root ? "" : "; --search-root looks for the buckets among the pages";
  return Fail(Errc::kMalformed, name,
              options.meta ? fmt::format("meta page {} is not valid", *options.meta)
                           : "no meta page is valid" + hint);
}

bolt::FileReport DbInput::Check() { return bolt::Check(bytes(), name, {options.meta, 0}, found); }

bool DbInput::HasMoved() const { return running && member::HasCommittedSince(transaction, map); }

void DbInput::NoteMoved(Context& context) const {
  if (!HasMoved()) return;
  context.err.Write(
      "etcdmedic: the member committed while its db was read; what was found may be of two states\n");
}

int DbInput::Finish(Context& context) const {
  context.out.Flush();
  NoteFindings(context, found.items);
  NoteMoved(context);
  return diag::WorstOf(found.items) > diag::Severity::kNote ? kDamaged : kClean;
}

Result<DbInput> OpenDb(Context& context, const Args& args, size_t at) {
  if (args.positional().size() <= at) return Fail(Errc::kUsage, "", "a PATH is needed");
  auto layout = member::Recognise(args.positional()[at]);
  if (!layout) return tl::make_unexpected(layout.error());
  if (layout->db.empty()) return tl::make_unexpected(member::Lacking(*layout, "holds no db"));
  bolt::OpenOptions options;
  if (args.Has("--meta")) {
    const auto meta = args.Number("--meta", 0);
    if (!meta) return tl::make_unexpected(meta.error());
    options.meta = static_cast<int>(*meta);
  }
  options.search_root = args.Has("--search-root");
  const auto in_use = member::IsRunning(*layout);
  const member::File& file = layout->db.front();
  auto map = in_use.running ? member::MapAfterCommit(file.path) : MappedFile::Open(file.path);
  if (!map) return tl::make_unexpected(map.error());
  NoteRunning(context, in_use);
  const uint64_t transaction = member::NewestTransaction(map->bytes());
  return DbInput{std::move(*map), file.name, in_use.running, transaction, options, {}};
}

}  // namespace etcdmedic::tool
