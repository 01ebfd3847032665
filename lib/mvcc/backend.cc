// SPDX-License-Identifier: Apache-2.0
#include "mvcc/backend.h"

#include "base/hex.h"
#include "bolt/view.h"
#include "diag/naming_sink.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::mvcc {
namespace {

using diag::Code;

std::optional<uint64_t> BigEndian(Bytes value) { return ByteReader(value).Big<uint64_t>(); }

bool ParseAlarm(Bytes message, Alarm& alarm) {
  using Fields = proto::etcdserverpb::AlarmMember;
  return proto::ForEachField(message, [&alarm](const proto::WireField& field) {
    switch (field.number) {
      case Fields::kMemberID:
        return field.Number(alarm.member_id);
      case Fields::kAlarm:
        return field.Number(alarm.type);
      default:
        return true;
    }
  });
}

class Reader {
 public:
  Reader(const bolt::View& view, Bytes db, const std::string& file, diag::FindingSink& sink)
      : view_(view), db_(db), file_(file), sink_(sink) {}

  BackendState Run() {
    constexpr struct {
      const char* bucket;
      void (Reader::*read)(Bytes key, Bytes value);
    } kBuckets[] = {{"members", &Reader::OnMember},
                    {"members_removed", &Reader::OnRemoved},
                    {"alarm", &Reader::OnAlarm},
                    {"cluster", &Reader::OnCluster},
                    {"meta", &Reader::OnMeta}};
    out_.txid = view_.meta().txid;
    out_.page_size = view_.meta().page_size;
    for (const auto& [bucket, read] : kBuckets) {
      view_.ForEach(bucket,
                    [&, read = read](Bytes key, Bytes value) { return (this->*read)(key, value), true; });
    }
    if (const auto last = view_.LastKey("key"); last && last->size() >= 8)
      out_.revision = static_cast<int64_t>(*BigEndian(*last));
    return std::move(out_);
  }

 private:
  uint64_t OffsetOf(Bytes part) const { return static_cast<uint64_t>(part.data() - db_.data()); }

  void Report(Code code, Bytes key, Bytes value, std::string message) {
    sink_.Add({code, {file_, OffsetOf(key)}, key.size() + value.size(), std::move(message)});
  }

  void OnMember(Bytes key, Bytes value) {
    const auto id = ParseHex(AsText(key));
    auto document = cluster::ParseMemberDocument(AsText(value));
    if (id && document && document->id == id) {
      document->member.id = *id;
      return out_.membership.members.push_back(std::move(document->member));
    }
    if (id) out_.membership.incomplete.push_back(*id);
    Report(Code::kMvccMember, key, value, "an entry in bucket members is not a member, or has another id");
  }

  void OnRemoved(Bytes key, Bytes value) {
    if (const auto id = ParseHex(AsText(key))) return out_.membership.removed.push_back(*id);
    Report(Code::kMvccMember, key, value, "an entry in bucket members_removed is not a member id");
  }

  void OnAlarm(Bytes key, Bytes value) {
    Alarm alarm;
    alarm.offset = OffsetOf(key);
    alarm.key = AsText(key);
    if (ParseAlarm(key, alarm)) return out_.alarms.push_back(alarm);
    Report(Code::kMvccAlarm, key, value, "an entry in bucket alarm is not an alarm");
  }

  void OnCluster(Bytes key, Bytes value) {
    if (AsText(key) == "clusterVersion") out_.membership.cluster_version = AsText(value);
    if (AsText(key) == "downgrade") out_.downgrade_target = cluster::DowngradeTarget(AsText(value));
  }

  void OnMeta(Bytes key, Bytes value) {
    const std::string_view name = AsText(key);
    if (name == "consistent_index") out_.consistent_index = BigEndian(value);
    if (name == "term") out_.term = BigEndian(value);
    if (name == "storageVersion") out_.storage_version = AsText(value);
    if (name == "finishedCompactRev" && value.size() >= 8)
      out_.compact_revision = static_cast<int64_t>(*BigEndian(value));
    if (name != "confState") return;
    out_.conf_state_offset = OffsetOf(key);
    out_.conf_state = cluster::ParseConfStateDocument(AsText(value));
    if (!out_.conf_state) Report(Code::kMvccMember, key, value, "meta/confState does not parse");
  }

  const bolt::View& view_;
  const Bytes db_;
  const std::string& file_;
  diag::FindingSink& sink_;
  BackendState out_;
};

}  // namespace

std::string_view NameOf(AlarmType type) {
  constexpr std::string_view kNames[] = {"NONE", "NOSPACE", "CORRUPT"};
  const auto at = static_cast<uint64_t>(type);
  return at < std::size(kNames) ? kNames[at] : "UNKNOWN";
}

std::optional<BackendState> ReadBackendState(Bytes db, const std::string& file, diag::FindingSink& sink) {
  const auto view = bolt::View::Open(db, file, sink);
  if (!view) return std::nullopt;
  diag::NoSink left_out;
  return Reader(*view, db, file, left_out).Run();
}

BackendState ReadBackendState(const Store& store, diag::FindingSink& sink) {
  return Reader(store.view(), store.db(), store.file(), sink).Run();
}

}  // namespace etcdmedic::mvcc
