// SPDX-License-Identifier: Apache-2.0
#include "objects/export_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hex.h"
#include "base/secret_mask.h"
#include "base/sha256.h"
#include "base/try.h"
#include "diag/naming_sink.h"
#include "k8s/schema.h"
#include "k8s/secrets.h"
#include "k8s/value.h"
#include "keyspace/object_rules.h"
#include "kubectl/resource_name.h"
#include "objects/apply_ready.h"
#include "objects/file_name.h"
#include "objects/served_form.h"
#include "objects/stored_objects.h"
#include "text/write_tree.h"
#include "text/yaml_writer.h"

namespace etcdmedic::objects {
namespace {

constexpr std::string_view kIndexHead = "file\tkey\tapiVersion\tkind\tnamespace\tname\tmodRevision\n";
constexpr std::string_view kLeftOutHead = "key\tkind\treason\n";
constexpr size_t kBuffer = size_t{1} << 20;

// A cell of a table whose rows are lines: control characters as %XX.
void AppendCell(std::string& row, std::string_view text, char end) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      row += fmt::format("%{:02X}", byte);
    } else {
      row += c;
    }
  }
  row += end;
}

// A file that grows a row at a time.
class Table {
 public:
  Table(FileSink& tree, std::string name, std::string_view head)
      : tree_(tree), name_(std::move(name)), rows_(head) {}

  Result<void> Add(std::initializer_list<std::string_view> cells) {
    size_t left = cells.size();
    for (const std::string_view cell : cells) AppendCell(rows_, cell, --left == 0 ? '\n' : '\t');
    return rows_.size() < kBuffer ? Result<void>() : Flush();
  }
  Result<void> Flush() {
    const std::string rows = std::exchange(rows_, {});
    return tree_.Append(name_, rows);
  }

 private:
  FileSink& tree_;
  const std::string name_;
  std::string rows_;
};

class Exporter {
 public:
  Exporter(const mvcc::Store& store, const kubectl::Registry& registry, const ExportOptions& options,
           FileSink& tree, diag::FindingSink& sink)
      : store_(store), registry_(registry), options_(options), tree_(tree), sink_(sink) {}

  Result<ExportReport> Run() {
    const auto revision = store_.RevisionOr(options_.revision);
    if (!revision) return Propagate(revision);
    report_.revision = *revision;
    if (options_.apply_ready) {
      RETURN_IF_ERROR(ForEach([&](const Item& item) { return Learn(item); }));
    }
    auto done =
        options_.in_order ? ExportInOrder() : ForEach([&](const Item& item) { return ExportOne(item); });
    if (done) done = index_.Flush();
    if (done) done = left_out_.Flush();
    if (!done) return Propagate(done);
    return std::move(report_);
  }

 private:
  struct Item {
    const mvcc::KeyValue& kv;
    const kubectl::RegistryKey& key;
  };

  Result<void> ForEach(const std::function<Result<void>(const Item&)>& each) {
    Result<void> result;
    const auto read = store_.Range(mvcc::EveryKey(), report_.revision, [&](const mvcc::KeyValue& kv) {
      if (const auto key = registry_.Parse(kv.key)) result = each({kv, *key});
      return result.has_value();
    });
    return read ? result : read;
  }

  // By what their keys say, so that nothing needs to be decoded for the order.
  Result<void> ExportInOrder() {
    struct Kept {
      Stage stage;
      mvcc::KeyValue kv;
      kubectl::RegistryKey key;
    };
    std::vector<Kept> all;
    RETURN_IF_ERROR(ForEach([&](const Item& item) {
      const kubectl::Resource* kind = item.key.resource;
      if (options_.wanted && !options_.wanted(item.key)) return Result<void>();
      const Stage stage =
          kind == nullptr ? Stage::kCustomResources : StageOf(kind->group, kind->kind, !kind->custom);
      all.push_back({stage, item.kv, item.key});
      return Result<void>();
    }));
    std::ranges::stable_sort(all, {}, &Kept::stage);
    for (const Kept& kept : all) RETURN_IF_ERROR(ExportOne({kept.kv, kept.key}));
    return {};
  }

