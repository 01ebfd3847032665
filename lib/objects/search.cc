// SPDX-License-Identifier: Apache-2.0
#include "objects/search.h"

#include <algorithm>

#include "base/parallel.h"
#include "base/try.h"
#include "diag/naming_sink.h"
#include "k8s/secrets.h"
#include "mvcc/newest.h"
#include "objects/object_fields.h"
#include "text/text_codec.h"
#include "text/utf8.h"

namespace etcdmedic::objects {
namespace {

constexpr size_t kLeastPart = 1024;   // entries; fewer are not worth a thread
constexpr uint32_t kAhead = 8;        // entries whose memory is asked for before they are read
constexpr size_t kMostMatches = 100;  // of one value

// Calls `each` with number and text of every line in which the pattern is.
template <class Each>
void ForEachLine(std::string_view text, const text::Pattern& pattern, const Each& each) {
  uint64_t number = 1;
  while (true) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (pattern.In(text.substr(0, end))) each(number, text.substr(0, end));
    if (end == text.size()) return;
    text.remove_prefix(end + 1);
    ++number;
  }
}

// One thread's way through its part of the entries.
class Searcher {
 public:
  Searcher(const mvcc::EntryTable& table, const text::Pattern& pattern, const SearchOptions& options)
      : table_(table), pattern_(pattern.Clone()), options_(options), stored_(options.open) {}

  void Run(uint32_t begin, uint32_t end) {
    for (uint32_t entry = begin; entry < end; ++entry) {
      if (entry + kAhead < end) table_.Prefetch(entry + kAhead);
      const auto change = ReadPut(entry);
      if (change && IsCandidate(*change)) candidates.push_back(entry);
    }
  }

  // The put that an entry is.
  std::optional<mvcc::Change> ReadPut(uint32_t entry) const {
    mvcc::Change change;
    change.raw_key = table_.KeyAt(entry);
    change.raw_value = table_.ValueAt(entry);
    const auto id = mvcc::ParseRevisionKey(change.raw_key);
    if (!id || id->tombstone || id->revision.main > options_.revision) return std::nullopt;
    if (!mvcc::ParseKeyValue(change.raw_value, change.kv)) return std::nullopt;
    change.revision = id->revision;
    return change;
  }

  std::vector<SearchMatch> MatchesOf(const mvcc::KeyValue& kv) {
    std::vector<SearchMatch> matches;
    if (options_.keys && pattern_.In(kv.key))
      matches.push_back({FoundIn::kKey, {}, 0, std::string(kv.key), 0});
    if (!options_.values) return matches;
    const StoredObjects::Value value = stored_.Open(kv.key, AsBytes(kv.value));
    if (value.closed()) return matches;
    const bool hidden = options_.mask_secrets && k8s::HoldsSecret(kv.key, value.bytes);
    const size_t before = matches.size();
    if (value.is_object()) AddFields(kv.key, value.bytes, hidden, matches);
    // In managedFields every name of a field and of a program is a match that tells nothing.
    const bool managed = value.is_object() && matches.size() == before && IsInManagedFields();
    if (matches.size() == before && !hidden && !managed) AddRaw(AsText(value.bytes), matches);
    return matches;
  }

  std::vector<uint32_t> candidates;
  uint64_t closed = 0;

 private:
  bool IsCandidate(const mvcc::Change& change) {
    if (options_.keys && pattern_.In(change.kv.key)) return true;
    if (!options_.values) return false;
    const StoredObjects::Value value = stored_.Open(change.kv.key, AsBytes(change.kv.value));
    if (value.closed()) return ++closed, false;
    if (pattern_.In(AsText(value.bytes))) return true;
    if (!options_.decoded || !value.is_object()) return false;
    std::vector<SearchMatch> matches;
    AddFields(change.kv.key, value.bytes, options_.mask_secrets, matches);
    return !matches.empty();
  }

