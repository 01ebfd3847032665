// SPDX-License-Identifier: Apache-2.0
#include "mvcc/membership.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "proto/message_reader.h"

namespace etcdmedic::mvcc {
namespace {

using nlohmann::json;

// Documents in the backend are small and flat; deeper ones are refused before they are built.
std::optional<json> ParseJson(Bytes text) {
  constexpr int kDeepest = 8;
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= kDeepest; };
  const std::string_view view = AsText(text);
  if (view.size() > (size_t{1} << 20)) return std::nullopt;
  json parsed = json::parse(view.begin(), view.end(), shallow, false);
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

std::vector<std::string> Texts(const json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return texts;
  for (const json& each : *found) {
    if (each.is_string()) texts.push_back(each.get<std::string>());
  }
  return texts;
}

std::vector<uint64_t> Ids(const json& object, const char* name) {
  std::vector<uint64_t> ids;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return ids;
  for (const json& each : *found) {
    if (each.is_number_unsigned()) ids.push_back(each.get<uint64_t>());
  }
  return ids;
}

std::string Text(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool Flag(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::optional<uint64_t> HexId(std::string_view text) {
  uint64_t id = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), id, 16);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return id;
}

bool ParseMember(Bytes key, Bytes value, Member& member) {
  const auto id = HexId(AsText(key));
  const auto document = ParseJson(value);
  if (!id || !document) return false;
  const auto inside = document->find("id");
  if (inside == document->end() || !inside->is_number_unsigned() || inside->get<uint64_t>() != *id)
    return false;
  member = {*id, Text(*document, "name"), Texts(*document, "peerURLs"), Texts(*document, "clientURLs"),
            Flag(*document, "isLearner")};
  return true;
}

// etcdserverpb.AlarmMember: 1 memberID, 2 alarm.
bool ParseAlarm(Bytes message, Alarm& alarm) {
  proto::MessageReader reader(message);
  for (proto::Field field; reader.Next(field);) {
    if (field.number > 2) continue;
    if (!field.is_number) return false;
    if (field.number == 1) alarm.member_id = field.value;
    if (field.number == 2) alarm.type = static_cast<AlarmType>(field.value);
  }
  return reader.sound();
}

class Reader {
 public:
  Reader(const Store& store, diag::FindingSink& sink) : store_(store), sink_(sink) {}

  Membership Run() {
    store_.view().ForEach("members", [&](Bytes key, Bytes value) {
      Member member;
      if (ParseMember(key, value, member)) {
        out_.members.push_back(std::move(member));
      } else {
        Report(diag::Code::kMvccMember, key, value,
               "an entry of bucket members is no member, or of another id");
      }
      return true;
    });
    store_.view().ForEach("members_removed", [&](Bytes key, Bytes value) {
      if (const auto id = HexId(AsText(key))) {
        out_.removed.push_back(*id);
      } else {
        Report(diag::Code::kMvccMember, key, value, "an entry of bucket members_removed is no member id");
      }
      return true;
    });
    store_.view().ForEach("alarm", [&](Bytes key, Bytes value) {
      Alarm alarm;
      alarm.offset = store_.OffsetOf(key);
      if (ParseAlarm(key, alarm)) {
        out_.alarms.push_back(alarm);
      } else {
        Report(diag::Code::kMvccAlarm, key, value, "an entry of bucket alarm is no alarm");
      }
      return true;
    });
    store_.view().ForEach("cluster", [&](Bytes key, Bytes value) { return OnCluster(key, value); });
    store_.view().ForEach("meta", [&](Bytes key, Bytes value) { return OnMeta(key, value); });
    return std::move(out_);
  }

 private:
  void Report(diag::Code code, Bytes key, Bytes value, std::string message) {
    sink_.Add({code, {store_.file(), store_.OffsetOf(key)}, key.size() + value.size(), std::move(message)});
  }

  bool OnCluster(Bytes key, Bytes value) {
    if (AsText(key) == "clusterVersion") out_.cluster_version = AsText(value);
    if (AsText(key) == "downgrade") {
      const auto document = ParseJson(value);
      if (document && Flag(*document, "enabled")) out_.downgrade_target = Text(*document, "target-version");
    }
    return true;
  }

  bool OnMeta(Bytes key, Bytes value) {
    if (AsText(key) != "confState") return true;
    out_.conf_state_offset = store_.OffsetOf(key);
    if (const auto document = ParseJson(value)) {
      out_.conf_state = ConfState{Ids(*document, "voters"), Ids(*document, "learners")};
    } else {
      Report(diag::Code::kMvccMember, key, value, "meta/confState does not parse");
    }
    return true;
  }

  const Store& store_;
  diag::FindingSink& sink_;
  Membership out_;
};

}  // namespace

std::string_view NameOf(AlarmType type) {
  constexpr std::string_view kNames[] = {"NONE", "NOSPACE", "CORRUPT"};
  const auto at = static_cast<uint64_t>(type);
  return at < std::size(kNames) ? kNames[at] : "UNKNOWN";
}

Membership ReadMembership(const Store& store, diag::FindingSink& sink) { return Reader(store, sink).Run(); }

}  // namespace etcdmedic::mvcc
