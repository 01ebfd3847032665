// SPDX-License-Identifier: Apache-2.0
#include "replay/key_space.h"

#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::replay {
namespace {

constexpr std::string_view kNoEnd("\0", 1);

// proto3 leaves a zero out.
void AppendUnlessZero(uint32_t number, int64_t value, std::string& out) {
  if (value != 0) proto::AppendNumber(number, static_cast<uint64_t>(value), out);
}

void AppendUnlessEmpty(uint32_t number, std::string_view value, std::string& out) {
  if (!value.empty()) proto::AppendDelimited(number, value, out);
}

}  // namespace

std::string EncodeKey(const Record& record) {
  return mvcc::EncodeRevisionKey({record.revision, record.tombstone});
}

void AppendValue(const Record& record, std::string& out) {
  using Fields = proto::mvccpb::KeyValue;
  AppendUnlessEmpty(Fields::kKey, record.kv.key, out);
  if (record.tombstone) return;
  AppendUnlessZero(Fields::kCreateRevision, record.kv.create_revision, out);
  AppendUnlessZero(Fields::kModRevision, record.kv.mod_revision, out);
  AppendUnlessZero(Fields::kVersion, record.kv.version, out);
  AppendUnlessEmpty(Fields::kValue, record.kv.value, out);
  AppendUnlessZero(Fields::kLease, record.kv.lease, out);
}

std::string EncodeValue(const Record& record) {
  std::string out;
  AppendValue(record, out);
  return out;
}

void KeySpace::Start(int64_t revision, int64_t compacted) {
  revision_ = started_at_ = revision;
  compacted_ = compacted;
}

void KeySpace::AddLive(std::string_view key, const LiveKey& state) {
  live_.emplace_hint(live_.end(), key, state);
  if (state.lease != 0) leases_.Attach(key, state.lease);
}

std::pair<KeySpace::Keys::const_iterator, KeySpace::Keys::const_iterator> KeySpace::Range(
    std::string_view key, std::string_view end) const {
  if (end.empty()) {
    const auto found = live_.find(key);
    return {found, found == live_.end() ? found : std::next(found)};
  }
  const auto first = live_.lower_bound(key);
  if (end == kNoEnd) return {first, live_.end()};
  return {first, end <= key ? first : live_.lower_bound(end)};
}

void KeySpace::Put(std::string_view key, std::string_view value, int64_t lease) {
  const mvcc::Revision revision = Next();
  const auto [place, is_new] = live_.try_emplace(key);
  LiveKey& state = place->second;
  if (is_new) state.create_revision = revision.main;
  state.mod_revision = revision.main;
  ++state.version;
  state.value = value;
  const bool lease_matters = state.lease != lease || lease != 0;
  state.lease = lease;
  records_.push_back(
      {revision, false, {key, value, state.create_revision, revision.main, state.version, lease}});
  if (lease_matters) leases_.Attach(place->first, lease);
}

void KeySpace::DeleteRange(std::string_view key, std::string_view end) {
  const auto [first, last] = Range(key, end);
  for (auto each = first; each != last; ++each) {
    records_.push_back({Next(), true, {}});
    records_.back().kv.key = each->first;
    if (each->second.lease != 0) leases_.Detach(each->first);
  }
  live_.erase(first, last);
}

void KeySpace::Delete(std::string_view key) { DeleteRange(key, {}); }

int64_t KeySpace::End() {
  if (sub_ == 0) return 0;
  sub_ = 0;
  return ++revision_;
}

bool KeySpace::Compact(int64_t revision) {
  if (revision <= compacted_ || revision > revision_) return false;
  compacted_ = revision;
  return true;
}

}  // namespace etcdmedic::replay
