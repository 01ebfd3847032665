// SPDX-License-Identifier: Apache-2.0
#include "views/bucket_secrets.h"

#include <algorithm>

#include "base/secret_mask.h"
#include "k8s/secrets.h"
#include "mvcc/key_value.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr std::string_view kUsers = "authUsers";
constexpr size_t kLine = 16;  // bytes a line of a dump

// Whether an entry of a leaf page of nobody knows which bucket must be hidden.
bool HidesEntry(const Context& context, const bolt::Element& element) {
  mvcc::KeyValue kv;
  const bool revision = element.key.size() >= 17 && AsText(element.key)[8] == '_';
  if (revision) return !mvcc::ParseKeyValue(element.value, kv) || k8s::HoldsSecret(kv.key, AsBytes(kv.value));
  if (element.is_bucket) return k8s::MayHoldSecret(element.value) || context.hides_passwords();
  // A user's record; members, leases and counters are of other shapes, yet nothing says so.
  return context.hides_passwords() || k8s::MayHoldSecret(element.value);
}

// One mark a byte of the page: whether it may be shown.
std::vector<bool> Shown(const Context& context, const bolt::Pages& pages, uint64_t id, size_t size) {
  std::vector<bool> shown(size);
  const uint64_t offset = id * pages.page_size;
  const auto mark = [&](Bytes part, bool value) {
    const uint64_t begin = pages.OffsetOf(part) - offset;
    for (uint64_t i = begin; i < std::min<uint64_t>(begin + part.size(), size); ++i) shown[i] = value;
  };
  const bolt::PageHeader header = bolt::HeaderAt(pages.db, offset);
  if (header.id != id || header.overflow > pages.whole()) return shown;
  if (header.flags == bolt::kMetaPage)
    mark(pages.db.subspan(offset, bolt::kHeaderSize + bolt::kMetaSize), true);
  if (header.flags == bolt::kFreelistPage)
    mark(pages.db.subspan(offset, std::min<uint64_t>(size, bolt::kHeaderSize + header.count * 8ULL)), true);
  const bolt::NodeRead read = pages.Read(id);
  if (!read.usable) return shown;
  const bolt::Node& node = read.node;
  mark(node.bytes.first(
           std::min<uint64_t>(node.bytes.size(), bolt::kHeaderSize + node.count * bolt::kElementSize)),
       true);
  std::vector<Bytes> hidden;
  bolt::Element element;
  for (uint32_t i = 0; i < node.count; ++i) {
    if (!bolt::ReadElement(node, i, element)) continue;
    mark(element.key, true);
    if (!node.leaf) continue;
    mark(element.value, true);
    if (HidesEntry(context, element)) hidden.push_back(element.value);
  }
  for (const Bytes part : hidden) mark(part, false);
  return shown;
}

}  // namespace

BucketSecrets::BucketSecrets(const Context& context, std::string_view bucket)
    : hides_passwords_(context.hides_passwords() && bucket == kUsers),
      hides_values_(context.hides_values() && bucket == "key") {}

bool BucketSecrets::Hides(Bytes value) const {
  mvcc::KeyValue kv;
  if (!hides_values_) return hides_passwords_;
  return !mvcc::ParseKeyValue(value, kv) || k8s::HoldsSecret(kv.key, AsBytes(kv.value));
}

std::string HexDumpOfPage(const Context& context, const bolt::Pages& pages, uint64_t id) {
  const uint64_t offset = id * pages.page_size;
  const uint64_t size = std::min<uint64_t>(pages.page_size, pages.db.size() - offset);
  const Bytes page = pages.db.subspan(offset, size);
  if (!context.hides_values()) return render::HexDump(page, offset);
  const std::vector<bool> shown = Shown(context, pages, id, size);
  std::string out;
  bool hiding = false;
  for (size_t line = 0; line < size; line += kLine) {
    const size_t end = std::min<size_t>(line + kLine, size);
    bool all = true;
    for (size_t i = line; i < end; ++i) all = all && (shown[i] || page[i] == std::byte{0});
    if (all) out += render::HexDump(page.subspan(line, end - line), offset + line);
    if (!all && !hiding) out += fmt::format("{:08x}  {}\n", offset + line, kSecretMask);
    hiding = !all;
  }
  return out;
}

}  // namespace etcdmedic::tool
