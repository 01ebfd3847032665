// SPDX-License-Identifier: Apache-2.0
#include "inputs/key_query.h"

#include <algorithm>

#include "inputs/open_store.h"

namespace etcdmedic::tool {
namespace {

template <auto Part>
bool LessBy(const mvcc::KeyValue& a, const mvcc::KeyValue& b) {
  return a.*Part < b.*Part;
}

constexpr std::pair<std::string_view, KeyQuery::Less> kTargets[] = {
    {"key", nullptr},
    {"version", LessBy<&mvcc::KeyValue::version>},
    {"create", LessBy<&mvcc::KeyValue::create_revision>},
    {"modify", LessBy<&mvcc::KeyValue::mod_revision>},
    {"value", LessBy<&mvcc::KeyValue::value>},
};

// etcdctl takes its names in capitals and in small letters.
std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c; });
  return text;
}

Result<void> SetOrder(const Args& args, KeyQuery& query) {
  const std::string by = Lower(args.Get("--sort-by").value_or("key"));
  const auto target = std::ranges::find(kTargets, by, &std::pair<std::string_view, KeyQuery::Less>::first);
  if (target == std::end(kTargets))
    return Fail(Errc::kUsage, "", "--sort-by takes key, version, create, modify or value");
  const std::string order = Lower(args.Get("--order").value_or("ascend"));
  if (order != "ascend" && order != "descend")
    return Fail(Errc::kUsage, "", "--order takes ascend or descend");
  query.less = target->second;
  query.descend = order == "descend";
  return {};
}

void Sort(std::vector<mvcc::KeyValue>& found, const KeyQuery& query) {
  if (query.less == nullptr) return static_cast<void>(std::ranges::reverse(found));
  std::ranges::stable_sort(found, [&](const mvcc::KeyValue& a, const mvcc::KeyValue& b) {
    return query.descend ? query.less(b, a) : query.less(a, b);
  });
}

}  // namespace

Result<KeyQuery> QueryOf(const Args& args, mvcc::KeyRange range) {
  KeyQuery query{std::move(range)};
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

Result<uint64_t> VisitKeys(const mvcc::Store& store, const KeyQuery& query,
                           const mvcc::Store::EachLive& each) {
  const bool sorted = (query.less != nullptr || query.descend) && !query.count_only;
  uint64_t count = 0;
  std::vector<mvcc::KeyValue> kept;
  const auto done = store.Range(query.range, query.revision, [&](const mvcc::KeyValue& kv) {
    const bool wanted = !query.count_only && (query.limit == 0 || count < query.limit);
    ++count;
    if (sorted) return kept.push_back(kv), true;
    return !wanted || each(kv);
  });
  if (!done) return tl::make_unexpected(done.error());
  Sort(kept, query);
  if (query.limit != 0 && kept.size() > query.limit) kept.resize(query.limit);
  for (const mvcc::KeyValue& kv : kept) {
    if (!each(kv)) break;
  }
  return count;
}

}  // namespace etcdmedic::tool
