// SPDX-License-Identifier: Apache-2.0
// Writes HTML: elements that close themselves, and text that cannot become anything else.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "html/escape.h"

namespace etcdmedic::html {

// A name of ours, and a value that may hold anything and is written whole; without one only the name is
// written.
struct Attribute {
  std::string_view name;
  std::string value = {};
};
using Attributes = std::initializer_list<Attribute>;

class Writer {
 public:
  // `out` outlives it.
  explicit Writer(std::string& out) : out_(out) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // An element that is open as long as this.
  class Scope {
   public:
    Scope(Writer& writer, std::string_view tag) : writer_(writer), tag_(tag) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { writer_.Close(tag_); }

   private:
    Writer& writer_;
    std::string_view tag_;
  };

  // `tag` and the names of attributes are literals; they are written as they are.
  [[nodiscard]] Scope In(std::string_view tag, Attributes attributes = {}) {
    Open(tag, attributes);
    return {*this, tag};
  }
  // An element with text in it.
  void Element(std::string_view tag, std::string_view text, Attributes attributes = {});
  // An element that has no end.
  void Void(std::string_view tag, Attributes attributes = {});
  void Text(std::string_view text, size_t most = kLongestText) { AppendEscaped(out_, text, most); }
  // The content of a style element, which is ours.
  void Style(std::string_view css) { out_ += css; }

  // A name that no other element has.
  std::string NewId() { return "n" + std::to_string(++ids_); }

 private:
  void Open(std::string_view tag, Attributes attributes);
  void Close(std::string_view tag);

  std::string& out_;
  uint64_t ids_ = 0;
};

}  // namespace etcdmedic::html
