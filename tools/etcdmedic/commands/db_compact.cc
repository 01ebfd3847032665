// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include "bolt/copy.h"
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "member/trailer.h"
#include "plan/disk.h"
#include "plan/new_file.h"
#include "render/text.h"
#include "salvage/copies.h"
#include "salvage/salvage.h"
#include "views/plan_output.h"
#include "views/salvage_output.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kMetaPageFlag,
    kSearchRootFlag,
    {"--salvage", "", "of a damaged db take every record that proves itself, and report the rest"},
    {"--page-size", "BYTES", "of the new file (default: that of the old one)"},
};
constexpr Example kExamples[] = {
    {"db compact DIR new.db", "the same content in a fresh, compact file"},
};

void Summarise(Context& context, const DbInput& input, const std::string& path, const std::string& target,
               const bolt::CopyResult& copied, uint32_t page_size, uint32_t hash) {
  const uint64_t before = input.bytes().size(), after = copied.built.pages * page_size;
  if (context.format == render::Format::kTable) {
    context.out.Print(
        "{}: {} buckets, {} entries, {} -> {}\ncontent hash {:08x}, read back from the new file\n",
        render::Printable(target), copied.buckets, copied.built.entries, render::HumanSize(before),
        render::HumanSize(after), hash);
    return;
  }
  WriteDocument(context, "db-compact", [&](render::Document& document) {
    document.Field("path", path);
    document.Field("output", target);
    document.Field("bucket_count", copied.buckets);
    document.Field("entry_count", copied.built.entries);
    document.Field("size_before", before);
    document.Field("size_after", after);
    document.Field("content_hash", hash);
    document.Field("sorted_bucket_count", copied.sorted);
    document.Field("repeated_entry_count", copied.repeated);
    WriteFindings(document, input.found.items);
  });
}

// The new file is read again from the disk before it is called done.
Result<uint32_t> HashOfFile(const std::string& path) {
  const auto map = MappedFile::Open(path);
  if (!map) return tl::make_unexpected(map.error());
  diag::FindingList found;
  const auto view = bolt::View::Open(map->bytes(), path, found);
  const bolt::FileReport report = bolt::Check(map->bytes(), path, {}, found);
  if (!view || !report.sound || !found.items.empty())
    return Fail(Errc::kIo, path, "what was written does not read back sound");
  return bolt::ContentHash(*view);
}

// The new file is made to take the place of the one that it was made from: the same owner must be able to use
// it.
int GiveToOwner(Context& context, const DbInput& input, const std::string& target) {
  plan::Disk disk;
  auto source = disk.AttributesOf(input.map.path());
  if (!source) return kClean;  // standard input has no owner
  source->owner.mode = 0600;
  if (auto done = disk.SetOwner(target, source->owner); !done) return Report(context, done.error());
  SayNotGiven(context, disk.not_given());
  return disk.not_given().empty() ? kClean : kFailed;
}

int ReportMoved(Context& context, const DbInput& input) {
  return Report(context,
                {Errc::kInUse,
                 {input.name, 0},
                 "the member committed while its db was read; try again, or use `etcdctl snapshot save`"});
}

int Refuse(Context& context, const DbInput& input, std::string why) {
  input.Finish(context);
  return Report(context, {Errc::kRefused, {input.name, 0}, std::move(why)}) | kDamaged;
}

// Of a damaged db what `salvage` makes of it, as a file instead of a member.
int Salvage(Context& context, DbInput& input, const std::string& target, uint32_t page_size) {
  const bool proven = member::ReadTrailer(input.bytes(), bolt::ReadMetas(input.bytes())).etcd_accepts;
  std::vector<salvage::DbSource> sources{salvage::OpenDbSource(input.bytes(), input.name, 0, proven)};
  const salvage::LogHistory no_log;
  auto copies = salvage::FindCopies(sources, 0);
  const auto salvaged = salvage::Salvage(sources, std::move(copies), no_log, {});
  if (salvaged.records().empty()) return ReportNothingFound(context, input.name, salvaged, {});
  auto file = plan::NewFile::Create(target);
  if (!file) return Report(context, file.error());
  const auto built = salvage::Write(salvaged, {{"meta", MetaOf(salvaged)}}, **file, {.page_size = page_size});
  if (!built) return Report(context, built.error());
  if (auto done = (*file)->Keep(); !done) return Report(context, done.error());
  const int given = GiveToOwner(context, input, target);
  WriteSalvage(context, salvaged, input.name, target);
  return input.Finish(context) | kDamaged | given;
}

int Run(Context& context, const Args& args) {
  if (args.positional().size() != 2)
    return Report(context, {Errc::kUsage, {}, "db compact needs a PATH and the name of a NEW file"});
  const auto outside = plan::StaysOutside(args.positional()[1], args.positional()[0]);
  if (!outside) return Report(context, outside.error());
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bool salvage = args.Has("--salvage");
  input->Check();
  if (input->HasMoved()) return ReportMoved(context, *input);
  const bool damaged = diag::WorstOf(input->found.items) > diag::Severity::kNote;
  if (damaged && !salvage)
    return Refuse(context, *input,
                  "is damaged; --salvage takes what can be reached, and says what it leaves out");
  const auto page_size = args.Size("--page-size", bolt::ReadMetas(input->bytes()).page_size);
  if (!page_size) return Report(context, page_size.error());
  if (!std::has_single_bit(*page_size) || *page_size < 1024 || *page_size > bolt::kLargestPage)
    return Report(context, {Errc::kUsage, {}, "--page-size takes a power of two from 1024 to 65536"});
  if (damaged) return Salvage(context, *input, args.positional()[1], static_cast<uint32_t>(*page_size));
  auto view = input->Open();
  if (!view) return Refuse(context, *input, view.error().what);
  auto file = plan::NewFile::Create(args.positional()[1]);
  if (!file) return Report(context, file.error());
  bolt::Builder builder(**file, {static_cast<uint32_t>(*page_size), 90});
  const auto copied = bolt::Copy(*view, builder);
  if (!copied) return Report(context, copied.error());
  if (input->HasMoved()) return ReportMoved(context, *input);
  if (auto done = (*file)->Sync(); !done) return Report(context, done.error());
  const auto hash = HashOfFile((*file)->place());
  if (!hash) return Report(context, hash.error());
  if (*hash != bolt::ContentHash(*view))
    return Report(context, {Errc::kIo, {args.positional()[1], 0}, "does not hold what the source does"});
  if (auto done = (*file)->Keep(); !done) return Report(context, done.error());
  const int given = GiveToOwner(context, *input, args.positional()[1]);
  Summarise(context, *input, args.positional()[0], args.positional()[1], *copied,
            static_cast<uint32_t>(*page_size), *hash);
  return input->Finish(context) | given;
}

}  // namespace

extern const Command kDbCompact = {
    .name = "db compact",
    .positional = "PATH NEW",
    .summary = "write a fresh, compact file with the same content",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
