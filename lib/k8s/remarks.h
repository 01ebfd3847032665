// SPDX-License-Identifier: Apache-2.0
// What a decoder has to say beside its text: fields that no table knows (kept as comments) and findings, each
// with the path of the field as people write it: spec.containers[1].env. docs/format/k8s.md, "Unknown
// fields".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret_mask.h"
#include "diag/finding.h"
#include "proto/wire.h"

namespace etcdmedic::k8s {

// One step of a path. Frames live on the stack of the decoder; a path is spelled only when somebody asks.
struct FieldPath {
  static constexpr int64_t kNoIndex = -1, kKey = -2, kInlined = -3;
  const FieldPath* parent = nullptr;
  std::string_view name;     // "" for the object itself
  int64_t index = kNoIndex;  // in a list; kKey for an entry of a map, kInlined for an inline message
  std::string_view key = {};
};

// spec.containers[1].env, data["a.b"], livenessProbe.(handler); "" for the object itself. Keys over
// `longest_key` bytes are cut.
std::string PathText(const FieldPath& frame, size_t longest_key = 64);

// What every comment about an unknown field begins with; `encode` finds them by it.
inline constexpr std::string_view kUnknownFieldMark = "unknown-field ";

// Collects remarks about one value. Bounded: after kMostFindings findings the rest are only counted, and the
// comments never outgrow a small multiple of the value.
class Remarks {
 public:
  // `value` is the whole stored value: offsets are told in it. Where `mask` hides anything, the bytes of
  // unknown fields are not shown.
  Remarks(Bytes value, const Where& where, diag::FindingSink& sink, SecretMask mask = {false, {}});

  // Damage at `at`; the object is no longer complete.
  void Damaged(diag::Code code, const FieldPath& frame, const char* at, std::string what);
  // A field that no table knows, from its tag to `end`.
  void Unknown(const FieldPath& frame, const proto::WireField& field, const char* end);
  // Anything else worth a finding.
  void Note(diag::Code code, std::string what);
  // To be called once, at the end: tells how many more there were.
  void Finish();

  bool complete() const { return complete_; }
  // The comments, one a line, without "# ".
  const std::vector<std::string>& comments() const { return comments_; }

 private:
  static constexpr size_t kMostFindings = 16;
  void Add(diag::Code code, std::string what);
  uint64_t OffsetOf(const char* at) const;

  Bytes value_;
  const Where& where_;
  diag::FindingSink& sink_;
  bool complete_ = true;
  size_t findings_ = 0;
  size_t unknown_ = 0, unknown_hidden_ = 0;
  std::string first_unknown_;
  const SecretMask mask_;
  size_t room_;  // bytes that comments may still take
  std::vector<std::string> comments_;
};

}  // namespace etcdmedic::k8s
