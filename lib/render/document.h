// SPDX-License-Identifier: Apache-2.0
// One stream of events -> JSON, NDJSON or YAML. Commands say what there is; this says how it looks. Nothing
// is kept but the nesting, so documents of any length stream.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "render/output.h"

namespace etcdmedic::render {

enum class Format : uint8_t { kTable, kYaml, kJson, kNdjson, kName };

class Document {
 public:
  // kJson: one indented document; kNdjson: compact, a line for each top-level item; kYaml.
  Document(Output& out, Format format) : out_(out), format_(format) {}

  void BeginMap();
  void EndMap();
  void BeginList();
  void EndList();
  void Key(std::string_view key);

  void String(std::string_view text);
  void Bool(bool value) { Scalar(value ? "true" : "false"); }
  void Null() { Scalar("null"); }
  template <std::integral T>
  void Number(T value) {
    const fmt::format_int digits(value);
    Scalar({digits.data(), digits.size()});
  }

  // Key and value in one; nothing is written for an empty optional text.
  void Field(std::string_view key, std::string_view text) {
    Key(key);
    String(text);
  }
  void Field(std::string_view key, const char* text) { Field(key, std::string_view(text)); }
  void Field(std::string_view key, bool value) {
    Key(key);
    Bool(value);
  }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  void Field(std::string_view key, T value) {
    Key(key);
    Number(value);
  }
  // A value that is already written in this document's own format, without a line feed at its end: a YAML
  // block map or list, indented JSON, or compact JSON. It is moved to its place, line by line.
  void Embed(std::string_view text);
  // As text where it is UTF-8, else under `key`+"_base64".
  void FieldBytes(std::string_view key, Bytes bytes);
  // Under `key`+"_base64" in any case.
  void FieldBase64(std::string_view key, Bytes bytes);

 private:
  struct Level {
    bool list = false;
    bool empty = true;
    bool after_key = false;
  };
  void Open(bool list);
  void Close();
  void Before(bool container);
  void Indent(size_t depth);
  void Quote(std::string_view text);
  void Scalar(std::string_view text);
  bool pretty() const { return format_ == Format::kJson; }
  bool yaml() const { return format_ == Format::kYaml; }

  Output& out_;
  const Format format_;
  std::vector<Level> levels_;
};

}  // namespace etcdmedic::render
