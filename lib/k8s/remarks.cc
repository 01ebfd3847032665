// SPDX-License-Identifier: Apache-2.0
#include "k8s/remarks.h"

#include <fmt/format.h>

#include <utility>

#include "text/ascii.h"
#include "text/text_codec.h"

namespace etcdmedic::k8s {
namespace {

constexpr size_t kWholeKey = SIZE_MAX;

void AppendStep(const FieldPath& frame, size_t longest_key, std::string& out) {
  if (frame.name.empty()) return;
  if (!out.empty()) out += '.';
  if (frame.index == FieldPath::kInlined) {
    out += fmt::format("({})", frame.name);
    return;
  }
  out += frame.name;
  if (frame.index >= 0) out += fmt::format("[{}]", frame.index);
  if (frame.index != FieldPath::kKey) return;
  out += '[';
  text::AppendQuoted(frame.key, longest_key, out);
  out += ']';
}

}  // namespace

std::string PathText(const FieldPath& frame, size_t longest_key) {
  std::vector<const FieldPath*> steps;
  for (const FieldPath* at = &frame; at != nullptr; at = at->parent) steps.push_back(at);
  std::string path;
  for (; !steps.empty(); steps.pop_back()) AppendStep(*steps.back(), longest_key, path);
  return path;
}

Remarks::Remarks(Bytes value, const Where& where, diag::FindingSink& sink, SecretMask mask)
    : value_(value), where_(where), sink_(sink), mask_(mask), room_(8 * value.size() + 65536) {}

uint64_t Remarks::OffsetOf(const char* at) const {
  const char* begin = AsText(value_).data();
  // A merged copy of repeated messages is not part of the value.
  return at >= begin && at <= begin + value_.size() ? static_cast<uint64_t>(at - begin) : 0;
}

void Remarks::Add(diag::Code code, std::string what) {
  if (++findings_ > kMostFindings) return;
  sink_.Add({.code = code, .where = where_, .length = value_.size(), .message = std::move(what)});
}

void Remarks::Damaged(diag::Code code, const FieldPath& frame, const char* at, std::string what) {
  complete_ = false;
  if (findings_ >= kMostFindings) {
    ++findings_;
    return;
  }
  std::string path = PathText(frame);
  if (path.empty()) path = "the object";
  Add(code, fmt::format("{}: {}, at byte {} of the value", path, what, OffsetOf(at)));
}

void Remarks::Note(diag::Code code, std::string what) { Add(code, std::move(what)); }

void Remarks::Unknown(const FieldPath& frame, const proto::WireField& field, const char* end) {
  if (++unknown_ == 1) first_unknown_ = fmt::format("number {} in {}", field.number, PathText(frame));
  const std::string_view raw(field.tag, static_cast<size_t>(end - field.tag));
  size_t depth = 0;
  size_t keys = 0;
  for (const FieldPath* at = &frame; at != nullptr; at = at->parent, ++depth)
    keys += at->name.size() + 4 * at->key.size();
  const size_t need = 2 * raw.size() + keys + 16 * depth + 64;
  if (need > room_) {
    ++unknown_hidden_;
    return;
  }
  room_ -= need;
  std::string path = PathText(frame, kWholeKey);
  if (path.empty()) path = ".";
  std::string bytes;
  mask_.hides() ? static_cast<void>(bytes = kSecretMask) : text::AppendHex(AsBytes(raw), bytes);
  comments_.push_back(fmt::format("{}{} number={} wire={} bytes={}", kUnknownFieldMark, path, field.number,
                                  field.wire_type, bytes));
}

void Remarks::Finish() {
  if (unknown_ > 0) {
    sink_.Add({.code = diag::Code::kK8sFieldUnknown,
               .where = where_,
               .length = value_.size(),
               .message = fmt::format("{} fields that no release in the tables has, the first {}", unknown_,
                                      first_unknown_)});
  }
  if (unknown_hidden_ > 0) {
    complete_ = false;
    comments_.push_back(fmt::format("{} more unknown fields are not shown", unknown_hidden_));
  }
  if (findings_ > kMostFindings) {
    sink_.Add({.code = diag::Code::kK8sValueMalformed,
               .where = where_,
               .length = value_.size(),
               .message = fmt::format("{} more faults in this value", findings_ - kMostFindings)});
  }
}

}  // namespace etcdmedic::k8s
