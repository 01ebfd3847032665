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

Bytes Salvaged::KeyOf(const Chosen& record) const {
  return record.copy.origin == Origin::kLog
             ? AsBytes(log_->records[record.log_record].key)
             : salvage::KeyOf(record.copy, (*sources_)[record.copy.source].bytes);
}

Bytes Salvaged::ValueOf(const Chosen& record) const {
  return record.copy.origin == Origin::kLog
             ? AsBytes(log_->records[record.log_record].value)
             : salvage::ValueOf(record.copy, (*sources_)[record.copy.source].bytes);
}

const DbSource* Salvaged::SourceOf(const Chosen& record) const {
  return record.copy.origin == Origin::kLog ? nullptr : &(*sources_)[record.copy.source];
}

Salvaged Salvage(const std::vector<DbSource>& sources, const LogHistory& log, const Options& options) {
  std::vector<Copy> copies;
  for (const DbSource& source : sources) {
    std::vector<Copy> found = ScanPages(source.scan, options.threads);
    if (copies.empty()) {
      copies = std::move(found);
    } else {
      copies.insert(copies.end(), found.begin(), found.end());
    }
  }
  return Selection(sources, log, options).Run(std::move(copies));
}

Result<bolt::BuildSummary> Write(const Salvaged& salvaged,
                                 const std::map<std::string, bolt::EntriesByKey, std::less<>>& replaced,
                                 bolt::PageSink& sink, const bolt::BuildOptions& options) {
  std::map<std::string, bolt::EntriesByKey, std::less<>> buckets = replaced;
  if (salvaged.primary() != nullptr) {
    for (const auto& [name, bucket] : salvaged.primary()->buckets) buckets.try_emplace(name, bucket.entries);
  }
  buckets["key"];
  if (salvaged.losses().any()) buckets[std::string(kLossesBucket)]["losses"] = TextOf(salvaged.losses());
  bolt::Builder builder(sink, options);
  for (const auto& [name, entries] : buckets) {
    RETURN_IF_ERROR(builder.Begin(name));
    if (name == "key") {
      for (const Chosen& record : salvaged.records())
        RETURN_IF_ERROR(builder.Add(salvaged.KeyOf(record), salvaged.ValueOf(record)));
    }
    for (const auto& [key, value] : entries) RETURN_IF_ERROR(builder.Add(AsBytes(key), AsBytes(value)));
    RETURN_IF_ERROR(builder.End());
  }
  return builder.Finish();
}

}  // namespace etcdmedic::salvage
