// SPDX-License-Identifier: Apache-2.0
#include "generated/commit.h"
#include "inputs/kubernetes_args.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"version -o json", "the same for a program"},
};

constexpr std::string_view kCommit = ETCDMEDIC_COMMIT;

void Print(Context& context, const std::vector<std::string>& etcd,
           const std::vector<std::string>& kubernetes) {
  context.out.Print("etcdmedic {}\n", ETCDMEDIC_VERSION);
  if (!kCommit.empty()) context.out.Print("  commit: {}\n", kCommit);
  context.out.Print("  etcd: {} to {}\n  Kubernetes: {} to {}\n", etcd.front(), etcd.back(),
                    kubernetes.front(), kubernetes.back());
}

int Run(Context& context, const Args&) {
  const std::vector<std::string> etcd = KnownEtcdVersions(), kubernetes = KnownReleases();
  if (context.format == render::Format::kTable) return Print(context, etcd, kubernetes), kClean;
  WriteDocument(context, "version", [&](render::Document& document) {
    document.Field("tool_version", ETCDMEDIC_VERSION);
    document.FieldIf("commit_hash", kCommit);
    document.Texts("etcd_versions", etcd);
    document.Texts("kubernetes_releases", kubernetes);
  });
  return kClean;
}

}  // namespace

extern const Command kVersion = {
    .name = "version",
    .positional = "",
    .summary = "version, commit, and the releases of etcd and Kubernetes that are known",
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
