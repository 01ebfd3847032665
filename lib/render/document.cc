// SPDX-License-Identifier: Apache-2.0
#include "render/document.h"

#include <algorithm>

#include "render/text.h"
#include "text/base64.h"
#include "text/utf8.h"

namespace etcdmedic::render {
namespace {

// Go's encoder escapes what HTML would take for more than text.
void AppendGoString(std::string& out, std::string_view text) {
  if (text.find_first_of("<>&") == std::string_view::npos) return AppendJsonString(out, text);
  std::string quoted;
  AppendJsonString(quoted, text);
  for (const char c : quoted) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '<' || c == '>' || c == '&')
      out += fmt::format("\\u00{:02x}", byte);
    else
      out += c;
  }
}

}  // namespace

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
  out_.With([&](std::string& out) {
    yaml() ? AppendYamlString(out, text) : blanks() ? AppendJsonString(out, text) : AppendGoString(out, text);
  });
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
    if (!level.empty) out_.Write(pretty() || !blanks() ? "," : ", ");
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
    if (!level.empty) out_.Write(pretty() || !blanks() ? "," : ", ");
    if (pretty()) {
      out_.Write("\n");
      Indent(levels_.size());
    }
  }
  Quote(key);
  out_.Write(yaml() || !blanks() ? ":" : ": ");
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

void Document::Number(double value) { Scalar(fmt::format("{:.1f}", value)); }

void Document::Field(std::string_view key, std::string_view text) {
  if (!text::IsUtf8(text)) return FieldBase64(key, AsBytes(text));
  Key(key);
  String(text);
}

void Document::Sentence(std::string_view key, std::string_view text) {
  if (text.empty()) return;
  Key(key);
  text::IsUtf8(text) ? String(text) : String(Printable(text));
}

void Document::Id(std::string_view key, uint64_t id) {
  if (id != 0) Field(key, fmt::format("{:x}", id));
}

void Document::Ids(std::string_view key, std::span<const uint64_t> ids) {
  Key(key);
  BeginList();
  for (const uint64_t id : ids) String(fmt::format("{:x}", id));
  EndList();
}

void Document::Texts(std::string_view key, std::span<const std::string> texts) {
  bool all = true;
  Key(key);
  BeginList();
  for (const std::string& text : texts) {
    const bool whole = text::IsUtf8(text);
    all = all && whole;
    if (whole) String(text);
  }
  EndList();
  if (all) return;
  Key(std::string(key) + "_base64");
  BeginList();
  for (const std::string& text : texts) {
    if (!text::IsUtf8(text)) String(Base64(AsBytes(text)));
  }
  EndList();
}

void Document::Schema(std::string_view name) { Field("schema", fmt::format("etcdmedic.{}/v1", name)); }

void Document::FieldBase64(std::string_view key, Bytes bytes) {
  Key(std::string(key) + "_base64");
  Encoded(bytes);
}

void Document::Encoded(Bytes bytes) {
  if (yaml()) return String(Base64(bytes));
  Before(false);
  out_.With([&](std::string& out) {
    out += '"';
    text::AppendBase64(out, bytes);  // nothing in it to escape
    out += '"';
  });
}

ListDocument::ListDocument(Output& out, Format format, const ListNames& names, const Fill& head)
    : document_(out, format), names_(names), lines_(format == Format::kNdjson) {
  if (lines_) return;
  document_.BeginMap();
  document_.Schema(names.document);
  if (head) head(document_);
  document_.Key(names.list);
  document_.BeginList();
}

void ListDocument::End(const Fill& tail) {
  if (lines_) return;
  document_.EndList();
  if (tail) tail(document_);
  document_.EndMap();
}

}  // namespace etcdmedic::render