  bool HasLabels(const Item& item, Bytes value) {
    if (options_.labels.empty()) return true;
    diag::NoSink ignored;  // reported when it is written
    Decode(item, value, object_, ignored);
    return options_.labels.Matches(object_.root().At("metadata.labels"));
  }

  // Into text_ or object_.
  template <class Into>
  k8s::DecodeResult Decode(const Item& item, Bytes value, Into& into, diag::FindingSink& sink) {
    text_.clear();
    return DecodeStored(item.kv.key, value, {.mask_secrets = options_.hide_secrets}, into, WhereOf(item),
                        sink);
  }

  Where WhereOf(const Item& item) const { return {store_.file(), store_.OffsetOf(AsBytes(item.kv.value))}; }

  // By which API servers say that they are alive.
  static bool IsServersLease(std::string_view path) {
    return path == "masterleases" || path == "peerserverleases";
  }

  static std::string ServiceId(std::string_view namespace_name, std::string_view name) {
    return fmt::format("{}/{}", namespace_name, name);
  }

  // What decides about other objects: Services with a selector, and namespaces whose deletion had begun.
  Result<void> Learn(const Item& item) {
    const bool service = item.key.path == "services/specs";
    if (!service && item.key.path != "namespaces") return {};
    const StoredObjects::Value value = stored_.Open(item.kv.key, AsBytes(item.kv.value));
    if (value.closed()) return {};
    diag::NoSink ignored;  // the second pass reports
    Decode(item, value.bytes, object_, ignored);
    if (!service && !object_.root().At("metadata.deletionTimestamp").text().empty())
      going_.emplace(item.key.name);
    if (service && HasSelector(object_.root()))
      selecting_.insert(ServiceId(item.key.namespace_name, item.key.name));
    return {};
  }

  Result<void> ExportOne(const Item& item) {
    if (options_.wanted && !options_.wanted(item.key)) return {};
    const StoredObjects::Value value = stored_.Open(item.kv.key, AsBytes(item.kv.value));
    if (!options_.labels.empty() && (!value.is_object() || !HasLabels(item, value.bytes))) return {};
    if (options_.apply_ready) {
      if (IsServersLease(item.key.path)) return LeaveOut(item, "", SkipReason::kClusterState);
      if (going_.contains(item.key.namespace_name))
        return LeaveOut(item, "", SkipReason::kBeingDeleted,
                        fmt::format("Namespace {}", item.key.namespace_name));
    }
    if (value.closed()) return LeaveOut(item, "", SkipReason::kEncrypted);
    if (!value.is_object()) return ExportNoObject(item, value.bytes);
    return options_.apply_ready ? ExportManifest(item, value.bytes) : ExportStored(item, value.bytes);
  }

  Result<void> ExportStored(const Item& item, Bytes value) {
    const k8s::DecodeResult decoded = Decode(item, value, text_, sink_);
    if (!decoded.complete) {
      ++report_.damaged;
      text_.insert(0, "# incomplete: the stored value is damaged, and this is what could be read of it\n");
    }
    return Put(item, "", ".yaml", text_, decoded);
  }

  Result<void> ExportNoObject(const Item& item, Bytes value) {
    ++report_.damaged;
    keyspace::ReportNoObject(item.kv.key, value, WhereOf(item), sink_);
    if (options_.apply_ready) return LeaveOut(item, "", SkipReason::kDamaged);
    const bool hidden = options_.hide_secrets && k8s::HoldsSecret(item.kv.key, value);
    return Put(item, "", ".bin", hidden ? kSecretMask : AsText(value), {});
  }

