// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "views/key_printer.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kRevFlag,
    kSortKeysFlag,
    kOrderKeysFlag,
    kLimitKeysFlag,
    {"--values", "", "the values too"},
    {"--count-only", "", "only how many keys there are"},
    kRawFlag,
    kEncryptionFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"keys DIR /registry/namespaces/", "keys with this prefix"},
    {"keys DIR -o name", "every key, a line each"},
};

int Run(Context& context, const Args& args) {
  const auto& words = args.positional();
  auto query = QueryOf(args, mvcc::WithPrefix(words.size() > 1 ? words[1] : ""));
  if (query) query->keys_only = !args.Has("--values");
  return ShowKeys(context, args, query);
}

}  // namespace

extern const Command kKeys = {
    .name = "keys",
    .positional = "PATH [PREFIX]",
    .summary = "keys with their revisions",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
