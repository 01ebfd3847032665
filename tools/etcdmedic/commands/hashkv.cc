// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "cli/flags.h"
#include "views/etcdctl_json.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--rev", "REVISION", "up to this revision (default: the newest)"},
    {"--etcd-version", "X.Y.Z", "compute it as this release does (default: 3.6)"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"hashkv DIR", "to compare with `etcdctl endpoint hashkv` of another member"},
    {"hashkv DIR -o etcdctl-json", "as `etcdctl endpoint hashkv -w json` prints it"},
};
constexpr std::string_view kFormats[] = {"etcdctl-json", "etcdutl-json"};

// "3.5" or "3.5.9".
std::optional<mvcc::HashRules> RulesOf(std::string_view text) {
  unsigned numbers[3] = {0, 0, 0};
  size_t count = 0;
  for (const char* at = text.data(); count < 3; ++at) {
    const auto [rest, error] = std::from_chars(at, text.data() + text.size(), numbers[count]);
    if (error != std::errc()) return std::nullopt;
    ++count;
    at = rest;
    if (at == text.data() + text.size()) break;
    if (*at != '.') return std::nullopt;
  }
  if (count < 2 || numbers[0] < 3) return std::nullopt;
  return mvcc::HashRulesOf(numbers[0], numbers[1], count > 2 ? std::optional(numbers[2]) : std::nullopt);
}

void Print(Context& context, const OpenedStore& opened, const mvcc::HashKv& hash) {
  if (AsEtcdctl(context)) return WriteEtcdctlHashKv(context, opened, hash);
  if (context.own_format == "etcdutl-json") {
    return WriteGoDocument(context, [&](render::Document& document) {
      document.Field("hash", hash.hash);
      document.Field("hashRevision", hash.revision);
      document.Field("compactRevision", hash.compact_revision);
    });
  }
  if (context.format == render::Format::kTable) {
    render::Table facts(context.out, {}, kFacts);
    facts.Add("hash", hash.hash);
    facts.Add("hash_revision", hash.revision);
    facts.Add("compact_revision", hash.compact_revision);
    return;
  }
  WriteDocument(context, "hashkv", [&](render::Document& document) {
    document.Field("hash", hash.hash);
    document.Field("hash_revision", hash.revision);
    document.Field("compact_revision", hash.compact_revision);
    document.Field("complete", hash.complete);
  });
}

int Run(Context& context, const Args& args) {
  const auto rules = RulesOf(args.Get("--etcd-version").value_or("3.6"));
  if (!rules)
    return Report(context, {Errc::kUsage, {}, "--etcd-version takes X.Y or X.Y.Z, for example 3.5.9"});
  const auto revision = RevisionOf(args);
  if (!revision) return Report(context, revision.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto hash = mvcc::HashKvAt(*(*opened)->store, *revision, *rules);
  if (!hash) return Report(context, hash.error());
  Print(context, **opened, *hash);
  if (!hash->complete)
    context.err.Write("etcdmedic: part of the keys cannot be reached, so no server has this hash\n");
  return Finish(context, **opened, hash->complete ? kClean : kDamaged);
}

}  // namespace

extern const Command kHashkv = {
    .name = "hashkv",
    .positional = "PATH",
    .summary = "the hash by which members compare their keys",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
    .formats = kFormats,
};

}  // namespace etcdmedic::tool
