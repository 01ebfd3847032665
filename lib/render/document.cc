// SPDX-License-Identifier: Apache-2.0
#include "render/document.h"

#include <algorithm>

#include "render/text.h"
#include "text/base64.h"
#include "text/utf8.h"

namespace etcdmedic::render {

void Document::Indent(size_t depth) {
  static constexpr std::string_view kBlanks =
      "                                                                ";
  for (size_t left = depth * 2; left > 0;) {
    const size_t part = std::min(left, kBlanks.size());
    out_.Write(kBlanks.substr(0, part));
    left -= part;
  }
}

void Document::Quote(std::string_view text) {
  out_.With([&](std::string& out) { yaml() ? AppendYamlString(out, text) : AppendJsonString(out, text); });
}

// What is in front of a value: a comma, a new line, a dash.
void Document::Before(bool container) {
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (level.after_key) {
    level.after_key = false;
    if (yaml() && !container) out_.Write(" ");
    return;
  }
  if (!level.list) return;
  if (yaml()) {
    out_.Write("\n");
    Indent(levels_.size() - 1);
    out_.Write(container ? "-" : "- ");
  } else {
    if (!level.empty) out_.Write(pretty() ? "," : ", ");
    if (pretty()) {
      out_.Write("\n");
      Indent(levels_.size());
    }
  }
  level.empty = false;
}

void Document::Open(bool list) {
  Before(true);
  if (!yaml()) out_.Write(list ? "[" : "{");
  levels_.push_back({list});
}

void Document::Close() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (yaml()) {
    if (level.empty) out_.Write(level.list ? " []" : " {}");
    if (levels_.empty()) out_.Write("\n");
    return;
  }
  if (pretty() && !level.empty) {
    out_.Write("\n");
    Indent(levels_.size());
  }
  out_.Write(level.list ? "]" : "}");
  if (levels_.empty()) out_.Write("\n");
}

void Document::BeginMap() { Open(false); }
void Document::EndMap() { Close(); }
void Document::BeginList() { Open(true); }
void Document::EndList() { Close(); }

void Document::Key(std::string_view key) {
  Level& level = levels_.back();
  if (yaml()) {
    // The first key of a map in a list follows its dash.
    const bool behind_dash = level.empty && levels_.size() > 1 && levels_[levels_.size() - 2].list;
    if (behind_dash) {
      out_.Write(" ");
    } else if (!level.empty || levels_.size() > 1) {
      out_.Write("\n");
      Indent(levels_.size() - 1);
    }
  } else {
    if (!level.empty) out_.Write(pretty() ? "," : ", ");
    if (pretty()) {
      out_.Write("\n");
      Indent(levels_.size());
    }
  }
  Quote(key);
  out_.Write(yaml() ? ":" : ": ");
  level.empty = false;
  level.after_key = true;
}

void Document::String(std::string_view text) {
  Before(false);
  Quote(text);
}

void Document::Scalar(std::string_view text) {
  Before(false);
  out_.Write(text);
}

void Document::Embed(std::string_view text) {
  const bool block = yaml() && !text.starts_with('{') && !text.starts_with('[');
  Before(block);
  const size_t depth = levels_.size();
  while (true) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (block) out_.Write("\n");
    if (block && !line.empty()) Indent(depth);
    out_.Write(line);
    if (line.size() == text.size()) return;
    text.remove_prefix(line.size() + 1);
    if (block) continue;
    out_.Write("\n");
    Indent(depth);
  }
}

void Document::FieldBytes(std::string_view key, Bytes bytes) {
  if (text::IsUtf8(AsText(bytes))) return Field(key, AsText(bytes));
  FieldBase64(key, bytes);
}

void Document::FieldBase64(std::string_view key, Bytes bytes) {
  Key(std::string(key) + "_base64");
  if (yaml()) return String(Base64(bytes));
  Before(false);
  out_.With([&](std::string& out) {
    out += '"';
    text::AppendBase64(out, bytes);  // nothing in it to escape
    out += '"';
  });
}

}  // namespace etcdmedic::render
