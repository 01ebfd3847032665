// SPDX-License-Identifier: Apache-2.0
#include "mvcc/index.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/parallel.h"
#include "mvcc/key_sort.h"

namespace etcdmedic::mvcc {
namespace {

using diag::Code;

constexpr std::string_view kToTheEnd{"\0", 1};

constexpr uint32_t kAhead = 16;      // entries whose memory is asked for before they are read
constexpr size_t kLeastPart = 4096;  // entries; fewer are not worth a thread

struct Slice {
  uint32_t begin;
  uint32_t end;
};

struct Selection {
  std::vector<uint32_t> numbers;
  diag::FindingList found;
};

void Select(const EntryTable& table, Slice slice, const std::string& file, const KeyRange& range,
            int64_t newest, Selection& out) {
  for (uint32_t number = slice.begin; number < slice.end; ++number) {
    if (number + kAhead < slice.end) table.Prefetch(number + kAhead);
    const Bytes raw_key = table.KeyAt(number);
    const auto id = ParseRevisionKey(raw_key);
    KeyValue kv;
    if (!id) {
      out.found.Add({Code::kMvccRevision,
                     {file, table.OffsetOf(number)},
                     raw_key.size(),
                     fmt::format("a key of {} bytes is not a revision", raw_key.size())});
    } else if (id->revision.main > newest) {
      continue;
    } else if (!ParseKeyValue(table.ValueAt(number), kv)) {
      out.found.Add({Code::kMvccValue,
                     {file, table.OffsetOf(number)},
                     raw_key.size() + table.ValueAt(number).size(),
                     fmt::format("what revision {} holds does not parse", TextOf(id->revision))});
    } else if (range.Contains(kv.key)) {
      out.numbers.push_back(number);
    }
  }
}

}  // namespace

bool KeyRange::Contains(std::string_view candidate) const {
  if (candidate.empty()) return false;
  if (end.empty()) return candidate == key;
  return candidate >= key && (end == kToTheEnd || candidate < end);
}

KeyRange OneKey(std::string_view key) { return {std::string(key), {}}; }

KeyRange EveryKey() { return {std::string(kToTheEnd), std::string(kToTheEnd)}; }

KeyRange WithPrefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (end.empty())
    return {prefix.empty() ? std::string(kToTheEnd) : std::string(prefix), std::string(kToTheEnd)};
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return {std::string(prefix), end};
}

KeyIndex KeyIndex::Build(EntryTable table, const std::string& file, const KeyRange& range, int64_t newest,
                         diag::FindingSink& sink) {
  KeyIndex index;
  index.table_ = std::move(table);
  std::vector<Selection> parts(PartsOf(index.table_.size(), kLeastPart));
  InParallel(index.table_.size(), parts.size(), [&](size_t part, size_t begin, size_t end) {
    Select(index.table_, {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}, file, range, newest,
           parts[part]);
  });
  for (Selection& part : parts) {
    index.order_.insert(index.order_.end(), part.numbers.begin(), part.numbers.end());
    part.numbers = {};
    for (diag::Finding& finding : part.found.items) sink.Add(std::move(finding));
  }
  index.first_ = SortByKey(index.order_, index.table_);
  return index;
}

Change KeyIndex::At(uint32_t number) const {
  Change change;
  change.raw_key = table_.KeyAt(number);
  change.raw_value = table_.ValueAt(number);
  if (const auto id = ParseRevisionKey(change.raw_key)) {
    change.revision = id->revision;
    change.tombstone = id->tombstone;
  }
  ParseKeyValue(change.raw_value, change.kv);
  return change;
}

void KeyIndex::ForEachKey(const std::function<bool(Numbers)>& each) const {
  for (size_t begin = 0; begin < order_.size();) {
    size_t end = begin;
    do {
      // The newest of a key is the one that most callers read.
      const size_t ahead = end + kAhead;
      if (ahead + 1 < order_.size() && first_[ahead + 1]) table_.Prefetch(order_[ahead]);
      ++end;
    } while (end < order_.size() && !first_[end]);
    if (!each(Numbers(order_).subspan(begin, end - begin))) return;
    begin = end;
  }
}

}  // namespace etcdmedic::mvcc
