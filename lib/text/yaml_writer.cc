// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_writer.h"

#include <array>
#include <charconv>

#include "text/number_text.h"
#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

constexpr size_t kStep = 2;  // columns a level

template <class T>
std::string_view TextOf(std::array<char, 24>& space, T value) {
  const auto end = std::to_chars(space.data(), space.data() + space.size(), value).ptr;
  return {space.data(), static_cast<size_t>(end - space.data())};
}

}  // namespace

void YamlWriter::NewLine() {
  if (!at_line_start_) out_ += '\n';
  at_line_start_ = true;
  line_start_ = out_.size();
}

void YamlWriter::GoToIndent(size_t indent) {
  NewLine();
  out_.append(indent, ' ');
  at_line_start_ = false;
}

// Of the next deeper level, were it indented by nothing.
size_t YamlWriter::IndentOfParent() const {
  return levels_.size() < 2 ? 0 : levels_[levels_.size() - 2].indent;
}

// A list under a key is not indented; everything else is, save the root.
void YamlWriter::StartLevel(Level& level) {
  const bool root = levels_.size() == 1;
  const bool flush = level.list && after_ == After::kKey;
  level.indent = root ? 0 : IndentOfParent() + (flush ? 0 : kStep);
  level.started = true;
}

void YamlWriter::Begin(bool list) {
  BeforeValue();
  levels_.push_back({.list = list});
}

void YamlWriter::End() {
  const Level level = levels_.back();
  if (level.commented) {
    // Brackets on a line of their own must be deeper than the key that they belong to.
    levels_.pop_back();
    GoToIndent(levels_.empty() ? 0 : levels_.back().indent + kStep);
    out_ += level.list ? "[]" : "{}";
  } else {
    levels_.pop_back();
    if (!level.started) {
      if (after_ != After::kNothing) out_ += ' ';
      out_ += level.list ? "[]" : "{}";
      at_line_start_ = false;
    }
  }
  AfterValue();
}

void YamlWriter::AfterValue() {
  after_ = After::kNothing;
  if (levels_.empty()) NewLine();
}

// Writes the dash of a list. What follows it or a key is for the value to say.
void YamlWriter::BeforeValue() {
  if (levels_.empty()) {
    line_start_ = out_.size();
    return;
  }
  Level& level = levels_.back();
  if (!level.list) return;
  const bool goes_on = !level.started && after_ == After::kMark;
  if (!level.started) StartLevel(level);
  level.commented = false;
  if (goes_on)
    out_ += ' ';
  else
    GoToIndent(level.indent);
  out_ += '-';
  at_line_start_ = false;
  after_ = After::kMark;
}

void YamlWriter::Key(std::string_view key) {
  Level& level = levels_.back();
  const bool goes_on = !level.started && after_ == After::kMark;
  if (!level.started) StartLevel(level);
  level.commented = false;
  if (goes_on)
    out_ += ' ';
  else
    GoToIndent(level.indent);
  at_line_start_ = false;
  if (IsSimpleKey(key)) {
    AppendYamlScalar(out_, key, {level.indent + kStep, line_start_, true}, scratch_);
    out_ += ':';
    after_ = After::kKey;
  } else {
    ComplexKey(key, level.indent);
  }
}

void YamlWriter::ComplexKey(std::string_view key, size_t indent) {
  out_ += "? ";
  at_line_start_ = AppendYamlScalar(out_, key, {indent + kStep, line_start_, false}, scratch_);
  GoToIndent(indent);
  out_ += ':';
  after_ = After::kMark;
}

void YamlWriter::String(std::string_view text) {
  BeforeValue();
  if (after_ != After::kNothing) out_ += ' ';
  const size_t indent = levels_.empty() ? kStep : levels_.back().indent + kStep;
  at_line_start_ = AppendYamlScalar(out_, text, {indent, line_start_, false}, scratch_);
  AfterValue();
}

void YamlWriter::Raw(std::string_view text) {
  BeforeValue();
  if (after_ != After::kNothing) out_ += ' ';
  out_.append(text);
  at_line_start_ = false;
  AfterValue();
}

void YamlWriter::Int(int64_t value) {
  std::array<char, 24> space;
  Raw(TextOf(space, value));
}

void YamlWriter::Uint(uint64_t value) {
  std::array<char, 24> space;
  Raw(TextOf(space, value));
}

void YamlWriter::Double(double value) {
  std::string text;
  AppendYamlDouble(text, value);
  Raw(text);
}

void YamlWriter::Number(std::string_view number) {
  std::string text;
  AppendYamlNumber(text, number);
  Raw(text);
}

void YamlWriter::Comment(std::string_view text) {
  if (!levels_.empty() && !levels_.back().started) {
    StartLevel(levels_.back());
    levels_.back().commented = true;
    after_ = After::kNothing;
  }
  const size_t indent = levels_.empty() ? 0 : levels_.back().indent;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    GoToIndent(indent);
    out_ += "# ";
    for (const char c : text.substr(at, end - at))
      out_ += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    at = end + 1;
  }
  if (levels_.empty()) NewLine();
}

}  // namespace etcdmedic::text
