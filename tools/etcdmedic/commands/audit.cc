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

void PrintKinds(Context& context, const AuditReport& report) {
  const std::string served = fmt::format("IN 1.{}", report.target);
  render::Table table(
      context.out, {{"KIND"}, {"VERSION"}, {"ENCODING"}, {"OBJECTS", kRight}, {"BYTES", kRight}, {served}});
  for (const objects::KindCount& row : report.kinds) {
    const bool known = row.lifetime.status != k8s::SupportStatus::kUnknown;
    table.Add(row.kind.empty() ? "?" : row.kind, row.api_version.empty() ? "?" : row.api_version,
              NameOf(row.encoding), row.objects, row.bytes, known ? NameOf(row.lifetime.status) : "-");
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
  for (const objects::Concern& concern : report.concerns) {
    const diag::CodeInfo& info = InfoOf(concern.code);
    context.out.Print("{:<8} {:<24} {:>7}  {}\n", NameOf(info.severity), info.name, concern.count,
                      render::Printable(concern.about));
    for (const std::string& key : concern.keys) context.out.Print("{:>41}  {}\n", "", render::Printable(key));
    if (concern.keys.size() < concern.count && !concern.keys.empty())
      context.out.Print("{:>41}  … {} more\n", "", concern.count - concern.keys.size());
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
  document.Field("kind", row.kind);
  document.Field("api_version", row.api_version);
  document.Field("encoding", NameOf(row.encoding));
  document.Field("objects", row.objects);
  document.Field("bytes", row.bytes);
  document.Field("standing", NameOf(row.lifetime.status));
  if (row.lifetime.last_served != k8s::kAnyRelease)
    document.Field("last_served", fmt::format("1.{}", row.lifetime.last_served));
  if (row.lifetime.last_known != k8s::kAnyRelease)
    document.Field("last_known", fmt::format("1.{}", row.lifetime.last_known));
}

void WriteEncryption(render::Document& document, const objects::ResourceEncryption& each) {
  document.Field("resource", each.resource);
  document.Field("writes", each.writes);
  document.Field("configured", each.configured);
  document.Field("behind", each.Behind());
  document.Key("keys");
  document.BeginList();
  for (const objects::KeyUse& use : each.keys) {
    document.BeginMap();
    document.Field("key", use.key);
    document.Field("values", use.values);
    document.Field("bytes", use.bytes);
    document.Field("newest_revision", use.newest_revision);
    document.Field("closed", use.closed);
    document.EndMap();
  }
  document.EndList();
}

void WriteConcern(render::Document& document, const objects::Concern& concern) {
  document.Field("code", InfoOf(concern.code).name);
  document.Field("severity", NameOf(InfoOf(concern.code).severity));
  document.Field("about", concern.about);
  document.Field("count", concern.count);
  document.Key("keys");
  document.BeginList();
  for (const std::string& key : concern.keys) document.String(key);
  document.EndList();
}

// The rows of `list` as a list, or for NDJSON as lines that say what they are.
template <class List, class Write>
void WriteRows(render::Document& document, bool lines, std::string_view list_name, std::string_view row_name,
               const List& list, Write write) {
  if (!lines) {
    document.Key(list_name);
    document.BeginList();
  }
  for (const auto& row : list) {
    document.BeginMap();
    if (lines) document.Field("row", row_name);
    write(document, row);
    document.EndMap();
  }
  if (!lines) document.EndList();
}

void WriteHead(render::Document& document, const AuditReport& report) {
  document.Field("revision", report.revision);
  document.Field("target", fmt::format("1.{}", report.target));
  document.Field("objects", report.objects);
  document.Field("bytes", report.bytes);
  document.Field("other_keys", report.others);
  document.Field("damaged", report.damaged);
  document.Field("closed", report.closed);
}

void WriteDocument(Context& context, const AuditReport& report, const std::vector<diag::Finding>& findings) {
  const bool lines = context.format == render::Format::kNdjson;
  render::Document document(context.out, context.format);
  document.BeginMap();
  document.Field(lines ? "row" : "schema", lines ? "audit" : "etcdmedic.audit/v1");
  WriteHead(document, report);
  if (lines) document.EndMap();
  WriteRows(document, lines, "kinds", "kind", report.kinds, WriteKind);
  WriteRows(document, lines, "encryption", "encryption", report.encryption, WriteEncryption);
  WriteRows(document, lines, "concerns", "concern", report.concerns, WriteConcern);
  if (lines) return;
  WriteFindings(document, findings);
  document.EndMap();
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
    WriteDocument(context, *report, (*opened)->found.items);
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