  Result<void> ExportManifest(const Item& item, Bytes value) {
    const k8s::DecodeResult decoded = Decode(item, value, object_, sink_);
    const bool builtin = k8s::FindKind(decoded.api_version, decoded.kind) != nullptr;
    text::ObjectTree& object = AsServed(item);
    const auto manifest = MakeManifest(object, builtin, surroundings_);
    if (!decoded.complete || !manifest) {
      ++report_.damaged;
      return LeaveOut(item, decoded.kind, SkipReason::kDamaged);
    }
    if (manifest->left_out != SkipReason::kNothing)
      return LeaveOut(item, decoded.kind, manifest->left_out, manifest->detail);
    text::YamlWriter writer(text_);
    text::WriteTree(object.root(), {}, writer);
    const std::string folder(FolderOf(manifest->stage));
    report_.stages.emplace(kubectl::ResourceNameOf(item.key), folder);
    return Put(item, folder + "/", ".yaml", text_, decoded);
  }

  // object_ in a version that the API server serves.
  text::ObjectTree& AsServed(const Item& item) {
    if (item.key.resource == nullptr) return object_;
    const ServedForm form(*item.key.resource, {}, k8s::tables::kNewestRelease);
    if (!form.changes()) return object_;
    form.Write(object_.root(), served_);
    return served_;
  }

  Result<void> Put(const Item& item, const std::string& stage, const char* suffix, std::string_view text,
                   const k8s::DecodeResult& decoded) {
    const kubectl::RegistryKey& key = item.key;
    const std::string resource = kubectl::ResourceNameOf(key);
    const std::string folder =
        stage + (key.namespace_name.empty() ? std::string("_cluster") : FileName(key.namespace_name)) + "/" +
        FileName(resource) + "/";
    std::string file = folder + FileName(key.name) + suffix;
    auto written = tree_.Write(file, text);
    if (!written && written.error().code == Errc::kRefused) {
      // Another key of the same resource and name, say below a second prefix.
      const std::string hash = HexOf(AsBytes(Sha256(AsBytes(item.kv.key)).substr(0, 8)));
      file = folder + FileName(key.name).substr(0, 180) + "~" + hash + suffix;
      written = tree_.Write(file, text);
    }
    if (!written) return written;
    ++report_.written[resource];
    ++report_.files;
    report_.bytes += text.size();
    return index_.Add({file, item.kv.key, decoded.api_version, decoded.kind, key.namespace_name, key.name,
                       fmt::format("{}", item.kv.mod_revision)});
  }

  Result<void> LeaveOut(const Item& item, std::string_view kind, SkipReason reason,
                        std::string_view detail = {}) {
    ++report_.left_out[reason];
    const std::string text =
        detail.empty() ? std::string(ReasonOf(reason)) : fmt::format("{}: {}", ReasonOf(reason), detail);
    return left_out_.Add({item.kv.key, kind, text});
  }

  const mvcc::Store& store_;
  const kubectl::Registry& registry_;
  const ExportOptions& options_;
  FileSink& tree_;
  diag::FindingSink& sink_;
  ExportReport report_;
  Table index_{tree_, "index.tsv", kIndexHead};
  Table left_out_{tree_, "left-out.tsv", kLeftOutHead};
  std::set<std::string> selecting_;           // Services with a selector
  std::set<std::string, std::less<>> going_;  // namespaces whose deletion had begun
  ExportContext surroundings_{[this](std::string_view namespace_name, std::string_view name) {
    return selecting_.contains(ServiceId(namespace_name, name));
  }};
  StoredObjects stored_{options_.open};
  std::string text_;
  text::ObjectTree object_, served_;
};

}  // namespace

Result<ExportReport> ExportObjects(const mvcc::Store& store, const kubectl::Registry& registry,
                                   const ExportOptions& options, FileSink& tree, diag::FindingSink& sink) {
  return Exporter(store, registry, options, tree, sink).Run();
}

}  // namespace etcdmedic::objects
