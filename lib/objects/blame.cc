// SPDX-License-Identifier: Apache-2.0
#include "objects/blame.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/secret_mask.h"
#include "base/try.h"
#include "diag/naming_sink.h"
#include "objects/object_fields.h"

namespace etcdmedic::objects {
namespace {

// A version in memory: its decrypted value, the tree that views it, and its fields by path.
struct Version {
  std::string plain;
  text::ObjectTree tree;
  std::map<std::string, text::ObjectView, std::less<>> fields;
  int64_t revision = 0;
};

bool SameValue(text::ObjectView a, text::ObjectView b) {
  return a.kind() == b.kind() && a.text() == b.text();
}

class Blamer {
 public:
  Blamer(StoredObjects& stored, const Where& where) : stored_(stored), where_(where) {}

  Result<void> Read(const mvcc::Change& change, bool mask_secrets, diag::FindingSink& sink,
                    Version& version) {
    const std::string_view key = change.kv.key;
    const StoredObjects::Value value = stored_.Open(key, AsBytes(change.kv.value));
    if (value.closed())
      return Fail(Errc::kUnsupported, std::string(key),
                  fmt::format("its value is encrypted: {}", stored_.problem()));
    if (!value.is_object())
      return Fail(Errc::kMalformed, std::string(key), "its value is not an object of Kubernetes");
    version.plain = AsText(value.bytes);
    version.revision = change.revision.main;
    version.fields.clear();
    DecodeStored(key, AsBytes(version.plain), {.mask_secrets = mask_secrets}, version.tree, where_, sink);
    ForEachField(version.tree.root(), [&](const ObjectField& field, std::span<const FieldStep>) {
      version.fields.emplace(field.path, field.value);
    });
    return {};
  }

  // The fields of the newest version, each still to be blamed.
  // A field that `shown`, the same version as it may be printed, does not have is part of what is masked.
  void Begin(const Version& newest, const Version& shown) {
    ForEachField(newest.tree.root(), [&](const ObjectField& field, std::span<const FieldStep>) {
      const auto text = shown.fields.find(field.path);
      fields_.push_back({field.path,
                         text == shown.fields.end() ? std::string(kSecretMask) : ValueText(text->second), 0,
                         false, ""});
      open_.push_back(fields_.size() - 1);
    });
  }

  // Those that `older` does not have, or not so, were set by `newer`.
  void Step(const Version& newer, const Version& older) {
    std::erase_if(open_, [&](size_t at) {
      const std::string& path = fields_[at].path;
      const auto before = older.fields.find(path), now = newer.fields.find(path);
      const bool same =
          before != older.fields.end() && now != newer.fields.end() && SameValue(before->second, now->second);
      if (!same) set_.push_back(at);
      return !same;
    });
    Settle(newer, false);
  }

  void End(const Version& oldest, bool at_or_before) {
    std::swap(set_, open_);
    Settle(oldest, at_or_before);
  }

  std::vector<BlamedField> fields_;

 private:
  void Settle(const Version& by, bool at_or_before) {
    if (set_.empty()) return;
    std::map<std::string_view, size_t> wanted;
    for (const size_t at : set_) wanted.emplace(fields_[at].path, at);
    ForEachField(by.tree.root(), [&](const ObjectField& field, std::span<const FieldStep> steps) {
      const auto found = wanted.find(field.path);
      if (found == wanted.end()) return;
      BlamedField& blamed = fields_[found->second];
      blamed.revision = by.revision;
      blamed.at_or_before = at_or_before;
      blamed.manager = ManagerOf(by.tree.root(), steps).name;
    });
    set_.clear();
  }

  StoredObjects& stored_;
  const Where& where_;
  std::vector<size_t> open_, set_;  // places in fields_: not blamed yet, and to be blamed on one version
};

}  // namespace

Result<std::vector<BlamedField>> Blame(std::span<const mvcc::Change> newest_first, StoredObjects& stored,
                                       bool mask_secrets, const Where& where, diag::FindingSink& sink) {
  Blamer blamer(stored, where);
  diag::NoSink ignored;
  // Their trees view their own text, so they stay where they are.
  Version versions[2], shown;
  Version *newer = &versions[0], *older = &versions[1];
  RETURN_IF_ERROR(blamer.Read(newest_first.front(), false, sink, *newer));
  RETURN_IF_ERROR(blamer.Read(newest_first.front(), mask_secrets, ignored, shown));
  blamer.Begin(*newer, shown);
  size_t at = 0;
  for (; newest_first[at].kv.version != 1 && at + 1 < newest_first.size() && !newest_first[at + 1].tombstone;
       ++at) {
    RETURN_IF_ERROR(blamer.Read(newest_first[at + 1], false, ignored, *older));
    blamer.Step(*newer, *older);
    std::swap(newer, older);
  }
  blamer.End(*newer, newest_first[at].kv.version != 1);
  return std::move(blamer.fields_);
}

}  // namespace etcdmedic::objects
