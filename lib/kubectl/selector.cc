// SPDX-License-Identifier: Apache-2.0
#include "kubectl/selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace etcdmedic::kubectl {
namespace {

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

// What an API server sees in a field that is not there.
std::string_view AbsentField(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {
      {"spec.unschedulable", "false"}, {"spec.hostNetwork", "false"}, {"status.successful", "0"},
      {"status.succeeded", "0"},       {"status.replicas", "0"},
  };
  for (const auto& [name, value] : kDefaults) {
    if (name == path) return value;
  }
  return {};
}

std::string_view FieldOf(text::ObjectView object, std::string_view path) {
  if (path == "source" && object["source"].is_map()) {
    return object.At("source.component").TextOr(object["reportingComponent"].text());
  }
  if (path == "status.successful") path = "status.succeeded";
  return object.At(path).TextOr(AbsentField(path));
}

}  // namespace

class LabelSelectorParser {
 public:
  explicit LabelSelectorParser(std::string_view text) : text_(text) {}

  Result<LabelSelector> Run() {
    using Operator = LabelSelector::Operator;
    LabelSelector selector;
    Blanks();
    if (done()) return selector;
    do {
      LabelSelector::Requirement requirement;
      const bool absent = Taken("!");
      requirement.key = Word();
      if (requirement.key.empty()) return Wrong("a label's name is missing");
      if (absent) {
        requirement.op = Operator::kAbsent;
      } else if (auto read = Condition(requirement); !read) {
        return tl::make_unexpected(read.error());
      }
      selector.requirements_.push_back(std::move(requirement));
      Blanks();
    } while (Taken(","));
    if (!done()) return Wrong("a comma is missing");
    return selector;
  }

 private:
  // What follows a label's name: nothing, =, ==, !=, in, notin, > or <.
  Result<void> Condition(LabelSelector::Requirement& requirement) {
    using Operator = LabelSelector::Operator;
    static constexpr std::pair<std::string_view, Operator> kSigns[] = {{"!=", Operator::kNotIn},
                                                                       {"==", Operator::kIn},
                                                                       {"=", Operator::kIn},
                                                                       {">", Operator::kGreater},
                                                                       {"<", Operator::kLess}};
    Blanks();
    if (done() || text_[at_] == ',') return {};
    for (const auto& [sign, op] : kSigns) {
      if (!Taken(sign)) continue;
      requirement.op = op;
      requirement.values.push_back(Word());
      const bool number = op == Operator::kGreater || op == Operator::kLess;
      if (number && !WholeNumber(requirement.values[0])) return Wrong("> and < need an integer");
      return {};
    }
    const std::string word = Word();
    if (word != "in" && word != "notin") return Wrong("=, !=, in or notin is missing");
    requirement.op = word == "in" ? Operator::kIn : Operator::kNotIn;
    return Values(requirement.values);
  }

  Result<void> Values(std::vector<std::string>& values) {
    Blanks();
    if (!Taken("(")) return Wrong("( is missing after in or notin");
    do {
      values.push_back(Word());
      Blanks();
    } while (Taken(","));
    if (!Taken(")")) return Wrong(") is missing");
    return {};
  }

  std::string Word() {
    Blanks();
    const size_t begin = at_;
    while (!done() && std::string_view(" ,=!<>()").find(text_[at_]) == std::string_view::npos) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  bool done() const { return at_ == text_.size(); }
  bool Taken(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void Blanks() {
    while (!done() && text_[at_] == ' ') ++at_;
  }
  tl::unexpected<Error> Wrong(std::string_view what) const {
    return Fail(Errc::kUsage, "", fmt::format("{} in the selector {}", what, text_), at_);
  }

  std::string_view text_;
  size_t at_ = 0;
};

Result<LabelSelector> LabelSelector::Parse(std::string_view text) { return LabelSelectorParser(text).Run(); }

bool LabelSelector::Holds(const Requirement& requirement, text::ObjectView labels) {
  const text::ObjectView label = labels[requirement.key];
  const auto listed = [&] {
    return std::ranges::find(requirement.values, label.text()) != requirement.values.end();
  };
  switch (requirement.op) {
    case Operator::kExists:
      return bool(label);
    case Operator::kAbsent:
      return !label;
    case Operator::kIn:
      return label && listed();
    case Operator::kNotIn:
      return !label || !listed();
    default:
      break;
  }
  const auto number = WholeNumber(label.text());
  const auto bound = WholeNumber(requirement.values[0]);
  if (!label || !number || !bound) return false;
  return requirement.op == Operator::kGreater ? *number > *bound : *number < *bound;
}

bool LabelSelector::Matches(text::ObjectView labels) const {
  return std::ranges::all_of(requirements_, [&](const Requirement& each) { return Holds(each, labels); });
}

Result<FieldSelector> FieldSelector::Parse(std::string_view text) {
  FieldSelector selector;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (part.empty()) continue;
    const size_t sign = part.find('=');
    if (sign == std::string_view::npos || sign == 0) {
      return Fail(Errc::kUsage, "",
                  fmt::format("a field selector is FIELD=VALUE or FIELD!=VALUE, not {}", part));
    }
    const bool unequal = part[sign - 1] == '!';
    const size_t value = sign + (!unequal && part.substr(sign).starts_with("==") ? 2 : 1);
    selector.terms_.push_back(
        {std::string(part.substr(0, sign - (unequal ? 1 : 0))), std::string(part.substr(value)), !unequal});
  }
  return selector;
}

bool FieldSelector::Matches(text::ObjectView object) const {
  return std::ranges::all_of(
      terms_, [&](const Term& term) { return (FieldOf(object, term.path) == term.value) == term.equal; });
}

std::string LabelsText(text::ObjectView labels) {
  std::vector<text::ObjectView> members(labels.begin(), labels.end());
  if (!labels.is_map() || members.empty()) return "<none>";
  std::ranges::stable_sort(members, {}, &text::ObjectView::key);
  std::string text;
  for (const text::ObjectView& member : members) {
    fmt::format_to(std::back_inserter(text), "{}{}={}", text.empty() ? "" : ",", member.key(), member.text());
  }
  return text;
}

std::string SelectorText(text::ObjectView selector) {
  std::vector<std::pair<std::string, std::string>>
      parts;  // key and text: they are printed in the keys' order
  for (const text::ObjectView label : selector["matchLabels"]) {
    parts.emplace_back(label.key(), fmt::format("{}={}", label.key(), label.text()));
  }
  for (const text::ObjectView expression : selector["matchExpressions"]) {
    const std::string_view key = expression["key"].text(), op = expression["operator"].text();
    std::vector<std::string_view> values;
    for (const text::ObjectView value : expression["values"]) values.push_back(value.text());
    std::ranges::sort(values);
    if (op == "Exists") parts.emplace_back(key, key);
    if (op == "DoesNotExist") parts.emplace_back(key, fmt::format("!{}", key));
    if (op == "In" || op == "NotIn") {
      parts.emplace_back(key,
                         fmt::format("{} {} ({})", key, op == "In" ? "in" : "notin", fmt::join(values, ",")));
    }
  }
  if (parts.empty()) return "<none>";
  std::ranges::stable_sort(parts, {}, &std::pair<std::string, std::string>::first);
  std::string text;
  for (const auto& [key, part] : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

}  // namespace etcdmedic::kubectl
