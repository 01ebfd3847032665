// SPDX-License-Identifier: Apache-2.0
#include "objects/audit.h"

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "k8s/schema.h"
#include "render/table.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--target", "X.Y", "Kubernetes release to check stored versions against (default: the newest known)"},
    kRevFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"audit DIR --target 1.33", "before an upgrade: what that release could not serve or read", kNotable},
};

using objects::AuditReport;

std::string_view KeyText(std::string_view key) { return key.empty() ? "none (plain text)" : key; }

constexpr auto kRight = render::Align::kRight;

std::string_view TextOf(k8s::SupportStatus standing) {
  return standing == k8s::SupportStatus::kStoredSo    ? "stored so by the API server"
         : standing == k8s::SupportStatus::kNotServed ? "not served"
         : standing == k8s::SupportStatus::kTooNew    ? "too new"
                                                      : NameOf(standing);
}

void PrintKinds(Context& context, const AuditReport& report) {
  const std::string served = fmt::format("IN 1.{}", report.target);
  render::Table table(
      context.out, {{"KIND"}, {"VERSION"}, {"ENCODING"}, {"OBJECTS", kRight}, {"BYTES", kRight}, {served}});
  for (const objects::KindCount& row : report.kinds) {
    const bool known = row.lifetime.status != k8s::SupportStatus::kUnknown;
    table.Add(row.kind.empty() ? "?" : row.kind, row.api_version.empty() ? "?" : row.api_version,
              NameOf(row.encoding), row.objects, row.bytes, known ? TextOf(row.lifetime.status) : "-");
  }
}

void PrintEncryption(Context& context, const AuditReport& report) {
  if (report.encryption.empty()) return;
  context.out.Write("\n");
  render::Table table(
      context.out,
      {{"RESOURCE"}, {"ENCRYPTION KEY"}, {"VALUES", kRight}, {"BYTES", kRight}, {"NEWEST", kRight}, {""}});
  for (const objects::ResourceEncryption& each : report.encryption) {
    bool seen = false;
    for (const objects::KeyUse& use : each.keys) {
      const bool writes = use.key == each.writes;
      seen = seen || writes;
      table.Add(each.resource, KeyText(use.key), use.values, use.bytes, use.newest_revision,
                !writes           ? "old"
                : each.configured ? "writes"
                                  : "wrote last");
    }
    if (!seen) table.Add(each.resource, KeyText(each.writes), 0, 0, "-", "writes");
  }
}

void PrintConcerns(Context& context, const AuditReport& report) {
  if (report.concerns.empty()) {
    context.out.Write(report.damaged == 0 ? "\nNothing else to look at.\n" : "\n");
    return;
  }
  context.out.Write("\n");
  render::Table table(context.out, {{""}, {""}, {"", kRight}, {""}}, {.header = false});
  for (const objects::Concern& concern : report.concerns) {
    const diag::CodeInfo& info = InfoOf(concern.code);
    table.Add(NameOf(info.severity), info.name, concern.count, concern.about);
    for (const std::string& key : concern.keys) table.Add("", "", "", key);
    if (concern.keys.size() < concern.count && !concern.keys.empty())
      table.Add("", "", "", fmt::format("… {} more", concern.count - concern.keys.size()));
  }
}

void PrintTable(Context& context, const AuditReport& report) {
  context.out.Print("{} objects in {} bytes at revision {}, {} other keys; {} damaged, {} not decrypted\n\n",
                    report.objects, report.bytes, report.revision, report.others, report.damaged,
                    report.closed);
  PrintKinds(context, report);
  PrintEncryption(context, report);
  PrintConcerns(context, report);
}

void WriteKind(render::Document& document, const objects::KindCount& row) {
  document.FieldIf("kind", row.kind);
  document.FieldIf("api_version", row.api_version);
  document.Field("encoding", NameOf(row.encoding));
  document.Field("object_count", row.objects);
  document.Field("size", row.bytes);
  document.Field("support", NameOf(row.lifetime.status));
  if (row.lifetime.last_served != k8s::kAnyRelease)
    document.Field("last_served_release", fmt::format("1.{}", row.lifetime.last_served));
  if (row.lifetime.last_known != k8s::kAnyRelease)
    document.Field("last_known_release", fmt::format("1.{}", row.lifetime.last_known));
}

