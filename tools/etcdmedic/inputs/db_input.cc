// SPDX-License-Identifier: Apache-2.0
#include "inputs/db_input.h"

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

int DbInput::Finish(Context& context, const bolt::View* view) const {
  context.out.Flush();
  NoteFindings(context, found.items);
  if (running && view != nullptr && !view->StillValid())
    context.err.Write(
        "etcdmedic: the member committed while its db was read; what was printed may be of two states\n");
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
  auto map = MappedFile::Open(layout->db.front().path);
  if (!map) return tl::make_unexpected(map.error());
  NoteRunning(context, in_use);
  return DbInput{std::move(*map), layout->db.front().name, in_use.running, options, {}};
}

}  // namespace etcdmedic::tool
