// SPDX-License-Identifier: Apache-2.0
#include "kubectl/jsonpath_template.h"

#include <fmt/format.h>

#include <utility>

#include "text/json_writer.h"
#include "text/write_tree.h"

namespace etcdmedic::kubectl {
namespace {

constexpr int kDeepest = 8;  // ranges within ranges

tl::unexpected<Error> Wrong(std::string_view what) {
  return Fail(Errc::kUsage, "", fmt::format("{} in the jsonpath template", what));
}

// The place of the brace that closes the one before `text`; braces in quotes do not count.
size_t ClosingBrace(std::string_view text) {
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quote != 0 && text[i] == '\\')
      ++i;
    else if (quote != 0)
      quote = text[i] == quote ? '\0' : quote;
    else if (text[i] == '"' || text[i] == '\'')
      quote = text[i];
    else if (text[i] == '}')
      return i;
  }
  return std::string_view::npos;
}

// A quoted text as Go reads it; \n and \t are what people write.
std::string Unquoted(std::string_view quoted) {
  std::string text;
  for (size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] != '\\' || i + 2 >= quoted.size()) {
      text += quoted[i];
      continue;
    }
    const char c = quoted[++i];
    text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  return text;
}

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

void AppendFound(std::string& out, text::ObjectView value) {
  if (value.is_map() || value.is_list())
    value.AppendJson(out);
  else if (value.kind() == text::NodeKind::kNumber)
    AppendGoNumber(out, value.text());
  else if (!value.is_null())
    out += value.text();
}

void AppendList(std::string& out, const auto& fill) {
  {
    text::JsonWriter writer(out, text::JsonWriter::Style::kIndented);
    writer.BeginList();
    fill(writer);
    writer.EndList();
  }
  out += '\n';
}

void AppendText(std::string& out, std::string_view text, bool as_json) {
  if (as_json)
    AppendList(out, [&](text::JsonWriter& writer) { writer.String(text); });
  else
    out += text;
}

void AppendAll(std::string& out, const std::vector<text::ObjectView>& values, bool as_json) {
  if (as_json) {
    return AppendList(out, [&](text::JsonWriter& writer) {
      for (const text::ObjectView value : values)
        text::WriteTree(value, {.order = text::KeyOrder::kBytewise}, writer);
    });
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ' ';
    AppendFound(out, values[i]);
  }
}

}  // namespace

Result<JsonPathTemplate> JsonPathTemplate::Parse(std::string_view text) {
  const bool bare = text.find('{') == std::string_view::npos && !text.empty();
  const std::string braced = "{" + std::string(text) + "}";
  std::string_view rest = bare ? braced : text;
  auto parts = Parts(rest, 0);
  if (!parts) return tl::make_unexpected(parts.error());
  JsonPathTemplate parsed;
  parsed.parts_ = std::move(*parts);
  return parsed;
}

// Up to the end of `text`, or of the range that is open.
Result<std::vector<JsonPathTemplate::Part>> JsonPathTemplate::Parts(std::string_view& text, int depth) {
  std::vector<Part> parts;
  while (!text.empty()) {
    const size_t open = text.find('{');
    if (open != 0) parts.push_back({What::kText, std::string(text.substr(0, open))});
    if (open == std::string_view::npos) break;
    text.remove_prefix(open + 1);
    const size_t close = ClosingBrace(text);
    if (close == std::string_view::npos) return Wrong("a brace does not close");
    const std::string_view inside = Trimmed(text.substr(0, close));
    text.remove_prefix(close + 1);
    if (inside == "end") {
      if (depth == 0) return Wrong("{end} ends no range");
      return parts;
    }
    auto part = Braces(inside, text, depth);
    if (!part) return tl::make_unexpected(part.error());
    parts.push_back(std::move(*part));
  }
  if (depth > 0) return Wrong("a range has no {end}");
  return parts;
}

Result<JsonPathTemplate::Part> JsonPathTemplate::Braces(std::string_view inside, std::string_view& text,
                                                        int depth) {
  static constexpr std::string_view kRange = "range ";
  Part part;
  if (inside.size() > 1 && (inside[0] == '"' || inside[0] == '\'') && inside.back() == inside[0]) {
    part.text = Unquoted(inside);
    return part;
  }
  const bool range = inside.starts_with(kRange);
  if (range && depth == kDeepest) return Wrong("ranges nest too deep");
  if (range) inside.remove_prefix(kRange.size());
  auto path = JsonPath::Parse(Trimmed(inside) == "@" ? "." : Trimmed(inside));
  if (!path) return tl::make_unexpected(path.error());
  part.what = range ? What::kRange : What::kPath;
  part.path = std::move(*path);
  if (!range) return part;
  auto inner = Parts(text, depth + 1);
  if (!inner) return tl::make_unexpected(inner.error());
  part.inner = std::move(*inner);
  return part;
}

void JsonPathTemplate::RunParts(const std::vector<Part>& parts, text::ObjectView root, bool as_json,
                                std::string& out) {
  for (const Part& part : parts) {
    if (part.what == What::kText) {
      AppendText(out, part.text, as_json);
      continue;
    }
    const std::vector<text::ObjectView> found = part.path.Find(root);
    if (part.what == What::kPath) {
      AppendAll(out, found, as_json);
      continue;
    }
    for (const text::ObjectView value : found) RunParts(part.inner, value, as_json, out);
  }
}

void JsonPathTemplate::Run(text::ObjectView root, std::string& out) const {
  RunParts(parts_, root, false, out);
}

void JsonPathTemplate::RunAsJson(text::ObjectView root, std::string& out) const {
  RunParts(parts_, root, true, out);
}

}  // namespace etcdmedic::kubectl
