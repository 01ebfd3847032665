// SPDX-License-Identifier: Apache-2.0
#include "objects/object_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "text/json_text.h"

namespace etcdmedic::objects {
namespace {

using text::ObjectView;

// What items of lists are called by in Kubernetes' schemas, the likeliest first.
constexpr std::string_view kNames[] = {"name", "type",          "key",  "uid",
                                       "ip",   "containerPort", "port", "topologyKey"};

// The member that tells the items of a list apart; empty where none does.
std::string_view NameMember(ObjectView list) {
  for (const std::string_view member : kNames) {
    std::set<std::string_view> seen;
    bool all = list.size() > 0;
    for (const ObjectView item : list) {
      const std::string_view name = item[member].text();
      all = all && !name.empty() && seen.insert(name).second;
      if (!all) break;
    }
    if (all) return member;
  }
  return {};
}

bool IsPlain(std::string_view key) {
  return !key.empty() && key.find_first_of(".[]\"/ \\") == std::string_view::npos;
}

class Walker {
 public:
  explicit Walker(const EachField& each) : each_(each) {}

  void Walk(ObjectView value) {
    if (steps_.size() == 2 && steps_[1].key == "managedFields" && steps_[0].key == "metadata") return;
    if (value.size() == 0) return Field(value);
    const std::string_view names = value.is_list() ? NameMember(value) : std::string_view();
    size_t index = 0;
    for (const ObjectView part : value) {
      const size_t length = path_.size();
      if (value.is_map()) {
        AppendKey(part.key());
        steps_.push_back({part.key(), {}, 0});
      } else {
        path_ += names.empty() ? fmt::format("[{}]", index) : fmt::format("[{}]", part[names].text());
        steps_.push_back({{}, part, index++});
      }
      Walk(part);
      steps_.pop_back();
      path_.resize(length);
    }
  }

 private:
  void Field(ObjectView value) {
    if (!steps_.empty()) each_({path_, value}, steps_);
  }

  void AppendKey(std::string_view key) {
    if (IsPlain(key))
      path_.append(path_.empty() ? "" : ".").append(key);
    else
      path_.append("[\"").append(key).append("\"]");
  }

  const EachField& each_;
  std::string path_;
  std::vector<FieldStep> steps_;
};

bool SameValue(ObjectView a, ObjectView b) { return a.kind() == b.kind() && a.text() == b.text(); }

// Whether the JSON after "k:" names the item: {"containerPort":80,"protocol":"TCP"}.
bool KeyNames(std::string_view json, ObjectView item) {
  text::ObjectTree key;
  if (text::ReadJson(json, key) || key.root().size() == 0) return false;
  for (const ObjectView part : key.root()) {
    if (item[part.key()].text() != part.text()) return false;
  }
  return true;
}

// Whether a member of fieldsV1 stands for the step.
bool StandsFor(std::string_view member, const FieldStep& step) {
  if (!step.item) return member.starts_with("f:") && member.substr(2) == step.key;
  if (member.starts_with("k:")) return KeyNames(member.substr(2), step.item);
  if (member.starts_with("i:")) return member.substr(2) == fmt::format("{}", step.index);
  if (!member.starts_with("v:")) return false;
  text::ObjectTree value;
  return !text::ReadJson(member.substr(2), value) && value.root().text() == step.item.text();
}

// Whether fieldsV1 holds the field itself, or something above it as a whole.
bool Owns(ObjectView fields, std::span<const FieldStep> steps) {
  for (size_t i = 0; i < steps.size(); ++i) {
    ObjectView next;
    for (const ObjectView member : fields) {
      if (StandsFor(member.key(), steps[i])) next = member;
    }
    if (!next) return i > 0 && fields.size() == 0;
    fields = next;
  }
  return true;
}

}  // namespace

void ForEachField(ObjectView object, const EachField& each) { Walker(each).Walk(object); }

std::vector<ObjectField> FieldsOf(ObjectView object) {
  std::vector<ObjectField> fields;
  ForEachField(object,
               [&](const ObjectField& field, std::span<const FieldStep>) { fields.push_back(field); });
  std::ranges::stable_sort(fields, {}, &ObjectField::path);
  return fields;
}

std::vector<std::string> ChangedFields(ObjectView before, ObjectView after) {
  std::vector<std::string> changed;
  const std::vector<ObjectField> old = FieldsOf(before), now = FieldsOf(after);
  for (size_t i = 0, j = 0; i < old.size() || j < now.size();) {
    const bool only_old = j == now.size() || (i < old.size() && old[i].path < now[j].path);
    const bool only_now = !only_old && (i == old.size() || now[j].path < old[i].path);
    if (only_old || only_now || !SameValue(old[i].value, now[j].value))
      changed.push_back(only_old ? old[i].path : now[j].path);
    i += only_now ? 0 : 1;
    j += only_old ? 0 : 1;
  }
  return changed;
}

std::string ValueText(ObjectView value) {
  if (value.is_map()) return "{}";
  return value.is_list() ? "[]" : std::string(value.text());
}

FieldManager ManagerOf(ObjectView object, std::span<const FieldStep> steps) {
  FieldManager manager;
  for (const ObjectView entry : object.At("metadata.managedFields")) {
    if (!Owns(entry["fieldsV1"], steps)) continue;
    const std::string_view time = entry["time"].text();
    if (!manager.name.empty() && time <= manager.time) continue;
    manager = {std::string(entry["manager"].text()), std::string(time)};
  }
  return manager;
}

}  // namespace etcdmedic::objects
