// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_reader.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>

#include "text/json_text.h"
#include "text/number_text.h"
#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

NodeKind KindOfPlain(std::string_view text) {
  if (IsOneOf(text, {"", "~", "null", "Null", "NULL"})) return NodeKind::kNull;
  if (MeansTrue(text)) return NodeKind::kTrue;
  if (MeansFalse(text)) return NodeKind::kFalse;
  const NumberScan number = ScanNumber(text);
  return number.whole && number.length == text.size() ? NodeKind::kNumber : NodeKind::kString;
}

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
                       ready_ && parser_.problem != nullptr ? parser_.problem : "not YAML");
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

// Builds the tree of one document. Keys and values of a map come in turns.
class YamlReader {
 public:
  explicit YamlReader(ObjectTree& tree) : tree_(tree) { tree.Clear(); }

  // What is wrong with the event, if anything.
  std::string_view Take(const yaml_event_t& event) {
    const size_t line = LineOf(event);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return ++documents_ > 1 ? "more than one document" : "";
      case YAML_ALIAS_EVENT:
        return "aliases are not read";
      case YAML_SCALAR_EVENT:
        Scalar(event, line);
        return {};
      case YAML_SEQUENCE_START_EVENT:
        return Begin(NodeKind::kList, line);
      case YAML_MAPPING_START_EVENT:
        return Begin(NodeKind::kMap, line);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        tree_.Close(open_.back().node);
        open_.pop_back();
        return {};
      default:
        return {};
    }
  }
  bool has_document() const { return documents_ > 0; }

  static size_t LineOf(const yaml_event_t& event) { return event.start_mark.line + 1; }

 private:
  struct Open {
    size_t node;
    bool map;
    bool wants_key;
  };

  // Whether what comes next is a key.
  bool TakeTurn() {
    if (open_.empty() || !open_.back().map) return false;
    return std::exchange(open_.back().wants_key, !open_.back().wants_key);
  }

  std::string_view Begin(NodeKind kind, size_t line) {
    if (TakeTurn()) return "a key that is not a scalar";
    if (open_.size() == kMaxTreeDepth) return "nested too deeply";
    open_.push_back({tree_.Open(kind, line), kind == NodeKind::kMap, true});
    return {};
  }

  void Scalar(const yaml_event_t& event, size_t line) {
    const auto& scalar = event.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.plain_implicit != 0;
    const bool key = TakeTurn();
    tree_.AddCopy(plain && !key ? KindOfPlain(text) : NodeKind::kString, text);
    tree_.MarkLast(plain, line);
  }

  ObjectTree& tree_;
  std::vector<Open> open_;
  size_t documents_ = 0;
};

Result<void> ReadYaml(std::string_view text, const std::string& file, ObjectTree& tree) {
  YamlReader reader(tree);
  YamlEvents events(text);
  for (;;) {
    const yaml_event_t* event = events.Next();
    if (event == nullptr) return Fail(Errc::kMalformed, file, events.Problem());
    if (event->type == YAML_STREAM_END_EVENT) break;
    const std::string_view fault = reader.Take(*event);
    if (!fault.empty())
      return Fail(Errc::kMalformed, file, fmt::format("line {}: {}", YamlReader::LineOf(*event), fault));
  }
  if (!reader.has_document()) return Fail(Errc::kMalformed, file, "no document");
  return {};
}

}  // namespace

Result<void> ReadDocument(std::string_view text, const std::string& file, ObjectTree& tree) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return Fail(Errc::kMalformed, file, "no document");
  if (text[begin] != '{') return ReadYaml(text, file, tree);
  if (!IsUtf8(text)) return Fail(Errc::kMalformed, file, "text that is not UTF-8");
  const TextFault fault = ReadJson(text, tree);
  if (!fault) return {};
  return Fail(Errc::kMalformed, file,
              fmt::format("{}: {}, at byte {} of the JSON", fault.path.empty() ? "the object" : fault.path,
                          fault.what, fault.offset));
}

bool MeansTrue(std::string_view text) {
  return IsOneOf(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"});
}

bool MeansFalse(std::string_view text) {
  return IsOneOf(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"});
}

}  // namespace etcdmedic::text
