// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/one_object.h"
#include "views/key_printer.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--prefix", "", "all keys that begin with KEY"},
    {"--from-key", "", "all keys from KEY on"},
    kRevFlag,
    kSortKeysFlag,
    kOrderKeysFlag,
    kLimitKeysFlag,
    {"--keys-only", "", "leave the values out"},
    {"--count-only", "", "only how many keys there are"},
    {"--print-value-only", "", "print only the values, unchanged"},
    kNamespaceFlag,
    kRawFlag,
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"get DIR /registry/namespaces/default", "one key with its value"},
    {"get DIR pod/keepr -n default", "the value of an object's key"},
    {"get DIR /registry/pods/ --prefix --rev 2000 --limit 3 -o json", "what was there at revision 2000"},
    {"get DIR / --prefix --keys-only --sort-by modify --order descend --limit 5", "what changed last"},
};

Result<mvcc::KeyRange> RangeOf(const Args& args) {
  const auto& words = args.positional();
  const std::string key = words.size() > 1 ? words[1] : "";
  const bool prefix = args.Has("--prefix");
  const bool from = args.Has("--from-key");
  if ((prefix && from) || ((prefix || from) && words.size() > 2)) {
    return Fail(Errc::kUsage, "", "give one of RANGE_END, --prefix and --from-key");
  }
  if (words.size() < 2 && !prefix && !from) return Fail(Errc::kUsage, "", "get needs PATH KEY [RANGE_END]");
  if (prefix) return mvcc::WithPrefix(key);
  if (from) return mvcc::KeyRange{key, std::string(1, '\0')};
  return mvcc::KeyRange{key, words.size() > 2 ? words[2] : ""};
}

int Run(Context& context, const Args& args) {
  auto range = RangeOf(args);
  if (!range) return Report(context, range.error());
  const bool several = args.Has("--prefix") || args.Has("--from-key") ||
                       (args.positional().size() > 2 && !args.Has("--namespace"));
  auto query = QueryOf(args, std::move(*range));
  if (!query || several) return ShowKeys(context, args, query);
  auto object = ObjectWordsOf(args);
  if (!object) return Report(context, object.error());
  query->object = std::move(*object);
  return ShowKeys(context, args, query);
}

}  // namespace

extern const Command kGet = {
    .name = "get",
    .positional = "PATH [KEY-OR-KIND/NAME [RANGE_END]]",
    .summary = "keys with their values, at any retained revision",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
