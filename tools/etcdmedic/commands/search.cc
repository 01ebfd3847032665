// SPDX-License-Identifier: Apache-2.0
#include "objects/search.h"

#include "cli/flags.h"
#include "inputs/key_space.h"
#include "render/text.h"
#include "text/utf8.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--regex", "", "TEXT is a POSIX extended regular expression"},
    {"--keys", "", "look at keys alone"},
    {"--values", "", "look at values alone"},
    {"--decoded", "", "decode every object, to find numbers and times too"},
    {"--all-revisions", "", "everything that is retained, and not only what exists"},
    kRevFlag,
    {"--limit", "N", "stop after N matches"},
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"search DIR nginx:1.27", "which objects hold a text, and in which field"},
    {"search DIR --regex 'image: |nginx:1[.]2[0-9]' --all-revisions --limit 5",
     "an expression, in the past too"},
    {"search DIR kube-root-ca --keys", "keys alone"},
};

constexpr size_t kShownWidth = 100;

// A long line is shown from a little before the match.
std::string Excerpt(std::string_view line, const text::Pattern& pattern) {
  constexpr size_t kBefore = 30;
  const auto match = pattern.Find(line);
  const size_t from =
      match && line.size() > kShownWidth ? match->offset - std::min(match->offset, kBefore) : 0;
  return (from > 0 ? "…" : "") +
         render::Shorten(render::Printable(line.substr(from, 4 * kShownWidth)), kShownWidth);
}

class Printer {
 public:
  Printer(Context& context, const kubectl::Registry& registry, const text::Pattern& pattern, int64_t revision)
      : registry_(registry),
        pattern_(pattern),
        rows_(context, {"search", "search-match", "matches"},
              {{"key"},
               {"mod_revision", "REVISION", kRight},
               {"kind", "KIND"},
               {"", "NAME"},
               {"found_in"},
               {"field"},
               {"", "WHERE"},
               {"line_number"},
               {"", "LINE"}},
              [=](render::Document& document) { document.Field("revision", revision); }) {}

  void Add(const mvcc::KeyValue& kv, const objects::SearchMatch& match) {
    using None = std::monostate;
    const auto object = text::IsUtf8(kv.key) ? registry_.Parse(kv.key) : std::nullopt;
    const bool known = object && object->resource != nullptr;
    std::string name(kv.key);
    if (known) name = object->namespace_name.empty() ? "" : std::string(object->namespace_name) + "/";
    if (known) name += object->name;
    const bool is_field = match.found_in == objects::FoundIn::kField;
    const std::string where = is_field ? match.path : std::string(NameOf(match.found_in));
    const bool is_key = match.found_in == objects::FoundIn::kKey;
    const std::string shown = is_key || match.line > 0 ? Excerpt(match.text, pattern_)
                              : is_field               ? std::string("(in its bytes)")
                                                       : fmt::format("(at byte {})", match.offset);
    rows_.Add({kv.key, kv.mod_revision, known ? Cell(object->resource->kind) : TextCell("", "-"),
               Cell(None(), name), NameOf(match.found_in), is_field ? Cell(match.path) : Cell(None()),
               Cell(None(), match.line > 1 ? fmt::format("{}:{}", where, match.line) : where),
               match.line > 0 ? Cell(match.line) : Cell(None()), Cell(None(), shown)},
              [&](render::Document& document) {
                if (!is_key && match.line > 0) document.Field("line", match.text);
                if (!is_key && !is_field && match.line == 0) document.Field("offset", match.offset);
              });
  }

 private:
  const kubectl::Registry& registry_;
  const text::Pattern& pattern_;
  Rows rows_;
};

Result<text::Pattern> PatternOf(const Args& args) {
  const std::string& typed = args.positional()[1];
  if (typed.empty()) return Fail(Errc::kUsage, "", "TEXT is empty, and would match everything");
  return args.Has("--regex") ? text::Pattern::Regex(typed) : text::Pattern::Literal(typed);
}

void NoteNone(Context& context, const objects::SearchOptions& options, const mvcc::Store& store) {
  context.out.Flush();
  if (options.all_revisions)
    context.err.Print("etcdmedic: nothing matches; revisions from {} to {} are retained\n",
                      store.oldest_revision(), store.current_revision());
  else
    context.err.Print("etcdmedic: nothing matches at revision {}\n", options.revision);
}

int Run(Context& context, const Args& args) {
  const auto pattern = PatternOf(args);
  if (!pattern) return Report(context, pattern.error());
  if (args.Has("--rev") && args.Has("--all-revisions"))
    return Report(context, {Errc::kUsage, {}, "give one of --rev and --all-revisions"});
  const auto limit = args.Number("--limit", 0);
  if (!limit) return Report(context, limit.error());
  const auto opened = OpenKeySpace(context, args);
  if (!opened) return Report(context, opened.error());
  KeySpace& space = **opened;
  objects::SearchOptions options{.revision = space.at,
                                 .all_revisions = args.Has("--all-revisions"),
                                 .keys = args.Has("--keys") || !args.Has("--values"),
                                 .values = args.Has("--values") || !args.Has("--keys"),
                                 .decoded = args.Has("--decoded"),
                                 .mask_secrets = context.hides_values(),
                                 .open = space.encryption.open};
  uint64_t count = 0;
  Result<objects::SearchSummary> done;
  {
    Printer printer(context, space.names.registry(), *pattern, space.at);
    done = objects::Search(space.store(), *pattern, options, [&](const objects::SearchResult& result) {
      for (const objects::SearchMatch& match : result.matches) {
        printer.Add(result.change.kv, match);
        if (++count == *limit) return false;
      }
      return !context.out.closed();
    });
  }
  if (!done) return Report(context, done.error());
  if (count == 0) NoteNone(context, options, space.store());
  const int closed = NoteClosed(context, done->closed);
  return Finish(context, *space.opened, (count == 0 ? kNotable : kClean) | closed);
}

}  // namespace

extern const Command kSearch = {
    .name = "search",
    .positional = "PATH TEXT",
    .summary = "keys, values and objects that hold a text, and in which field",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
