// SPDX-License-Identifier: Apache-2.0
#include "bolt/heal_page.h"

#include <bit>
#include <vector>

namespace etcdmedic::bolt {
namespace {

// The fixed part of an element; where it says that its data begins is counted from the page's beginning.
struct Slot {
  uint32_t flags = 0;  // of a leaf
  uint64_t start = 0;
  uint64_t key = 0, value = 0;  // sizes; a branch has no values
  uint64_t child = 0;           // of a branch
  uint64_t size() const { return key + value; }
};

uint64_t PlaceOf(size_t at) { return kHeaderSize + at * kElementSize; }

std::vector<Slot> SlotsOf(const Node& node) {
  std::vector<Slot> slots(node.count);
  for (size_t i = 0; i < slots.size(); ++i) {
    const auto number = [&](uint64_t at) { return LoadLittle<uint32_t>(node.bytes, PlaceOf(i) + at); };
    Slot& slot = slots[i];
    slot.start = PlaceOf(i) + number(node.leaf ? 4 : 0);
    slot.key = number(node.leaf ? 8 : 4);
    if (node.leaf) slot.flags = number(0), slot.value = number(12);
    if (!node.leaf) slot.child = LoadLittle<uint64_t>(node.bytes, PlaceOf(i) + 8);
  }
  return slots;
}

bool OneBit(uint64_t a, uint64_t b) { return std::popcount(a ^ b) == 1; }

// Gives the two sizes of a slot the sum `total` by one bit in one of them; false where none or both would do.
bool FitSizes(Slot& slot, uint64_t total, bool leaf) {
  const bool by_value = leaf && total >= slot.key && OneBit(total - slot.key, slot.value);
  const bool by_key = total > slot.value && OneBit(total - slot.value, slot.key);
  if (by_value == by_key) return false;
  if (by_value) slot.value = total - slot.key;
  if (by_key) slot.key = total - slot.value;
  return true;
}

// The element at `i` begins at `start`. Where its end is not where the next one says that it begins, the
// element after that tells which of the two is wrong.
bool FitNext(std::vector<Slot>& slots, size_t i, uint64_t start, bool leaf) {
  if (i + 1 == slots.size()) return true;
  const Slot& next = slots[i + 1];
  if (start + slots[i].size() == next.start) return true;
  if (i + 2 == slots.size()) return false;  // its position or this one's size
  if (start + slots[i].size() + next.size() == slots[i + 2].start)
    return true;  // the next one's position is wrong
  const bool sure = slots[i].start == start && next.start + next.size() == slots[i + 2].start;
  if (!sure || next.start < start) return false;
  return FitSizes(slots[i], next.start - start, leaf);
}

bool FitSlots(const Node& node, bool directory, std::vector<Slot>& slots) {
  uint64_t start = PlaceOf(slots.size());
  for (size_t i = 0; i < slots.size(); ++i) {
    if (!FitNext(slots, i, start, node.leaf)) return false;
    slots[i].start = start;
    start += slots[i].size();
    if (node.leaf) slots[i].flags = directory ? kBucketFlag : 0;
    if (slots[i].key == 0 || start > node.bytes.size()) return false;
  }
  return true;
}

template <class T>
void Append(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(uint64_t{value} >> (8 * i) & 0xFF));
}

// Whether a page begins there: it has its own number and a type.
bool BeginsPage(const Pages& pages, uint64_t id) {
  if (id >= pages.whole()) return id == pages.whole();
  const Bytes header = pages.db.subspan(id * pages.page_size, kHeaderSize);
  return LoadLittle<uint64_t>(header, 0) == id && LoadLittle<uint16_t>(header, 8) != 0;
}

// How many pages the node has, of which its header says `told` and its elements `needed`; nothing where
// neither can be told from the other. bbolt rounds up; what came before it took one page more than the whole
// ones.
std::optional<uint64_t> PagesOf(const Pages& pages, uint64_t id, uint64_t told, uint64_t end) {
  const uint64_t needed = (end + pages.page_size - 1) / pages.page_size;
  if (told == needed || told == end / pages.page_size + 1) return told;
  const bool by_header = BeginsPage(pages, id + told), by_elements = BeginsPage(pages, id + needed);
  return by_elements && !by_header ? std::optional(needed) : std::nullopt;
}

}  // namespace

std::optional<std::string> HealPage(const Pages& pages, uint64_t id, bool directory) {
  const NodeRead read = pages.Read(id);
  const Node& node = read.node;
  if (!read.usable || node.count == 0 || PlaceOf(node.count) > node.bytes.size()) return std::nullopt;
  std::vector<Slot> slots = SlotsOf(node);
  if (!FitSlots(node, directory, slots)) return std::nullopt;
  const uint64_t end = slots.back().start + slots.back().size();
  const auto count = PagesOf(pages, id, node.pages, end);
  if (!count) return std::nullopt;
  std::string bytes = EncodeHeader({id, node.leaf ? kLeafPage : kBranchPage,
                                    static_cast<uint16_t>(node.count), static_cast<uint32_t>(*count - 1)});
  for (size_t i = 0; i < slots.size(); ++i) {
    const auto position = static_cast<uint32_t>(slots[i].start - PlaceOf(i));
    if (node.leaf) Append(bytes, slots[i].flags);
    Append(bytes, position);
    Append(bytes, static_cast<uint32_t>(slots[i].key));
    if (node.leaf) Append(bytes, static_cast<uint32_t>(slots[i].value));
    if (!node.leaf) Append(bytes, slots[i].child);
  }
  return bytes;
}

}  // namespace etcdmedic::bolt
