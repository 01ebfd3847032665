// SPDX-License-Identifier: Apache-2.0
#include "mvcc/live_keys.h"

#include <algorithm>

namespace etcdmedic::mvcc {

Result<LiveKeys> LiveKeys::Read(const Store& store, int64_t revision) {
  const auto at = store.RevisionOr(revision);
  if (!at) return tl::make_unexpected(at.error());
  auto index = store.Index(EveryKey(), *at);
  if (!index) return tl::make_unexpected(index.error());
  return Of(std::move(*index), *at);
}

LiveKeys LiveKeys::Of(KeyIndex index, int64_t revision) {
  LiveKeys keys(std::move(index), revision);
  keys.index_.ForEachKey([&](Numbers numbers) {
    if (!keys.index_.IsTombstone(numbers.back())) keys.numbers_.push_back(numbers.back());
    return true;
  });
  return keys;
}

size_t LiveKeys::LowerBound(std::string_view key, size_t begin, size_t end) const {
  const auto part = std::span(numbers_).subspan(begin, end - begin);
  const auto found =
      std::ranges::lower_bound(part, key, {}, [&](uint32_t number) { return index_.At(number).kv.key; });
  return begin + static_cast<size_t>(found - part.begin());
}

}  // namespace etcdmedic::mvcc
