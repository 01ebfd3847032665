// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "kubectl/jsonpath.h"

namespace etcdmedic::kubectl {

class JsonPathParser {
 public:
  using Step = JsonPath::Step;
  using Steps = Result<std::vector<Step>>;

  explicit JsonPathParser(std::string_view text) : text_(text) {}

  // Steps up to the end, or up to what cannot belong to a path.
  Steps Path(int depth) {
    std::vector<Step> steps;
    while (at_ < text_.size()) {
      if (Taken("..")) {
        steps.push_back({Step::What::kDescend});
        if (Peek() == '[' || Peek() == '*' || at_ == text_.size()) continue;
        if (!Name(steps)) return Wrong("a name is missing after ..");
      } else if (Taken(".")) {
        if (Peek() == '[' || at_ == text_.size()) continue;
        if (!Name(steps)) return Wrong("a name is missing after the dot");
      } else if (Taken("[")) {
        auto step = Bracket(depth);
        if (!step) return tl::make_unexpected(step.error());
        steps.push_back(std::move(*step));
      } else if (!steps.empty() && steps.back().what == Step::What::kDescend && Name(steps)) {
        continue;
      } else {
        break;
      }
    }
    return steps;
  }

  bool Name(std::vector<Step>& steps) {
    if (Taken("*")) {
      steps.push_back({Step::What::kAll});
      return true;
    }
    std::string name;
    while (at_ < text_.size() &&
           std::string_view(".[]{}()=!<> ,'\"?@:").find(text_[at_]) == std::string_view::npos) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      name += text_[at_++];
    }
    if (name.empty()) return false;
    steps.push_back({Step::What::kKey, {std::move(name)}});
    return true;
  }

  bool done() const { return at_ == text_.size(); }
  tl::unexpected<Error> Wrong(std::string what) const {
    return Fail(Errc::kUsage, "", fmt::format("{} in the path {}", what, text_), at_);
  }

 private:
  static constexpr int kDeepest = 8;  // filters within filters

  Result<Step> Bracket(int depth) {
    if (Taken("?(")) return Filter(depth);
    if (Taken("*")) {
      if (!Taken("]")) return Wrong("] is missing");
      return Step{Step::What::kAll};
    }
    Step step;
    do {
      Blanks();
      if (Peek() == '\'' || Peek() == '"') {
        std::string key;
        if (!Quoted(key)) return Wrong("a quote is not closed");
        step.keys.push_back(std::move(key));
      } else if (step.keys.empty() && step.indexes.empty() && Slice(step)) {
        break;
      } else {
        const auto index = Index();
        if (!index) return Wrong("a number, a quoted name or * belongs in the brackets");
        step.indexes.push_back(*index);
      }
      Blanks();
    } while (Taken(","));
    if (!Taken("]")) return Wrong("] is missing");
    return step;
  }

  // "1:3", ":2", "1:", "0:6:2"; leaves the place as it was where there is none.
  bool Slice(Step& step) {
    const size_t mark = at_;
    const auto from = Index();
    if (!Taken(":")) {
      at_ = mark;
      return false;
    }
    const auto to = Index();
    const auto pace = Taken(":") ? Index() : std::nullopt;
    step.what = Step::What::kSlice;
    step.indexes = {from.value_or(0), to.value_or(0), std::max<int64_t>(pace.value_or(1), 1)};
    step.to_end = !to;
    return true;
  }

  Result<Step> Filter(int depth) {
    using Compare = JsonPath::Compare;
    static constexpr std::pair<std::string_view, Compare> kOperators[] = {
        {"==", Compare::kEqual},          {"!=", Compare::kNotEqual}, {"<=", Compare::kLessOrEqual},
        {">=", Compare::kGreaterOrEqual}, {"<", Compare::kLess},      {">", Compare::kGreater}};
    if (depth == kDeepest) return Wrong("filters nest too deep");
    Step step{Step::What::kFilter};
    auto left = Operand(depth);
    if (!left) return tl::make_unexpected(left.error());
    step.operands.push_back(std::move(*left));
    for (const auto& [text, compare] : kOperators) {
      if (!Taken(text)) continue;
      step.compare = compare;
      auto right = Operand(depth);
      if (!right) return tl::make_unexpected(right.error());
      step.operands.push_back(std::move(*right));
      break;
    }
    if (!Taken(")]")) return Wrong(")] is missing");
    return step;
  }

  Result<JsonPath::Operand> Operand(int depth) {
    JsonPath::Operand operand;
    Blanks();
    if (Taken("@")) {
      operand.is_path = true;
      auto path = Path(depth + 1);
      if (!path) return tl::make_unexpected(path.error());
      operand.path = std::move(*path);
    } else if (Peek() == '\'' || Peek() == '"') {
      operand.is_text = true;
      if (!Quoted(operand.literal)) return Wrong("a quote is not closed");
    } else {
      while (at_ < text_.size() && std::string_view("=!<>)] ").find(text_[at_]) == std::string_view::npos)
        operand.literal += text_[at_++];
      if (operand.literal.empty()) return Wrong("something to compare is missing");
    }
    Blanks();
    return operand;
  }

  bool Quoted(std::string& out) {
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    return at_ < text_.size() && text_[at_++] == quote;
  }

  std::optional<int64_t> Index() {
    int64_t index = 0;
    const char* const begin = text_.data() + at_;
    const auto [rest, error] = std::from_chars(begin, text_.data() + text_.size(), index);
    if (error != std::errc()) return std::nullopt;
    at_ += static_cast<size_t>(rest - begin);
    return index;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Taken(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void Blanks() {
    while (Peek() == ' ') ++at_;
  }

  std::string_view text_;
  size_t at_ = 0;
};

Result<JsonPath> JsonPath::Parse(std::string_view expression) {
  if (expression.starts_with('{') && expression.ends_with('}')) {
    expression = expression.substr(1, expression.size() - 2);
  }
  if (expression.starts_with('$')) expression.remove_prefix(1);
  JsonPathParser parser(expression);
  JsonPath path;
  const bool bare = !expression.empty() && expression[0] != '.' && expression[0] != '[';
  if (bare && !parser.Name(path.steps_)) return parser.Wrong("a name is missing");
  auto steps = parser.Path(0);
  if (!steps) return tl::make_unexpected(steps.error());
  path.steps_.insert(path.steps_.end(), std::make_move_iterator(steps->begin()),
                     std::make_move_iterator(steps->end()));
  if (!parser.done()) return parser.Wrong("something does not belong");
  return path;
}

}  // namespace etcdmedic::kubectl
