// SPDX-License-Identifier: Apache-2.0
#include "text/tree.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/number_text.h"

namespace etcdmedic::text {
namespace {

constexpr size_t kDeepest = 200;

// Builds a tree from the calls of a parser. Keys and values of a map come in turns.
class Builder {
 public:
  explicit Builder(Tree& root) : root_(root) {}

  // False where the document nests too deep or a key is not a scalar.
  bool Begin(Tree::Kind kind, size_t line) {
    Tree* node = Place(line);
    if (node == nullptr || open_.size() == kDeepest) return false;
    node->kind = kind;
    open_.push_back({node, false, {}});
    return true;
  }
  void End() { open_.pop_back(); }

  bool Scalar(Tree::Kind kind, std::string text, size_t line) {
    if (!open_.empty() && open_.back().node->kind == Tree::Kind::kMap && !open_.back().has_key) {
      Key(std::move(text));
      return true;
    }
    Tree* node = Place(line);
    node->kind = kind;
    node->text = std::move(text);
    return true;
  }

  void Key(std::string text) {
    open_.back().has_key = true;
    open_.back().key = std::move(text);
  }

 private:
  struct Open {
    Tree* node;  // stays where it is while it is open: only the innermost one's items grow
    bool has_key;
    std::string key;
  };

  Tree* Place(size_t line) {
    Tree* node = &root_;
    if (!open_.empty()) {
      Open& open = open_.back();
      if (open.node->kind == Tree::Kind::kMap) {
        if (!open.has_key) return nullptr;
        open.node->keys.push_back(std::move(open.key));
        open.has_key = false;
      }
      node = &open.node->items.emplace_back();
    }
    node->line = line;
    return node;
  }

  Tree& root_;
  std::vector<Open> open_;
};

// The events of libyaml's parser, one at a time.
class YamlEvents {
 public:
  explicit YamlEvents(std::string_view text) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (ready_) {
      yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                   text.size());
    }
  }
  ~YamlEvents() {
    Release();
    if (ready_) yaml_parser_delete(&parser_);
  }
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  // The next event, valid until the next call; null where the text is not YAML.
  const yaml_event_t* Next() {
    Release();
    held_ = ready_ && yaml_parser_parse(&parser_, &event_) != 0;
    return held_ ? &event_ : nullptr;
  }
  std::string Problem() const {
    return fmt::format("line {}: {}", parser_.problem_mark.line + 1,
                       ready_ && parser_.problem != nullptr ? parser_.problem : "no YAML");
  }

 private:
  void Release() {
    if (held_) yaml_event_delete(&event_);
    held_ = false;
  }
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool ready_ = false;
  bool held_ = false;
};

size_t LineOf(const yaml_event_t& event) { return event.start_mark.line + 1; }

bool AddScalar(const yaml_event_t& event, Builder& builder) {
  const auto& scalar = event.data.scalar;
  const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.plain_implicit != 0;
  return builder.Scalar(plain ? Tree::Kind::kPlain : Tree::Kind::kQuoted,
                        std::string(reinterpret_cast<const char*>(scalar.value), scalar.length),
                        LineOf(event));
}

// Feeds one event of a document; says what is wrong with it, if anything.
std::string_view Feed(const yaml_event_t& event, Builder& builder) {
  constexpr std::string_view kFault = "nested too deep, or a key that is not a scalar";
  switch (event.type) {
    case YAML_ALIAS_EVENT:
      return "aliases are not read";
    case YAML_SCALAR_EVENT:
      return AddScalar(event, builder) ? std::string_view() : kFault;
    case YAML_SEQUENCE_START_EVENT:
      return builder.Begin(Tree::Kind::kList, LineOf(event)) ? std::string_view() : kFault;
    case YAML_MAPPING_START_EVENT:
      return builder.Begin(Tree::Kind::kMap, LineOf(event)) ? std::string_view() : kFault;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      builder.End();
      return {};
    default:
      return {};
  }
}

