// SPDX-License-Identifier: Apache-2.0
#include "views/salvage_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "mvcc/key_value.h"
#include "mvcc/revision.h"
#include "render/text.h"
#include "text/base64.h"
#include "text/utf8.h"

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
  if (losses.tail) context.out.Write("  changes at the end: the newest state of the db is not known\n");
}

void WriteSpans(render::Document& document, std::string_view name, const std::vector<Span>& spans) {
  document.Key(name);
  document.BeginList();
  for (const Span& span : spans) {
    document.BeginMap();
    document.Field("first_revision", span.first);
    document.Field("last_revision", span.last);
    document.EndMap();
  }
  document.EndList();
}

// Those that are text under `name`, the others under name_base64.
void WriteKeys(render::Document& document, const std::vector<std::string>& keys) {
  for (const bool is_text : {true, false}) {
    document.Key(is_text ? "suspect_keys" : "suspect_keys_base64");
    document.BeginList();
    for (const std::string& key : keys) {
      if (text::IsUtf8(key) != is_text) continue;
      std::string encoded;
      if (!is_text) text::AppendBase64(encoded, AsBytes(key));
      document.String(is_text ? key : encoded);
    }
    document.EndList();
  }
}

// A line for each record of the result.
void WriteRecords(Context& context, const Salvaged& salvaged) {
  mvcc::KeyValue kv;
  for (const salvage::Chosen& record : salvaged.records()) {
    mvcc::ParseKeyValue(salvaged.ValueOf(record), kv);
    render::Document document(context.out, context.format);
    document.BeginMap();
    document.Field("schema", "etcdmedic.salvaged-record/v1");
    document.FieldBytes("key", AsBytes(kv.key));
    document.Field("mod_revision", record.copy.main);
    document.Field("sub_revision", record.copy.sub);
    document.Field("is_tombstone", bool{record.copy.tombstone});
    document.Field("origin", NameOf(record.copy.origin));
    document.Field("confidence", NameOf(record.copy.confidence));
    if (const salvage::DbSource* const source = salvaged.SourceOf(record)) {
      document.Field("file", source->name);
      document.Field("offset", uint64_t{record.copy.place});
    }
    document.EndMap();
  }
}

void WriteDocument(Context& context, const Salvaged& salvaged, const std::string& path,
                   const std::string& output) {
  render::Document document(context.out, context.format);
  document.BeginMap();
  document.Field("schema", "etcdmedic.salvage/v1");
  document.Field("path", path);
  document.Field("output", output);
  document.Field("revision", salvaged.revision());
  if (salvaged.compacted() >= 0) document.Field("compact_revision", salvaged.compacted());
  document.Field("record_count", salvaged.records().size());
  document.Field("copy_count", salvaged.copies());
  document.Field("lost_and_found_count", salvaged.lost_and_found().size());
  document.Key("origins");
  document.BeginMap();
  for (const Origin origin : kOrigins) document.Field(NameOf(origin), salvaged.CountOf(origin));
  document.EndMap();
  document.Key("confidences");
  document.BeginMap();
  for (const Confidence confidence : kConfidences)
    document.Field(NameOf(confidence), salvaged.CountOf(confidence));
  document.EndMap();
  const salvage::Losses& losses = salvaged.losses();
  document.Field("complete", !losses.any());
  WriteSpans(document, "gaps", losses.gaps);
  WriteSpans(document, "unproven", losses.unproven);
  document.Key("partial_revisions");
  document.BeginList();
  for (const int64_t main : losses.partial) document.Number(main);
  document.EndList();
  WriteKeys(document, losses.suspects);
  document.Key("incomplete_buckets");
  document.BeginList();
  for (const std::string& name : losses.buckets) document.String(name);
  document.EndList();
  document.Field("tail_unknown", losses.tail);
  document.EndMap();
}

}  // namespace

bolt::EntriesByKey MetaOf(const Salvaged& salvaged) {
  bolt::EntriesByKey meta;
  if (salvaged.primary() != nullptr) {
    const auto found = salvaged.primary()->buckets.find("meta");
    if (found != salvaged.primary()->buckets.end()) meta = found->second.entries;
  }
  if (salvaged.compacted() >= 0) {
    const std::string revision = mvcc::EncodeRevisionKey({{salvaged.compacted(), 0}, false});
    meta["finishedCompactRev"] = revision;
    meta["scheduledCompactRev"] = revision;
  }
  return meta;
}

void WriteSalvage(Context& context, const Salvaged& salvaged, const std::string& path,
                  const std::string& output) {
  if (context.format == render::Format::kNdjson) return WriteRecords(context, salvaged);
  if (context.format != render::Format::kTable && context.format != render::Format::kName)
    return WriteDocument(context, salvaged, path, output);
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
  return Report(context,
                {Errc::kRefused,
                 {path, 0},
                 compacted ? fmt::format("revision {} is compacted; the oldest that can be had is {}",
                                         options.as_of, salvaged.compacted())
                           : std::string("holds no record of a key; nothing was written")}) |
         kDamaged;
}

}  // namespace etcdmedic::tool
