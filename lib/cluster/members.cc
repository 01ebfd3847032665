// SPDX-License-Identifier: Apache-2.0
#include "cluster/members.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace etcdmedic::cluster {
namespace {

using nlohmann::json;

// These documents are small and flat; what nests deeper is left out before it is built.
std::optional<json> ParseObject(std::string_view text) {
  constexpr int kDeepest = 8;
  constexpr size_t kLargest = size_t{1} << 20;
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= kDeepest; };
  if (text.size() > kLargest) return std::nullopt;
  json parsed = json::parse(text.begin(), text.end(), shallow, false);
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

const json* Find(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string Text(const json& object, const char* name) {
  const json* const found = Find(object, name);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

bool Flag(const json& object, const char* name) {
  const json* const found = Find(object, name);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::vector<std::string> Texts(const json& object, const char* name) {
  std::vector<std::string> texts;
  const json* const found = Find(object, name);
  if (found == nullptr || !found->is_array()) return texts;
  for (const json& each : *found) {
    if (each.is_string()) texts.push_back(each.get<std::string>());
  }
  return texts;
}

std::vector<uint64_t> Ids(const json& object, const char* name) {
  std::vector<uint64_t> ids;
  const json* const found = Find(object, name);
  if (found == nullptr || !found->is_array()) return ids;
  for (const json& each : *found) {
    if (each.is_number_unsigned()) ids.push_back(each.get<uint64_t>());
  }
  return ids;
}

// Go's encoder escapes what HTML gives a meaning to.
std::string GoText(const nlohmann::ordered_json& document) {
  std::string out;
  for (const char c : document.dump(-1, ' ', false, json::error_handler_t::replace)) {
    const std::string_view escaped = c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : c == '&' ? "\\u0026" : "";
    out += escaped.empty() ? std::string_view(&c, 1) : escaped;
  }
  return out;
}

bool Contains(const std::vector<uint64_t>& ids, uint64_t id) {
  return std::ranges::find(ids, id) != ids.end();
}

}  // namespace

bool Membership::Names(uint64_t id) const {
  return std::ranges::find(members, id, &Member::id) != members.end() || Contains(incomplete, id);
}

bool Membership::Removed(uint64_t id) const { return Contains(removed, id); }

size_t Membership::Learners() const {
  return static_cast<size_t>(std::ranges::count_if(members, &Member::is_learner));
}

bool ConfState::Holds(uint64_t id) const {
  return Contains(voters, id) || Contains(learners, id) || Contains(voters_outgoing, id) ||
         Contains(learners_next, id);
}

ConfState ConfStateOf(const std::vector<Member>& members) {
  ConfState state;
  for (const Member& member : members)
    (member.is_learner ? state.learners : state.voters).push_back(member.id);
  std::ranges::sort(state.voters);
  std::ranges::sort(state.learners);
  return state;
}

std::optional<MemberDocument> ParseMemberDocument(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return std::nullopt;
  MemberDocument document;
  if (const json* const id = Find(*object, "id"); id != nullptr && id->is_number_unsigned())
    document.id = id->get<uint64_t>();
  document.member = {0, Text(*object, "name"), Texts(*object, "peerURLs"), Texts(*object, "clientURLs"),
                     Flag(*object, "isLearner")};
  document.is_promote = Flag(*object, "isPromote");
  return document;
}

std::string EncodeMember(const Member& member) {
  nlohmann::ordered_json document{{"id", member.id}, {"peerURLs", member.peer_urls}};
  if (member.is_learner) document["isLearner"] = true;
  if (!member.name.empty()) document["name"] = member.name;
  if (!member.client_urls.empty()) document["clientURLs"] = member.client_urls;
  return GoText(document);
}

std::optional<ConfState> ParseConfStateDocument(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return std::nullopt;
  return ConfState{Ids(*object, "voters"), Ids(*object, "learners"), Ids(*object, "voters_outgoing"),
                   Ids(*object, "learners_next"), Flag(*object, "auto_leave")};
}

std::string EncodeConfStateDocument(const ConfState& state) {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  const std::pair<const char*, const std::vector<uint64_t>*> lists[] = {
      {"voters", &state.voters},
      {"learners", &state.learners},
      {"voters_outgoing", &state.voters_outgoing},
      {"learners_next", &state.learners_next}};
  for (const auto& [name, ids] : lists) {
    if (!ids->empty()) document[name] = *ids;
  }
  document["auto_leave"] = state.auto_leave;
  return GoText(document);
}

std::string DowngradeTarget(std::string_view text) {
  const auto object = ParseObject(text);
  return object && Flag(*object, "enabled") ? Text(*object, "target-version") : std::string();
}

}  // namespace etcdmedic::cluster
