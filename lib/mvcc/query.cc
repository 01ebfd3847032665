// SPDX-License-Identifier: Apache-2.0
#include "mvcc/query.h"

#include <algorithm>
#include <utility>

namespace etcdmedic::mvcc {
namespace {

template <auto Part>
bool LessBy(const KeyValue& a, const KeyValue& b) {
  return a.*Part < b.*Part;
}

constexpr std::pair<std::string_view, KeyQuery::Less> kTargets[] = {
    {"key", nullptr},
    {"version", LessBy<&KeyValue::version>},
    {"create", LessBy<&KeyValue::create_revision>},
    {"modify", LessBy<&KeyValue::mod_revision>},
    {"value", LessBy<&KeyValue::value>},
};

void Sort(std::vector<KeyValue>& found, const KeyQuery& query) {
  if (query.less == nullptr) return static_cast<void>(std::ranges::reverse(found));
  std::ranges::stable_sort(found, [&](const KeyValue& a, const KeyValue& b) {
    return query.descend ? query.less(b, a) : query.less(a, b);
  });
}

}  // namespace

std::optional<KeyQuery::Less> OrderNamed(std::string_view name) {
  const auto target = std::ranges::find(kTargets, name, &std::pair<std::string_view, KeyQuery::Less>::first);
  return target == std::end(kTargets) ? std::nullopt : std::optional(target->second);
}

Result<uint64_t> VisitKeys(const Store& store, const KeyQuery& query, const Store::EachLive& each) {
  const bool sorted = (query.less != nullptr || query.descend) && !query.count_only;
  uint64_t count = 0;
  std::vector<KeyValue> kept;
  const auto done = store.Range(query.range, query.revision, [&](const KeyValue& kv) {
    const bool wanted = !query.count_only && (query.limit == 0 || count < query.limit);
    ++count;
    if (sorted) return kept.push_back(kv), true;
    return !wanted || each(kv);
  });
  if (!done) return tl::make_unexpected(done.error());
  Sort(kept, query);
  if (query.limit != 0 && kept.size() > query.limit) kept.resize(query.limit);
  for (const KeyValue& kv : kept) {
    if (!each(kv)) break;
  }
  return count;
}

}  // namespace etcdmedic::mvcc