  void AddFields(std::string_view key, Bytes value, bool mask, std::vector<SearchMatch>& matches) {
    diag::NoSink ignored;
    DecodeStored(key, value, {.mask_secrets = mask}, tree_, {}, ignored);
    ForEachField(tree_.root(), [&](const ObjectField& field, std::span<const FieldStep> steps) {
      if (matches.size() >= kMostMatches) return;
      const std::string shown = ValueText(field.value);
      const size_t before = matches.size();
      AddLines(field.path, shown, matches);
      // Bytes are shown as base64.
      const bool data = !steps.empty() && (steps[0].key == "data" || steps[0].key == "binaryData");
      if (matches.size() == before && data) {
        const auto plain = text::FromBase64(shown);
        if (plain && text::IsUtf8(*plain))
          AddLines(field.path, *plain, matches);
        else if (plain && pattern_.In(*plain))
          matches.push_back({FoundIn::kField, field.path, 0, {}, 0});
      }
      if (matches.size() == before && !steps.empty() && pattern_.In(steps.back().key))
        matches.push_back({FoundIn::kField, field.path, 1, shown.substr(0, shown.find('\n')), 0});
    });
  }

  // Of the object that was decoded last.
  bool IsInManagedFields() const {
    std::string json;
    tree_.root().At("metadata.managedFields").AppendJson(json);
    return pattern_.In(json);
  }

  void AddLines(const std::string& path, std::string_view text, std::vector<SearchMatch>& matches) {
    if (!pattern_.In(text)) return;
    ForEachLine(text, pattern_, [&](uint64_t number, std::string_view line) {
      if (matches.size() < kMostMatches)
        matches.push_back(
            {path.empty() ? FoundIn::kValue : FoundIn::kField, path, number, std::string(line), 0});
    });
  }

  void AddRaw(std::string_view value, std::vector<SearchMatch>& matches) {
    const auto match = pattern_.Find(value);
    if (!match) return;
    if (text::IsUtf8(value)) return AddLines({}, value, matches);
    matches.push_back({FoundIn::kValue, {}, 0, {}, match->offset});
  }

  const mvcc::EntryTable& table_;
  const text::Pattern pattern_;
  const SearchOptions& options_;
  StoredObjects stored_;
  text::ObjectTree tree_;
};

}  // namespace

std::string_view NameOf(FoundIn found_in) {
  constexpr std::string_view kNames[] = {"key", "field", "value"};
  return kNames[static_cast<size_t>(found_in)];
}

Result<SearchSummary> Search(const mvcc::Store& store, const text::Pattern& pattern,
                             const SearchOptions& options,
                             const std::function<bool(const SearchResult&)>& each) {
  const auto table = mvcc::EntryTable::Read(store.view(), "key");
  if (!table) return Propagate(table);
  std::vector<std::unique_ptr<Searcher>> parts;
  for (size_t i = PartsOf(table->size(), kLeastPart); i > 0; --i)
    parts.push_back(std::make_unique<Searcher>(*table, pattern, options));
  InParallel(table->size(), parts.size(), [&](size_t part, size_t begin, size_t end) {
    parts[part]->Run(static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
  });
  const bool any = std::ranges::any_of(parts, [](const auto& part) { return !part->candidates.empty(); });
  mvcc::NewestOfKeys newest;
  if (any && !options.all_revisions) newest = mvcc::FindNewest(*table, options.revision);
  SearchSummary summary;
  for (const auto& part : parts) summary.closed += part->closed;
  for (const auto& part : parts) {
    for (const uint32_t entry : part->candidates) {
      if (!options.all_revisions && !newest.newest[entry]) continue;
      SearchResult result{*part->ReadPut(entry), {}};
      result.matches = part->MatchesOf(result.change.kv);
      if (!result.matches.empty() && !each(result)) return summary;
    }
  }
  return summary;
}

}  // namespace etcdmedic::objects
