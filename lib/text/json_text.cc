// SPDX-License-Identifier: Apache-2.0
#include "text/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "text/ascii.h"
#include "text/json_compact.h"
#include "text/json_writer.h"
#include "text/number_text.h"
#include "text/tree_path.h"
#include "text/tree_writer.h"
#include "text/utf8.h"
#include "text/yaml_writer.h"

namespace etcdmedic::text {
namespace {

constexpr std::array<bool, 256> kEndsRun = [] {  // bytes in a string that need a look
  std::array<bool, 256> table{};
  for (size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = table['\\'] = true;
  return table;
}();

class JsonReader {
 public:
  JsonReader(std::string_view json, ObjectTree& tree, bool head_only)
      : json_(json), tree_(tree), head_only_(head_only) {}

  TextFault Read() {
    tree_.Clear();
    if (json_.size() > ObjectTree::kMaxBytes) {
      Stop("too large");
      return fault_;
    }
    if (!Value()) return fault_;
    SkipSpace();
    if (at_ < json_.size()) Flaw("bytes after the object");
    return fault_;
  }

 private:
  // The way to the first fault; later ones are not told.
  void Note(std::string_view what, bool stopped) {
    if (fault_ && (fault_.stopped || !stopped)) return;
    fault_.what = what;
    fault_.offset = std::min(at_, json_.size());
    fault_.path = path_.Text(tree_);
    fault_.stopped = stopped;
    if (stopped && at_ >= json_.size()) fault_.code = diag::Code::kK8sValueTruncated;
  }
  void Flaw(std::string_view what) { Note(what, false); }
  bool Stop(std::string_view what) {
    Note(what, true);
    return false;
  }

  void SkipSpace() {
    while (at_ < json_.size() && IsSpace(json_[at_])) ++at_;
  }
  char Peek() {
    SkipSpace();
    return at_ < json_.size() ? json_[at_] : '\0';
  }
  bool Take(char c) {
    if (Peek() != c || at_ >= json_.size()) return false;
    ++at_;
    return true;
  }

  bool Value() {
    switch (Peek()) {
      case '{':
        return Container(NodeKind::kMap);
      case '[':
        return Container(NodeKind::kList);
      case '"':
        return String(true);
      case 't':
        return Word("true", NodeKind::kTrue);
      case 'f':
        return Word("false", NodeKind::kFalse);
      case 'n':
        return Word("null", NodeKind::kNull);
      default:
        return Number();
    }
  }

  bool Container(NodeKind kind) {
    if (path_.depth() == kMaxTreeDepth) {
      Stop("nested too deeply");
      fault_.code = diag::Code::kK8sValueNesting;
      return false;
    }
    const size_t node = tree_.Open(kind);
    ++at_;
    path_.Enter();
    const bool whole = kind == NodeKind::kMap ? Members() : Items();
    path_.Leave();
    tree_.Close(node);
    return whole;
  }

  bool Members() {
    if (Take('}')) return true;
    do {
      const size_t key = tree_.size();
      if (Peek() != '"') return Stop("no key");
      if (!String(false)) return false;
      path_.AtKey(key);
      if (!Take(':')) return Abandon(key, "no colon after a key");
      if (head_only_ && !IsHead(key)) {
        tree_.CutAt(key);
        if (!Skip()) return Stop("the text ends inside of a value");
        continue;
      }
      const size_t value = tree_.size();
      if (!Value()) {
        if (tree_.size() == value) tree_.CutAt(key);
        return false;
      }
    } while (Take(','));
    return Take('}') || Unclosed("no comma or brace after a value");
  }

  // The fault is told by the path of the key, which then goes.
  bool Abandon(size_t key, std::string_view what) {
    Stop(what);
    tree_.CutAt(key);
    return false;
  }

  bool Items() {
    if (Take(']')) return true;
    size_t index = 0;
    do {
      path_.AtItem(index++);
      if (!Value()) return false;
    } while (Take(','));
    return Take(']') || Unclosed("no comma or bracket after an item");
  }

  bool Unclosed(std::string_view what) {
    return Stop(at_ >= json_.size() ? "the text ends inside of a map or list" : what);
  }

  bool Word(std::string_view word, NodeKind kind) {
    if (json_.substr(at_, word.size()) != word) return Stop("no value");
    at_ += word.size();
    tree_.Add(kind, word);
    return true;
  }

  bool Number() {
    const NumberScan number = ScanNumber(json_.substr(std::min(at_, json_.size())));
    const size_t end = at_ + number.length;
    if (!number.whole) {
      if (end >= json_.size()) at_ = end;
      return Stop(at_ >= json_.size() ? "the text ends where a value is expected" : "no value");
    }
    tree_.Add(NodeKind::kNumber, json_.substr(at_, number.length));
    at_ = end;
    return true;
  }

  // A string without its end is kept where it is a value.
  bool String(bool is_value) {
    const size_t start = ++at_;
    while (at_ < json_.size() && !kEndsRun[static_cast<unsigned char>(json_[at_])]) ++at_;
    if (at_ < json_.size() && json_[at_] == '"') {
      tree_.Add(NodeKind::kString, json_.substr(start, at_ - start));
      ++at_;
      return true;
    }
    unescaped_.assign(json_, start, at_ - start);
    while (at_ < json_.size() && json_[at_] != '"') {
      const size_t run = at_;
      while (at_ < json_.size() && !kEndsRun[static_cast<unsigned char>(json_[at_])]) ++at_;
      unescaped_.append(json_, run, at_ - run);
      if (at_ < json_.size() && json_[at_] == '\\')
        Escape();
      else if (at_ < json_.size() && json_[at_] != '"')
        Control();
    }
    const bool ended = at_ >= json_.size();
    if (ended) Stop("the text ends inside of a string");
    if (!ended || is_value) tree_.AddCopy(NodeKind::kString, unescaped_);
    ++at_;
    return !ended;
  }

  void Control() {
    Flaw("a control character inside of a string");
    unescaped_ += json_[at_++];
  }

  void Escape() {
    static constexpr std::string_view kFrom = "\"\\/bfnrt";
    static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    const char letter = at_ + 1 < json_.size() ? json_[at_ + 1] : '\0';
    const size_t known = kFrom.find(letter);
    if (letter == 'u') {
      CodePoint();
      return;
    }
    if (known == std::string_view::npos) {
      Flaw("an unknown escape inside of a string");
      unescaped_ += json_[at_++];
      return;
    }
    unescaped_ += kTo[known];
    at_ += 2;
  }

  // Of \uXXXX at `at`.
  std::optional<uint32_t> Unit(size_t at) const {
    const std::string_view text = json_.substr(std::min(at, json_.size()), 6);
    uint32_t unit = 0;
    if (text.size() != 6 || !text.starts_with("\\u")) return std::nullopt;
    const auto read = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
    if (read.ec != std::errc() || read.ptr != text.data() + 6) return std::nullopt;
    return unit;
  }

  // Halves of a pair that stand alone become U+FFFD, as in Go.
  void CodePoint() {
    const auto first = Unit(at_);
    if (!first) {
      Flaw("an unknown escape inside of a string");
      unescaped_ += json_[at_++];
      return;
    }
    at_ += 6;
    if (*first < 0xD800 || *first > 0xDFFF) {
      AppendUtf8(unescaped_, *first);
      return;
    }
    const auto second = *first < 0xDC00 ? Unit(at_) : std::nullopt;
    if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
      at_ += 6;
      AppendUtf8(unescaped_, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
    } else {
      AppendUtf8(unescaped_, 0xFFFD);
    }
  }

  // Whether the head of an object needs what is under this key.
  bool IsHead(size_t key) const {
    const std::string_view name = tree_.At(key).text();
    if (path_.depth() == 1) return name == "apiVersion" || name == "kind" || name == "metadata";
    if (path_.depth() > 2) return true;
    return name == "name" || name == "namespace" || name == "uid" || name == "labels" ||
           name == "ownerReferences";
  }

  // Past a value that nobody wants, whatever it is. Counts brackets and knows strings.
  bool Skip() {
    size_t depth = 0;
    for (; at_ < json_.size(); ++at_) {
      const char c = json_[at_];
      if (c == '"' && !SkipString()) return false;
      if (c == '{' || c == '[') ++depth;
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) return true;
      if (c == '}' || c == ']') --depth;
    }
    return false;
  }

  // To the closing quote.
  bool SkipString() {
    for (;;) {
      const size_t quote = json_.find('"', at_ + 1);
      if (quote == std::string_view::npos) {
        at_ = json_.size();
        return false;
      }
      size_t slashes = 0;
      while (json_[quote - 1 - slashes] == '\\') ++slashes;
      at_ = quote;
      if (slashes % 2 == 0) return true;
    }
  }

  std::string_view json_;
  ObjectTree& tree_;
  const bool head_only_;
  size_t at_ = 0;
  TreePath path_;
  std::string unescaped_;
  TextFault fault_;
};

template <class Writer>
bool Splice(std::string_view json, KeyOrder order, ObjectTree& tree, Writer& writer) {
  if (ReadJson(json, tree)) return false;
  WriteTree(tree.root(), {.order = order, .keep_numbers = true}, writer);
  return true;
}

}  // namespace

TextFault ReadJson(std::string_view json, ObjectTree& tree) { return JsonReader(json, tree, false).Read(); }

TextFault ReadJsonHead(std::string_view json, ObjectTree& tree) {
  return JsonReader(json, tree, true).Read();
}

ObjectHead HeadOf(ObjectView root) {
  const ObjectView metadata = root["metadata"];
  ObjectHead head{.api_version = root.StringAt("apiVersion"),
                  .kind = root.StringAt("kind"),
                  .name = metadata.StringAt("name"),
                  .namespace_name = metadata.StringAt("namespace"),
                  .uid = metadata.StringAt("uid"),
                  .labels = {}};
  const ObjectView labels = metadata["labels"];
  if (!labels.is_map()) return head;
  for (const ObjectView label : labels) head.labels.emplace_back(label.key(), label.text());
  return head;
}

void ReportFault(const TextFault& fault, std::string_view language, uint64_t length, const Where& where,
                 diag::FindingSink& sink) {
  sink.Add(
      {.code = fault.code,
       .where = where,
       .length = length,
       .message = fmt::format("{}: {}, at byte {} of the {}", fault.path.empty() ? "the object" : fault.path,
                              fault.what, fault.offset, language)});
}

bool SpliceJson(std::string_view json, KeyOrder order, ObjectTree& tree, YamlWriter& writer) {
  return Splice(json, order, tree, writer);
}

bool SpliceJson(std::string_view json, KeyOrder order, ObjectTree& tree, TreeWriter& writer) {
  return Splice(json, order, tree, writer);
}

bool SpliceJson(std::string_view json, KeyOrder order, ObjectTree& tree, JsonWriter& writer) {
  if (order == KeyOrder::kStored && !writer.indented() && IsCompactJson(json)) {
    writer.Verbatim(json);
    return true;
  }
  return Splice(json, order, tree, writer);
}

}  // namespace etcdmedic::text
