// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"
#include "cli/command.h"
#include "encryption/encryption.h"
#include "inputs/kubernetes_args.h"
#include "inputs/terminal_input.h"
#include "k8s/schema.h"
#include "k8s/value.h"
#include "k8s/wrapping.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--release", "X.Y", "print as this release of Kubernetes does (default: the newest that fits)"},
    {"--encryption-config", "FILE",
     "the API server's EncryptionConfiguration, to decrypt values encrypted at rest"},
    {"--key", "KEY", "the etcd key of the value, if its wrapping does not contain it; AES-GCM needs it"},
};
constexpr Example kExamples[] = {
    {"decode VALUE", "one stored value as YAML, whether raw, hex, base64, a dump or etcdctl's output"},
    {"decode VALUE -o json", "the same as JSON; ndjson has it in one line"},
    {"decode VALUE -o kubectl", "with the resourceVersion that kubectl would show"},
};
constexpr std::string_view kFormats[] = {"kubectl", "kubectl-json"};

constexpr std::string_view kKubectlJson = "kubectl-json";

struct DecodeJob {
  k8s::DecodeOptions options;
  bool kubectl = false;  // show what the API server would add
  std::optional<encryption::EncryptionConfig> config;
  std::string key;  // of values whose wrapping tells none
  std::string path;
  std::string file;  // its name in messages
};

k8s::TextFormat FormatOf(const Context& context) {
  if (context.own_format == kKubectlJson || context.format == render::Format::kJson)
    return k8s::TextFormat::kJsonIndented;
  return context.format == render::Format::kNdjson ? k8s::TextFormat::kJson : k8s::TextFormat::kYaml;
}

Result<DecodeJob> MakeJob(const Context& context, const Args& args, const std::string& release) {
  DecodeJob job;
  job.path = args.positional().empty() ? "-" : args.positional().front();
  job.file = job.path == "-" ? "standard input" : job.path;
  job.kubectl = !context.own_format.empty();
  job.key = args.Get("--key").value_or("");
  job.options = {.format = FormatOf(context),
                 .release = release,
                 .resource_version = {},
                 .mask_secrets = context.hides_values()};
  if (const auto path = args.Get("--encryption-config")) {
    auto config = encryption::EncryptionConfig::Load(*path);
    if (!config) return tl::make_unexpected(config.error());
    job.config = std::move(*config);
  }
  return job;
}

// The bytes that may have been stored where `value` is what came through a pipe or a terminal: as they are,
// without the line feed that etcdctl prints after them, and with the terminal's \r\n undone.
std::vector<std::string> Candidates(const std::string& value) {
  std::vector<std::string> all{value};
  if (value.find("\r\n") != std::string::npos) all.push_back(k8s::UndoTerminal(value));
  for (size_t i = 0, count = all.size(); i < count; ++i) {
    if (all[i].ends_with('\n')) all.push_back(all[i].substr(0, all[i].size() - 1));
  }
  return all;
}

// The stored bytes.
Result<std::string> Decrypt(const DecodeJob& job, const std::string& value, const std::string& key) {
  if (!job.config) {
    return Fail(Errc::kRefused, job.file,
                fmt::format("encrypted with {}: name the API server's configuration with --encryption-config",
                            encryption::DescribeKey(AsBytes(value))));
  }
  auto opened = job.config->Decrypt(AsBytes(value), key);
  for (const std::string& candidate : Candidates(value)) {
    if (opened) return opened;
    if (auto other = job.config->Decrypt(AsBytes(candidate), key)) return other;
  }
  if (!key.empty()) return opened;
  opened.error().where.file = job.file;
  if (value.starts_with("k8s:enc:aesgcm:")) opened.error().what += "; give that key with --key";
  return opened;
}

// A value that holds no object is not printed: what is not understood must not look as if it were.
int RefuseOther(Context& context, std::string_view name, const std::string& value, k8s::Encoding encoding) {
  context.out.Flush();
  if (encoding == k8s::Encoding::kEmpty)
    context.err.Print("etcdmedic: {}: the value is empty\n", name);
  else
    context.err.Print("etcdmedic: {}: {} bytes of {}, not a Kubernetes object\n", name, value.size(),
                      encoding == k8s::Encoding::kText ? "text" : "data");
  return encoding == k8s::Encoding::kEmpty ? kDamaged : kFailed;
}

int DecodeOne(Context& context, const DecodeJob& job, k8s::StoredItem& item, bool first) {
  const std::string& key = item.key.empty() ? job.key : item.key;
  if (encryption::IsEncrypted(AsBytes(item.value))) {
    auto opened = Decrypt(job, item.value, key);
    if (!opened) return Report(context, opened.error());
    item.value = std::move(*opened);
  }
  const std::string& name = key.empty() ? job.file : key;
  const k8s::Encoding encoding = k8s::EncodingOf(AsBytes(item.value));
  if (encoding >= k8s::Encoding::kText) return RefuseOther(context, name, item.value, encoding);
  k8s::DecodeOptions options = job.options;
  options.key = key;
  if (job.kubectl) options.resource_version = item.mod_revision;
  if (job.kubectl && !item.mod_revision)
    context.err.Write("etcdmedic: the mod revision is unknown, so there is no resourceVersion\n");
  diag::FindingList findings;
  std::string text;
  const k8s::DecodeResult decoded = k8s::Decode(AsBytes(item.value), options, text, {name, 0}, findings);
  if (!first && options.format == k8s::TextFormat::kYaml) context.out.Write("---\n");
  context.out.Write(text);
  context.out.Flush();
  NoteFindings(context, std::move(findings.items));
  return decoded.complete ? kClean : kDamaged;
}

int Run(Context& context, const Args& args) {
  const auto release = ReleaseOf(args);
  if (!release) return Report(context, release.error());
  auto job = MakeJob(context, args, *release);
  if (!job) return Report(context, job.error());
  NoteTerminalInput(context, job->path);
  const auto file = MappedFile::Open(job->path);
  if (!file) return Report(context, file.error());
  auto unwrapped = k8s::Unwrap(file->bytes(), job->file);
  if (!unwrapped) return Report(context, unwrapped.error());
  context.err.Print("etcdmedic: {}: {}", job->file, unwrapped->recognised);
  if (unwrapped->items.size() > 1) context.err.Print(", {} values", unwrapped->items.size());
  context.err.Write("\n");
  int exit = kClean;
  bool first = true;
  for (k8s::StoredItem& item : unwrapped->items) {
    exit |= DecodeOne(context, *job, item, first);
    first = false;
  }
  return exit;
}

}  // namespace

extern const Command kDecode = {
    .name = "decode",
    .positional = "[FILE]",
    .summary = "decode one Kubernetes value, raw or as any tool printed it, as YAML or JSON",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
    .formats = kFormats,
};

}  // namespace etcdmedic::tool