Result<Tree> ParseYaml(std::string_view text, const std::string& file) {
  Tree tree;
  Builder builder(tree);
  YamlEvents events(text);
  size_t documents = 0;
  for (;;) {
    const yaml_event_t* event = events.Next();
    if (event == nullptr) return Fail(Errc::kMalformed, file, events.Problem());
    if (event->type == YAML_STREAM_END_EVENT) break;
    if (event->type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
      return Fail(Errc::kMalformed, file, "more than one document");
    }
    const std::string_view fault = Feed(*event, builder);
    if (!fault.empty())
      return Fail(Errc::kMalformed, file, fmt::format("line {}: {}", LineOf(*event), fault));
  }
  if (documents == 0) return Fail(Errc::kMalformed, file, "no document");
  return tree;
}

class JsonEvents {
 public:
  using json = nlohmann::json;
  explicit JsonEvents(Tree& root) : builder_(root) {}

  bool null() { return builder_.Scalar(Tree::Kind::kNull, "", 0); }
  bool boolean(bool value) { return builder_.Scalar(Tree::Kind::kPlain, value ? "true" : "false", 0); }
  bool number_integer(json::number_integer_t value) { return Number(fmt::format("{}", value)); }
  bool number_unsigned(json::number_unsigned_t value) { return Number(fmt::format("{}", value)); }
  bool number_float(json::number_float_t, const std::string& text) { return Number(text); }
  bool string(std::string& text) { return builder_.Scalar(Tree::Kind::kQuoted, std::move(text), 0); }
  bool binary(json::binary_t&) { return false; }
  bool start_object(size_t) { return builder_.Begin(Tree::Kind::kMap, 0); }
  bool key(std::string& text) {
    builder_.Key(std::move(text));
    return true;
  }
  bool end_object() { return Ended(); }
  bool start_array(size_t) { return builder_.Begin(Tree::Kind::kList, 0); }
  bool end_array() { return Ended(); }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) {
    fault = position;
    return false;
  }
  size_t fault = 0;

 private:
  bool Number(std::string text) { return builder_.Scalar(Tree::Kind::kPlain, std::move(text), 0); }
  bool Ended() {
    builder_.End();
    return true;
  }
  Builder builder_;
};

