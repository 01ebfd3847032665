// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

using std::literals::operator""sv;

constexpr Flag kFlags[] = {
    kMetaPageFlag,
    kSearchRootFlag,
};
constexpr Example kExamples[] = {
    {"db tree DIR", "the branches and leaves of every bucket with their keys"},
};

constexpr size_t kDeepestTree = 64;

// The pages of one bucket, branches before what is below them. The walk of the check has told which page is
// whose; only those are gone into, each once.
void PrintTree(Rows& rows, const bolt::FileReport& report, const bolt::Pages& pages, size_t bucket,
               std::vector<bool>& seen) {
  struct Level {
    bolt::Node node;
    uint32_t at = 0;
  };
  const bolt::BucketInfo& info = report.buckets[bucket];
  const Cell name = BucketCell(info.name);
  if (info.inlined)
    return rows.Add(
        {name, uint64_t{0}, Cell(std::monostate(), "0"), "inline"sv, info.entries, std::monostate()});
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
    rows.Add(
        {name, uint64_t{way.size()}, page, read.node.leaf ? "leaf"sv : "branch"sv, uint64_t{read.node.count},
         any ? Cell(std::string(AsText(first.key)), bolt::FormatKey(first.key)) : Cell(std::monostate())});
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

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  const Bytes db = input->bytes().first(bolt::SizeWithoutTrailer(input->bytes().size()));
  const bolt::Pages pages{db, report.metas.page_size, 0};
  const auto wanted = args.positional().size() > 1 ? std::optional(args.positional()[1]) : std::nullopt;
  bool any = false;
  {
    Rows rows(context, {"tree", "tree-page", "pages"},
              {{"bucket", "BUCKET"},
               {"level", "LEVEL", kRight},
               {"page", "PAGE", kRight},
               {"use", "USE"},
               {"element_count", "ELEMENTS", kRight},
               {"first_key", "FIRST KEY"}});
    std::vector<bool> seen(report.pages.size());
    for (size_t i = 0; i < report.buckets.size(); ++i) {
      if (wanted && report.buckets[i].name != *wanted) continue;
      any = true;
      PrintTree(rows, report, pages, i, seen);
    }
  }
  const int code = input->Finish(context);
  return any ? code : code | kNotable;
}

}  // namespace

extern const Command kDbTree = {
    .name = "db tree",
    .positional = "PATH [BUCKET]",
    .summary = "the tree of pages below each bucket",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
