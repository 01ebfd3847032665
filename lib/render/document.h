// SPDX-License-Identifier: Apache-2.0
// Everything that programs read goes through here: JSON, NDJSON and YAML by the rules of
// docs/design/output.md. Commands say what there is; this says how it looks. Nothing is kept but the nesting,
// so documents of any length stream.
#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "render/output.h"

namespace etcdmedic::render {

enum class Format : uint8_t {
  kTable,
  kYaml,
  kJson,
  kNdjson,
  kName,
  kGo,  // JSON as Go's encoder writes it, for the documents of etcdctl
};

class Document {
 public:
  // kJson: one indented document; kNdjson: compact, a line for each top-level item; kGo: the same without
  // blanks; kYaml.
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

  void Number(double value);  // with one digit after the point

  // Key and value in one. A text that is not UTF-8 is written under `key`+"_base64".
  void Field(std::string_view key, std::string_view text);
  void Field(std::string_view key, const char* text) { Field(key, std::string_view(text)); }
  void Field(std::string_view key, bool value) {
    Key(key);
    Bool(value);
  }
  template <class T>
    requires(std::integral<T> || std::floating_point<T>)
  void Field(std::string_view key, T value) {
    Key(key);
    Number(value);
  }
  // Nothing where there is no value.
  template <class T>
  void Field(std::string_view key, const std::optional<T>& value) {
    if (value) Field(key, *value);
  }
  // Nothing where the text is empty, or the number 0.
  void FieldIf(std::string_view key, std::string_view text) {
    if (!text.empty()) Field(key, text);
  }
  template <std::integral T>
  void FieldIf(std::string_view key, T value) {
    if (value != 0) Field(key, value);
  }
  void FieldBytes(std::string_view key, Bytes bytes) { Field(key, AsText(bytes)); }
  // Under `key`+"_base64" in any case.
  void FieldBase64(std::string_view key, Bytes bytes);
  // The value of a key: bytes as base64.
  void Encoded(Bytes bytes);
  // A sentence: bytes in it that are not UTF-8 as \xNN. Nothing where it is empty.
  void Sentence(std::string_view key, std::string_view text);
  // An id in hexadecimal; nothing where it is 0.
  void Id(std::string_view key, uint64_t id);
  void Ids(std::string_view key, std::span<const uint64_t> ids);
  // A list of texts; those that are not UTF-8, where there are any, in a second list under `key`+"_base64".
  void Texts(std::string_view key, std::span<const std::string> texts);

  // A map under `key`; `fill` writes its fields.
  template <class Fill>
  void Map(std::string_view key, const Fill& fill) {
    Key(key);
    BeginMap();
    fill();
    EndMap();
  }
  // A list of maps; `fill(item)` writes the fields of one.
  template <class Items, class Fill>
  void List(std::string_view key, const Items& items, const Fill& fill) {
    Key(key);
    BeginList();
    for (const auto& item : items) {
      BeginMap();
      fill(item);
      EndMap();
    }
    EndList();
  }
  // The beginning of what docs/schema/`name`.json describes.
  void Schema(std::string_view name);

  // A value that is already written in this document's own format, without a line feed at its end: a YAML
  // block map or list, indented JSON, or compact JSON. It is moved to its place, line by line.
  void Embed(std::string_view text);

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
  bool blanks() const { return format_ != Format::kGo; }
  bool yaml() const { return format_ == Format::kYaml; }

  Output& out_;
  const Format format_;
  std::vector<Level> levels_;
};

// One document: a map whose schema is `name` and whose other fields `fill(document)` writes.
template <class Fill>
void WriteDocument(Output& out, Format format, std::string_view name, const Fill& fill) {
  Document document(out, format);
  document.BeginMap();
  document.Schema(name);
  fill(document);
  document.EndMap();
}

// The names of a document that is mainly a list.
struct ListNames {
  std::string_view document;  // its schema
  std::string_view row;       // the schema of an item, which a line of NDJSON names
  std::string_view list;      // the field that holds the items
};

// A document with a list of rows; as NDJSON the rows alone, a line each.
class ListDocument {
 public:
  using Fill = std::function<void(Document&)>;

  // `head` writes fields before the list.
  ListDocument(Output& out, Format format, const ListNames& names, const Fill& head = {});

  // `fill(document)` writes the fields of a row.
  template <class FillRow>
  void Add(const FillRow& fill) {
    document_.BeginMap();
    if (lines_) document_.Schema(names_.row);
    fill(document_);
    document_.EndMap();
  }

  // Ends the list, and the document with the fields that `tail` writes.
  void End(const Fill& tail = {});

 private:
  Document document_;
  const ListNames names_;
  const bool lines_;
};

}  // namespace etcdmedic::render