// Plain text is what an EncryptionConfiguration calls the provider identity.
std::string_view KeyName(std::string_view key) { return key.empty() ? "identity" : key; }

void WriteEncryption(render::Document& document, const objects::ResourceEncryption& each) {
  document.Field("resource", each.resource);
  document.Field("writing_key", KeyName(each.writes));
  document.Field("configured", each.configured);
  document.Field("behind_count", each.Behind());
  document.List("encryption_keys", each.keys, [&](const objects::KeyUse& use) {
    document.Field("encryption_key", KeyName(use.key));
    document.Field("value_count", use.values);
    document.Field("size", use.bytes);
    document.Field("newest_revision", use.newest_revision);
    document.Field("undecrypted_count", use.closed);
  });
}

void WriteConcern(render::Document& document, const objects::Concern& concern) {
  document.Field("code", InfoOf(concern.code).name);
  document.Field("severity", NameOf(InfoOf(concern.code).severity));
  document.Sentence("message", concern.about);
  document.Field("key_count", concern.count);
  document.Texts("example_keys", concern.keys);
}

void WriteHead(render::Document& document, const AuditReport& report) {
  document.Field("revision", report.revision);
  document.Field("target_release", fmt::format("1.{}", report.target));
  document.Field("object_count", report.objects);
  document.Field("size", report.bytes);
  document.Field("other_key_count", report.others);
  document.Field("damaged_count", report.damaged);
  document.Field("undecrypted_count", report.closed);
}

// Calls `each` with the lists of a report: the field, the schema of its rows, the rows, and what writes one.
template <class Each>
void ForEachList(const AuditReport& report, const Each& each) {
  each("kinds", "audit-kind", report.kinds, WriteKind);
  each("encrypted_resources", "audit-encryption", report.encryption, WriteEncryption);
  each("issues", "audit-issue", report.concerns, WriteConcern);
}

void WriteLines(Context& context, const AuditReport& report, const std::vector<diag::Finding>& findings) {
  WriteDocument(context, "audit", [&](render::Document& document) {
    WriteHead(document, report);
    WriteFindings(document, findings);
  });
  ForEachList(report, [&](auto, std::string_view schema, const auto& rows, const auto& write) {
    for (const auto& row : rows)
      WriteDocument(context, schema, [&](render::Document& document) { write(document, row); });
  });
}

void WriteReport(Context& context, const AuditReport& report, const std::vector<diag::Finding>& findings) {
  if (context.format == render::Format::kNdjson) return WriteLines(context, report, findings);
  WriteDocument(context, "audit", [&](render::Document& document) {
    WriteHead(document, report);
    ForEachList(report, [&](std::string_view field, auto, const auto& rows, const auto& write) {
      document.List(field, rows, [&](const auto& row) { write(document, row); });
    });
    WriteFindings(document, findings);
  });
}

Result<uint8_t> TargetOf(const Args& args) {
  const auto text = ReleaseOf(args, "--target");
  if (!text) return tl::make_unexpected(text.error());
  return k8s::ParseRelease(*text).value_or(k8s::tables::kNewestRelease);
}

int Run(Context& context, const Args& args) {
  objects::AuditOptions options;
  const auto target = TargetOf(args);
  if (!target) return Report(context, target.error());
  options.target = *target;
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  options.revision = *revision;
  auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  options.etcd_prefix = args.Get("--etcd-prefix").value_or("");
  options.open = encryption->open;
  options.writer = encryption->writer;
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto report = objects::Audit(*(*opened)->store, options, (*opened)->found);
  if (!report) return Report(context, report.error());
  if (context.format == render::Format::kTable) {
    PrintTable(context, *report);
  } else if (context.format == render::Format::kName) {
    for (const objects::Concern& concern : report->concerns)
      context.out.Print("{}\n", InfoOf(concern.code).name);
  } else {
    WriteReport(context, *report, (*opened)->found.items);
  }
  return Finish(context, **opened, report->concerns.empty() ? kClean : kNotable);
}

}  // namespace

extern const Command kAudit = {
    .name = "audit",
    .positional = "PATH",
    .summary = "kinds, stored versions, encryption at rest, and what needs attention",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
