// SPDX-License-Identifier: Apache-2.0
#include "salvage/salvage.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "salvage/selection.h"

namespace etcdmedic::salvage {
namespace {

std::string TextOf(const Losses& losses) {
  std::string text;
  for (const Span& gap : losses.gaps)
    text += fmt::format("revisions {} to {} are missing\n", gap.first, gap.last);
  for (const int64_t main : losses.partial) text += fmt::format("changes of revision {} are missing\n", main);
  for (const Span& span : losses.unproven)
    text += fmt::format("keys of revisions {} to {} may be missing\n", span.first, span.last);
  for (const std::string& name : losses.buckets) text += fmt::format("bucket {} may be incomplete\n", name);
  if (losses.tail) text += "the newest changes may be missing\n";
  return text;
}

}  // namespace

std::string_view NameOf(Reason reason) {
  constexpr std::string_view kNames[] = {"superseded", "contradicted", "not-in-tree", "excluded"};
  return kNames[static_cast<size_t>(reason)];
}

uint64_t Salvaged::CountOf(Origin origin) const {
  return static_cast<uint64_t>(
      std::ranges::count_if(records_, [&](const Chosen& each) { return each.copy.origin == origin; }));
}

uint64_t Salvaged::CountOf(Confidence confidence) const {
  return static_cast<uint64_t>(std::ranges::count_if(
      records_, [&](const Chosen& each) { return each.copy.confidence == confidence; }));
}

Bytes Salvaged::KeyOf(const Chosen& record, std::string& scratch) const {
  if (record.copy.origin != Origin::kLog)
    return salvage::KeyOf(record.copy, (*sources_)[record.copy.source].bytes);
  scratch = replay::EncodeKey(log_->records[record.log_record]);
  return AsBytes(scratch);
}

Bytes Salvaged::ValueOf(const Chosen& record, std::string& scratch) const {
  if (record.copy.origin != Origin::kLog)
    return salvage::ValueOf(record.copy, (*sources_)[record.copy.source].bytes);
  scratch.clear();
  replay::AppendValue(log_->records[record.log_record], scratch);
  return AsBytes(scratch);
}

mvcc::KeyValue Salvaged::KeyValueOf(const Chosen& record) const {
  if (record.copy.origin == Origin::kLog) return log_->records[record.log_record].kv;
  mvcc::KeyValue kv;
  mvcc::ParseKeyValue(salvage::ValueOf(record.copy, (*sources_)[record.copy.source].bytes), kv);
  return kv;
}

// The log's own where it goes further than the file, or where the file has lost some of it.
const bolt::EntriesByKey& Salvaged::BucketOf(const std::string& name) const {
  static const bolt::EntriesByKey kNone;
  const auto logged = log_->buckets.find(name);
  const SmallBucket* held = nullptr;
  if (primary_ != nullptr) {
    if (const auto found = primary_->buckets.find(name); found != primary_->buckets.end())
      held = &found->second;
  }
  const bool whole = held != nullptr && held->complete && held->newest;
  const bool further = primary_ != nullptr && log_->last_index > primary_->consistent_index.value_or(0);
  if (logged != log_->buckets.end() && (!whole || further)) return logged->second;
  return held == nullptr ? kNone : held->entries;
}

std::set<std::string> Salvaged::BucketNames() const {
  std::set<std::string> names;
  if (primary_ != nullptr) {
    for (const auto& [name, bucket] : primary_->buckets) names.insert(name);
  }
  for (const auto& [name, bucket] : log_->buckets) names.insert(name);
  return names;
}

const DbSource* Salvaged::SourceOf(const Chosen& record) const {
  return record.copy.origin == Origin::kLog ? nullptr : &(*sources_)[record.copy.source];
}

Salvaged Salvage(const std::vector<DbSource>& sources, std::vector<Copy> copies, const LogHistory& log,
                 const Options& options) {
  return Selection(sources, log, options).Run(std::move(copies));
}

Result<bolt::BuildSummary> Write(const Salvaged& salvaged,
                                 const std::map<std::string, bolt::EntriesByKey, std::less<>>& replaced,
                                 bolt::PageSink& sink, const bolt::BuildOptions& options, Marked marked) {
  std::map<std::string, bolt::EntriesByKey, std::less<>> buckets = replaced;
  for (const std::string& name : salvaged.BucketNames()) buckets.try_emplace(name, salvaged.BucketOf(name));
  buckets["key"];
  if (marked == Marked::kYes && salvaged.losses().any())
    buckets[std::string(kLossesBucket)]["losses"] = TextOf(salvaged.losses());
  bolt::Builder builder(sink, options);
  std::string revision, value;
  for (const auto& [name, entries] : buckets) {
    RETURN_IF_ERROR(builder.Begin(name));
    if (name == "key") {
      for (const Chosen& record : salvaged.records())
        RETURN_IF_ERROR(builder.Add(salvaged.KeyOf(record, revision), salvaged.ValueOf(record, value)));
    }
    for (const auto& [key, content] : entries) RETURN_IF_ERROR(builder.Add(AsBytes(key), AsBytes(content)));
    RETURN_IF_ERROR(builder.End());
  }
  return builder.Finish();
}

}  // namespace etcdmedic::salvage
