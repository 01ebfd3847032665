// SPDX-License-Identifier: Apache-2.0
// Protobuf's text format, in whatever style and with whatever around it: what jetcd, Python and Go print of a
// KeyValue or a response, and the requests in the lines of etcd-dump-logs.
#include <charconv>

#include "k8s/wrapping_forms.h"
#include "text/go_string.h"

namespace etcdmedic::k8s {
namespace {

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  Items Read() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (IsNameCharacter(c)) {
        Name();
        continue;
      }
      if (c == '{' || c == '<') Open();
      if (c == '}' || c == '>') Close();
      ++at_;
    }
    while (!open_.empty()) Close();
    Emit(top_);
    return std::move(items_);
  }

 private:
  struct Message {
    StoredItem item;
    bool has_value = false;
  };

  // Deeper messages count as part of their parent.
  static constexpr size_t kDeepest = 64;

  void Open() {
    if (open_.size() < kDeepest)
      open_.emplace_back();
    else
      ++beyond_;
  }

  void Close() {
    if (beyond_ > 0) {
      --beyond_;
    } else if (!open_.empty()) {
      Emit(open_.back());
      open_.pop_back();
    }
  }

  void Emit(Message& message) {
    if (message.has_value && !message.item.key.empty()) items_.push_back(std::move(message.item));
    message = {};
  }

  // A name, and what it names where that is not a message.
  void Name() {
    const size_t start = at_;
    while (at_ < text_.size() && IsNameCharacter(text_[at_])) ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    if (at_ == text_.size() || text_[at_] != ':') return;
    ++at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    Message& message = open_.empty() ? top_ : open_.back();
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\''))
      String(name, message);
    else if (name == "mod_revision")
      Revision(message);
  }

  void String(std::string_view name, Message& message) {
    size_t end = at_;
    auto bytes = text::ReadGoString(text_, end);
    if (!bytes) {
      ++at_;
      return;
    }
    at_ = end;
    if (name == "key") {
      if (&message == &top_) Emit(message);  // several messages without braces around them
      message.item.key = std::move(*bytes);
    } else if (name == "value" && !bytes->empty()) {
      message.item.value = std::move(*bytes);
      message.has_value = true;
    }
  }

  void Revision(Message& message) {
    int64_t revision = 0;
    const auto read = std::from_chars(text_.data() + at_, text_.data() + text_.size(), revision);
    if (read.ec != std::errc()) return;
    message.item.mod_revision = revision;
    at_ = static_cast<size_t>(read.ptr - text_.data());
  }

  std::string_view text_;
  size_t at_ = 0;
  Message top_;
  std::vector<Message> open_;
  size_t beyond_ = 0;
  Items items_;
};

}  // namespace

std::optional<Items> ReadProtobufText(std::string_view text) {
  if (text.find("value:") == std::string_view::npos) return std::nullopt;
  Items items = TextReader(text).Read();
  if (items.empty()) return std::nullopt;
  return items;
}

}  // namespace etcdmedic::k8s