Result<Tree> ParseJson(std::string_view text, const std::string& file) {
  Tree tree;
  JsonEvents events(tree);
  if (nlohmann::json::sax_parse(text, &events)) return tree;
  return Fail(
      Errc::kMalformed, file,
      events.fault > 0 ? fmt::format("no JSON at byte {}", events.fault) : "JSON that nests too deep");
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool IsJsonNumber(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const size_t begin = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    return at - begin;
  };
  const size_t whole = at;
  const size_t count = digits();
  if (count == 0 || (count > 1 && text[whole] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

void AppendString(std::string_view text, bool escape_html, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view separator = text.substr(i, 3);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[i];
    } else if (const size_t at = std::string_view("\n\r\t\b\f").find(text[i]); at != std::string_view::npos) {
      out += '\\';
      out += "nrtbf"[at];
    } else if (byte < 0x20 || (escape_html && (byte == '<' || byte == '>' || byte == '&'))) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else if (separator == "\u2028" || separator == "\u2029") {
      out += separator == "\u2028" ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

// YAML spells floating point numbers in its own way (1e-07); JSON's own are kept as they are.
void AppendPlain(const Tree& tree, bool escape_html, std::string& out) {
  const std::string& text = tree.text;
  if (MeansTrue(text)) {
    out += "true";
  } else if (MeansFalse(text)) {
    out += "false";
  } else if (IsJsonNumber(text)) {
    if (tree.line > 0) {
      AppendJsonNumber(out, text);
    } else {
      out += text;
    }
  } else {
    AppendString(text, escape_html, out);
  }
}

std::vector<size_t> Sequence(const Tree& map, KeySequence keys) {
  std::vector<size_t> order(map.items.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (keys == KeySequence::kAsIs) return order;
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    return keys == KeySequence::kFieldsV1 ? FieldsV1Less(map.keys[a], map.keys[b])
                                          : map.keys[a] < map.keys[b];
  });
  return order;
}

// The rank of a path element by its letter: fields, then keys, values, indexes.
size_t RankOf(std::string_view key) {
  if (key == ".") return 0;
  const size_t at =
      key.size() > 1 && key[1] == ':' ? std::string_view("fkvi").find(key[0]) : std::string_view::npos;
  return at == std::string_view::npos ? 5 : at + 1;
}

// Numbers before strings before booleans; numbers by value, strings bytewise.
int Compare(const nlohmann::json& a, const nlohmann::json& b) {
  const auto rank = [](const nlohmann::json& value) {
    return value.is_number() ? 0 : value.is_string() ? 1 : value.is_boolean() ? 2 : 3;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  return a < b ? -1 : b < a ? 1 : 0;
}

int CompareKeys(const nlohmann::json& a, const nlohmann::json& b) {
  auto left = a.begin();
  auto right = b.begin();
  for (; left != a.end() && right != b.end(); ++left, ++right) {
    if (const int order = left.key().compare(right.key()); order != 0) return order;
    if (const int order = Compare(left.value(), right.value()); order != 0) return order;
  }
  return left != a.end() ? 1 : right != b.end() ? -1 : 0;
}

}  // namespace

const Tree* Tree::Find(std::string_view key) const {
  for (size_t i = keys.size(); i-- > 0;) {
    if (keys[i] == key) return &items[i];
  }
  return nullptr;
}

Result<Tree> ParseTree(std::string_view text, const std::string& file) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return Fail(Errc::kMalformed, file, "no document");
  return text[begin] == '{' ? ParseJson(text, file) : ParseYaml(text, file);
}

bool MeansNull(const Tree& tree) {
  return tree.kind == Tree::Kind::kNull ||
         (tree.kind == Tree::Kind::kPlain && IsOneOf(tree.text, {"", "~", "null", "Null", "NULL"}));
}

bool MeansTrue(std::string_view text) {
  return IsOneOf(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"});
}

bool MeansFalse(std::string_view text) {
  return IsOneOf(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"});
}

bool FieldsV1Less(std::string_view a, std::string_view b) {
  if (RankOf(a) != RankOf(b)) return RankOf(a) < RankOf(b);
  if (a.starts_with("f:") || RankOf(a) == 5) return a < b;
  const auto left = nlohmann::json::parse(a.substr(std::min<size_t>(2, a.size())), nullptr, false);
  const auto right = nlohmann::json::parse(b.substr(std::min<size_t>(2, b.size())), nullptr, false);
  if (left.is_discarded() || right.is_discarded()) return a < b;
  return (left.is_object() && right.is_object() ? CompareKeys(left, right) : Compare(left, right)) < 0;
}

void AppendJson(const Tree& tree, KeySequence keys, bool escape_html, std::string& out) {
  if (MeansNull(tree)) {
    out += "null";
  } else if (tree.kind == Tree::Kind::kPlain) {
    AppendPlain(tree, escape_html, out);
  } else if (tree.kind == Tree::Kind::kQuoted) {
    AppendString(tree.text, escape_html, out);
  } else {
    const bool map = tree.kind == Tree::Kind::kMap;
    out += map ? '{' : '[';
    bool first = true;
    for (const size_t i : Sequence(tree, map ? keys : KeySequence::kAsIs)) {
      if (!first) out += ',';
      first = false;
      if (map) {
        AppendString(tree.keys[i], escape_html, out);
        out += ':';
      }
      AppendJson(tree.items[i], keys, escape_html, out);
    }
    out += map ? '}' : ']';
  }
}

}  // namespace etcdmedic::text
