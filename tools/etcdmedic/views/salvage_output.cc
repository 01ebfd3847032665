// SPDX-License-Identifier: Apache-2.0
#include "views/salvage_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "mvcc/key_value.h"
#include "mvcc/revision.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

using salvage::Confidence;
using salvage::Origin;
using salvage::Salvaged;
using salvage::Span;

constexpr Origin kOrigins[] = {Origin::kLive, Origin::kOlder, Origin::kFreed, Origin::kOrphan, Origin::kLog};
constexpr Confidence kConfidences[] = {Confidence::kCertain, Confidence::kLikely, Confidence::kDoubtful};
constexpr size_t kMostShown = 10;

std::string TextOf(const Span& span) {
  return span.first == span.last ? fmt::format("revision {}", span.first)
                                 : fmt::format("revisions {} to {}", span.first, span.last);
}

template <class Value>
std::string Counts(const Salvaged& salvaged, const Value& values) {
  std::string text;
  for (const auto value : values) {
    const uint64_t count = salvaged.CountOf(value);
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, NameOf(value));
  }
  return text;
}

template <class Items, class Show>
void PrintList(Context& context, const Items& items, const Show& show) {
  for (size_t i = 0; i < std::min(items.size(), kMostShown); ++i)
    context.out.Print("  {}\n", render::Printable(show(items[i])));
  if (items.size() > kMostShown) context.out.Print("  and {} more\n", items.size() - kMostShown);
}

void PrintLosses(Context& context, const salvage::Losses& losses) {
  if (!losses.any()) {
    context.out.Write("nothing is known to be missing\n");
    return;
  }
  context.out.Write("missing, or not sure to be there:\n");
  PrintList(context, losses.gaps, [](const Span& span) { return TextOf(span) + ": no record was found"; });
  PrintList(context, losses.partial, [](int64_t main) {
    return fmt::format("revision {}: some of its changes were not found", main);
  });
  PrintList(context, losses.unproven, [](const Span& span) {
    return TextOf(span) + ": on pages that are lost; keys that were last changed there may be missing";
  });
  PrintList(context, losses.suspects, [](const std::string& key) {
    return "key " + key + ": may have been deleted before the last compaction";
  });
  PrintList(context, losses.buckets, [](const std::string& name) {
    return "bucket " + name + ": as much of it as could be read, or an older state";
  });
  if (losses.tail) context.out.Write("  changes at the end: nothing shows where the db or the log ended\n");
}

void WriteSpans(render::Document& document, std::string_view name, const std::vector<Span>& spans) {
  document.List(name, spans, [&](const Span& span) {
    document.Field("first_revision", span.first);
    document.Field("last_revision", span.last);
  });
}

template <class Values>
void WriteCounts(render::Document& document, const Salvaged& salvaged, std::string_view list,
                 std::string_view name, const Values& values) {
  document.List(list, values, [&](const auto value) {
    document.Field(name, NameOf(value));
    document.Field("record_count", salvaged.CountOf(value));
  });
}

void WriteRecord(render::Document& document, const Salvaged& salvaged, const salvage::Chosen& record) {
  document.Field("key", salvaged.KeyValueOf(record).key);
  document.Field("mod_revision", record.copy.main);
  document.Field("sub_revision", record.copy.sub);
  document.Field("deleted", bool{record.copy.tombstone});
  document.Field("origin", NameOf(record.copy.origin));
  document.Field("confidence", NameOf(record.copy.confidence));
  if (const salvage::DbSource* const source = salvaged.SourceOf(record)) {
    document.Field("file", source->name);
    document.Field("offset", uint64_t{record.copy.place});
  }
}

void WriteLosses(render::Document& document, const salvage::Losses& losses) {
  document.Field("complete", !losses.any());
  WriteSpans(document, "gaps", losses.gaps);
  WriteSpans(document, "unproven_revisions", losses.unproven);
  document.Key("partial_revisions");
  document.BeginList();
  for (const int64_t main : losses.partial) document.Number(main);
  document.EndList();
  document.Texts("suspect_keys", losses.suspects);
  document.Texts("incomplete_buckets", losses.buckets);
  document.Field("tail_unknown", losses.tail);
}

void WriteHead(render::Document& document, const Salvaged& salvaged, const std::string& path,
               const std::string& output) {
  document.Field("path", path);
  document.Field("output", output);
  document.Field("revision", salvaged.revision());
  if (salvaged.compacted() >= 0) document.Field("compact_revision", salvaged.compacted());
  document.Field("record_count", salvaged.records().size());
  document.Field("copy_count", salvaged.copies());
  document.Field("lost_and_found_count", salvaged.lost_and_found().size());
  WriteCounts(document, salvaged, "origins", "origin", kOrigins);
  WriteCounts(document, salvaged, "confidences", "confidence", kConfidences);
  WriteLosses(document, salvaged.losses());
}

}  // namespace

bolt::EntriesByKey MetaOf(const Salvaged& salvaged) {
  bolt::EntriesByKey meta = salvaged.BucketOf("meta");
  // A release that keeps the state of configuration in the backend starts on none without it.
  if (salvaged.primary() == nullptr) meta["confState"];
  meta.erase("finishedCompactRev");
  meta.erase("scheduledCompactRev");
  if (salvaged.compacted() >= 0) {
    const std::string revision = mvcc::EncodeRevisionKey({{salvaged.compacted(), 0}, false});
    meta["finishedCompactRev"] = revision;
    meta["scheduledCompactRev"] = revision;
  }
  return meta;
}

void WriteSalvage(Context& context, const Salvaged& salvaged, const std::string& path,
                  const std::string& output) {
  if (context.format != render::Format::kTable) {
    render::ListDocument list(
        context.out, context.format, {"salvage", "salvaged-record", "salvaged_records"},
        [&](render::Document& document) { WriteHead(document, salvaged, path, output); });
    for (const salvage::Chosen& record : salvaged.records())
      list.Add([&](render::Document& document) { WriteRecord(document, salvaged, record); });
    return list.End();
  }
  context.out.Print("{}: {} up to revision {}\n", render::Printable(output),
                    render::Count(salvaged.records().size(), "record"), salvaged.revision());
  context.out.Print("  found as: {}\n  {}\n", Counts(salvaged, kOrigins), Counts(salvaged, kConfidences));
  if (!salvaged.lost_and_found().empty())
    context.out.Print("  {} left over: other copies, and what was compacted\n",
                      render::Count(salvaged.lost_and_found().size(), "record"));
  PrintLosses(context, salvaged.losses());
}

int ReportNothingFound(Context& context, const std::string& path, const Salvaged& salvaged,
                       const salvage::Options& options) {
  const bool compacted = options.as_of != 0 && salvaged.compacted() > options.as_of;
  const size_t unplaced = salvaged.log().unplaced.size();
  std::string why = "holds no record of a key; nothing was written";
  if (unplaced > 0)
    why = fmt::format(
        "holds no record of a key; of {} in its log nothing tells the revision; nothing was written",
        render::Count(unplaced, "put"));
  if (compacted)
    why = fmt::format("revision {} is compacted; the oldest that can be had is {}", options.as_of,
                      salvaged.compacted());
  return Report(context, {Errc::kRefused, {path, 0}, std::move(why)}) | kDamaged;
}

}  // namespace etcdmedic::tool
