// SPDX-License-Identifier: Apache-2.0
#include "mvcc/index.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "mvcc/key_sort.h"

namespace etcdmedic::mvcc {
namespace {

using diag::Code;

constexpr std::string_view kToTheEnd{"\0", 1};

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

Result<KeyIndex> KeyIndex::Build(const bolt::View& view, Bytes db, const std::string& file,
                                 const KeyRange& range, int64_t newest, diag::FindingSink& sink) {
  KeyIndex index;
  index.db_ = db;
  bool full = false;
  view.ForEach("key", [&](Bytes raw_key, Bytes raw_value) {
    const auto offset = static_cast<uint64_t>(raw_key.data() - db.data());
    const auto id = ParseRevisionKey(raw_key);
    KeyValue kv;
    if (!id) {
      sink.Add({Code::kMvccRevision,
                {file, offset},
                raw_key.size(),
                fmt::format("a key of {} bytes is no revision", raw_key.size())});
      return true;
    }
    if (id->revision.main > newest) return true;
    if (!ParseKeyValue(raw_value, kv)) {
      sink.Add({Code::kMvccValue,
                {file, offset},
                raw_key.size() + raw_value.size(),
                fmt::format("what revision {} holds does not parse", TextOf(id->revision))});
      return true;
    }
    if (!range.Contains(kv.key)) return true;
    full = index.places_.size() >= std::numeric_limits<uint32_t>::max();
    if (!full) index.Add(raw_key, raw_value);
    return !full;
  });
  if (full) return Fail(Errc::kLimit, file, "holds more revisions than fit an index of 32 bits");
  index.Sort();
  return index;
}

void KeyIndex::Add(Bytes raw_key, Bytes raw_value) {
  const auto offset = static_cast<uint64_t>(raw_key.data() - db_.data());
  places_.push_back(offset * 2 + (raw_key.size() == kTombstoneSize ? 1 : 0));
  sizes_.push_back(static_cast<uint32_t>(raw_value.size()));
}

void KeyIndex::Sort() {
  const auto count = static_cast<uint32_t>(places_.size());
  order_.resize(count);
  first_.assign(count, false);
  SortByKey(
      count, [&](uint32_t number) { return KeyOf(number); }, order_, first_);
}

std::string_view KeyIndex::KeyOf(uint32_t number) const { return At(number).kv.key; }

Change KeyIndex::At(uint32_t number) const {
  Change change;
  change.tombstone = IsTombstone(number);
  const uint64_t offset = places_[number] / 2;
  change.raw_key = db_.subspan(offset, change.tombstone ? kTombstoneSize : kRevisionSize);
  change.raw_value = db_.subspan(offset + change.raw_key.size(), sizes_[number]);
  if (const auto id = ParseRevisionKey(change.raw_key)) change.revision = id->revision;
  ParseKeyValue(change.raw_value, change.kv);
  return change;
}

void KeyIndex::ForEachKey(const std::function<bool(Numbers)>& each) const {
  for (size_t begin = 0; begin < order_.size();) {
    size_t end = begin + 1;
    while (end < order_.size() && !first_[end]) ++end;
    if (!each(Numbers(order_).subspan(begin, end - begin))) return;
    begin = end;
  }
}

}  // namespace etcdmedic::mvcc
