// SPDX-License-Identifier: Apache-2.0
#include "inputs/key_query.h"

#include "inputs/open_store.h"

namespace etcdmedic::tool {

Result<KeyQuery> QueryOf(const Args& args, mvcc::KeyRange range) {
  KeyQuery query;
  query.range = std::move(range);
  const auto revision = RevisionOf(args);
  if (!revision) return tl::make_unexpected(revision.error());
  const auto limit = args.Number("--limit", 0);
  if (!limit) return tl::make_unexpected(limit.error());
  query.less = *mvcc::OrderNamed(args.Get("--sort-by").value_or("key"));
  query.descend = args.Get("--order") == "descend";
  query.revision = *revision;
  query.limit = *limit;
  query.keys_only = args.Has("--keys-only");
  query.count_only = args.Has("--count-only");
  query.values_only = args.Has("--print-value-only");
  return query;
}

}  // namespace etcdmedic::tool
