// SPDX-License-Identifier: Apache-2.0
#include "inputs/key_query.h"

#include <algorithm>

#include "inputs/open_store.h"

namespace etcdmedic::tool {
namespace {

// etcdctl takes its names in capitals and in small letters.
std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c; });
  return text;
}

Result<void> SetOrder(const Args& args, KeyQuery& query) {
  const std::string by = Lower(args.Get("--sort-by").value_or("key"));
  const auto less = mvcc::OrderNamed(by);
  if (!less) return Fail(Errc::kUsage, "", "--sort-by takes key, version, create, modify or value");
  const std::string order = Lower(args.Get("--order").value_or("ascend"));
  if (order != "ascend" && order != "descend")
    return Fail(Errc::kUsage, "", "--order takes ascend or descend");
  query.less = *less;
  query.descend = order == "descend";
  return {};
}

}  // namespace

Result<KeyQuery> QueryOf(const Args& args, mvcc::KeyRange range) {
  KeyQuery query;
  query.range = std::move(range);
  const auto revision = RevisionOf(args);
  if (!revision) return tl::make_unexpected(revision.error());
  const auto limit = args.Number("--limit", 0);
  if (!limit) return tl::make_unexpected(limit.error());
  if (auto set = SetOrder(args, query); !set) return tl::make_unexpected(set.error());
  query.revision = *revision;
  query.limit = *limit;
  query.keys_only = args.Has("--keys-only");
  query.count_only = args.Has("--count-only");
  query.values_only = args.Has("--print-value-only");
  return query;
}

}  // namespace etcdmedic::tool
