// SPDX-License-Identifier: Apache-2.0
// The front header of room k8s: one value as it is in etcd -> the text that people know, YAML or JSON. What
// is in a value: docs/format/k8s.md. Encryption is encryption/encryption.h's; wrappings that people paste
// are k8s/wrapping.h's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "diag/finding.h"

namespace etcdmedic::text {
class ObjectTree;
class ObjectView;
class TreeWriter;
}  // namespace etcdmedic::text

namespace etcdmedic::k8s {

enum class Encoding : uint8_t { kProtobuf, kJson, kCbor, kEncrypted, kText, kBinary, kEmpty };
std::string_view NameOf(Encoding encoding);  // "protobuf", "json", …
// Whether a value of that encoding holds an object, and not text, ciphertext or other bytes.
constexpr bool IsObject(Encoding encoding) { return encoding <= Encoding::kCbor; }

enum class TextFormat : uint8_t { kYaml, kJson, kJsonIndented };

struct DecodeOptions {
  TextFormat format = TextFormat::kYaml;
  // "1.33": print as that release would; empty: the newest that fits. Not a release: the newest.
  std::string_view release = {};
  // Prints metadata.resourceVersion and orders JSON as kubectl does.
  std::optional<int64_t> resource_version = {};
  bool hide_managed_fields = false;  // metadata.managedFields
  // A Secret's values print as kSecretMask, copies in annotations too; and all of what is under the key of a
  // Secret, or may be one, and does not decode as one.
  bool mask_secrets = false;
  std::string_view key = {};  // under which the value is stored, where that is known
  // As an item of a List: YAML continues after "- ", indented JSON is indented by the list, too (its first
  // line is not).
  bool list_item = false;
};

struct DecodeResult {
  Encoding encoding = Encoding::kEmpty;
  std::string api_version = {}, kind = {};  // empty where the value names none
  bool complete = true;                     // false where part of the value could not be read, with a finding
};

// Appends the text of `value` to `out`, a line feed after it. Never fails: where the value is damaged, out
// gets what could be read and `sink` a finding (K8S-*) with the path of the field and the offset in the
// value. Fields and kinds that the tables don't know are shown by number. Values that hold no object (text,
// ciphertext, other bytes) are appended as they are when they are text, else as one line of base64 in YAML or
// JSON.
DecodeResult Decode(Bytes value, const DecodeOptions& options, std::string& out, const Where& where,
                    diag::FindingSink& sink);

// The object in `value` to look things up in: what Decode prints as JSON, with its findings. Empty where the
// value, which outlives the tree, holds no object.
DecodeResult DecodeTree(Bytes value, const DecodeOptions& options, text::ObjectTree& tree, const Where& where,
                        diag::FindingSink& sink);
// The same, as a part of a tree; nothing written where the value holds no object.
DecodeResult DecodeTree(Bytes value, const DecodeOptions& options, text::TreeWriter& writer,
                        const Where& where, diag::FindingSink& sink);

// Appends an object as Decode prints it with these options (format, list_item, hide_managed_fields), its keys
// in order and a line feed after it.
void AppendObject(text::ObjectView object, const DecodeOptions& options, std::string& out);

// What a value is and whose, found without decoding the rest. Of a protobuf object of a kind that the tables
// don't know field 1 is taken for its metadata, as in nearly all kinds.
struct Peeked {
  Encoding encoding = Encoding::kEmpty;
  std::string api_version, kind, name, namespace_name, uid;  // empty where the value has none
  std::vector<std::pair<std::string, std::string>> labels;   // in stored order
};
Peeked Peek(Bytes value);

// By the first bytes alone.
Encoding EncodingOf(Bytes value);

}  // namespace etcdmedic::k8s
