// SPDX-License-Identifier: Apache-2.0
// decode_db yaml|json DB: decodes every Kubernetes object that exists in DB on all cores, as `objects -A`
// shows them, and prints nothing but what it managed: what is left of that command without its order and its
// output.
#include <fmt/core.h>

#include <chrono>

#include "base/file.h"
#include "base/parallel.h"
#include "diag/naming_sink.h"
#include "k8s/value.h"
#include "mvcc/store.h"

namespace etcdmedic {
namespace {

constexpr std::string_view kPrefix = "/registry/";

struct Sum {
  size_t stored = 0, printed = 0;
};

Sum DecodeAll(std::span<const std::string_view> values, k8s::TextFormat format) {
  k8s::DecodeOptions options{.format = format, .hide_managed_fields = true, .list_item = true};
  diag::NoSink ignored;
  std::string text;
  Sum sum;
  for (const std::string_view value : values) {
    text.clear();
    k8s::Decode(AsBytes(value), options, text, {}, ignored);
    sum.stored += value.size(), sum.printed += text.size();
  }
  return sum;
}

int Main(std::string_view format, const char* path) {
  const auto file = MappedFile::Open(path);
  if (!file) return 1;
  diag::FindingList found;
  const auto store = mvcc::Store::Open(file->bytes(), path, found);
  if (!store) return 1;
  std::vector<std::string_view> values;
  const auto read = store->Range(mvcc::WithPrefix(kPrefix), 0, [&](const mvcc::KeyValue& kv) {
    values.push_back(kv.value);
    return true;
  });
  if (!read || values.empty()) return 1;
  const size_t parts = PartsOf(values.size(), 1);
  std::vector<Sum> sums(parts);
  const auto begin = std::chrono::steady_clock::now();
  InParallel(values.size(), parts, [&](size_t part, size_t first, size_t last) {
    sums[part] = DecodeAll(std::span(values).subspan(first, last - first),
                           format == "yaml" ? k8s::TextFormat::kYaml : k8s::TextFormat::kJsonIndented);
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  Sum all;
  for (const Sum& each : sums) all.stored += each.stored, all.printed += each.printed;
  fmt::print("{} objects in {:.3f} s on {} cores: {:.1f} MB stored, {:.1f} MB of text a second\n",
             values.size(), took.count(), parts, static_cast<double>(all.stored) / took.count() / 1e6,
             static_cast<double>(all.printed) / took.count() / 1e6);
  return 0;
}

}  // namespace
}  // namespace etcdmedic

int main(int count, char** words) { return count == 3 ? etcdmedic::Main(words[1], words[2]) : 2; }
