// SPDX-License-Identifier: Apache-2.0
// Writes backend files for tests, on its own: pages by hand, none of the readers' constants.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace etcdmedic::support {

inline std::string LittleEndian(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  return out;
}

inline std::string BigEndian64(uint64_t value) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
  return out;
}

// Entries are kept as given, so that a test can also write what no bbolt would: add them in the order wanted.
class DbBuilder {
 public:
  using Entry = std::pair<std::string, std::string>;

  explicit DbBuilder(uint32_t page_size = 4096) : page_size_(page_size) {}

  DbBuilder& Bucket(const std::string& bucket) { return buckets_[bucket], *this; }
  DbBuilder& Add(const std::string& bucket, const std::string& key, const std::string& value) {
    buckets_[bucket].emplace_back(key, value);
    return *this;
  }
  std::vector<Entry>& Entries(const std::string& bucket) { return buckets_[bucket]; }

  // The file: two metas, then the pages of each bucket, then the root.
  std::string Build() const {
    std::string pages;
    std::vector<Entry> root;
    for (const auto& [name, entries] : buckets_) {
      const uint64_t page = AddBucket(pages, entries);
      root.emplace_back(name, LittleEndian(page, 8) + LittleEndian(0, 8));
    }
    const uint64_t root_page = AddPage(pages, 2, root, {}, 1);
    const uint64_t high_water = 2 + pages.size() / page_size_;
    return Meta(0, root_page, high_water, 4) + Meta(1, root_page, high_water, 3) + pages;
  }

 private:
  static constexpr size_t kPerLeaf = 12;

  uint64_t AddBucket(std::string& pages, const std::vector<Entry>& entries) const {
    std::vector<Entry> separators;
    std::vector<uint64_t> children;
    for (size_t at = 0; at == 0 || at < entries.size(); at += kPerLeaf) {
      const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(at);
      const size_t count = std::min(kPerLeaf, entries.size() - at);
      const std::vector<Entry> part(begin, begin + static_cast<std::ptrdiff_t>(count));
      separators.emplace_back(part.empty() ? "" : part.front().first, "");
      children.push_back(AddPage(pages, 2, part, {}, 0));
    }
    return children.size() == 1 ? children[0] : AddPage(pages, 1, separators, children, 0);
  }

  uint64_t AddPage(std::string& pages, uint16_t flags, const std::vector<Entry>& entries,
                   const std::vector<uint64_t>& children, uint32_t element_flags) const {
    const uint64_t id = 2 + pages.size() / page_size_;
    std::string elements, data;
    for (size_t i = 0; i < entries.size(); ++i) {
      const auto& [key, value] = entries[i];
      const uint64_t position = 16 * (entries.size() - i) + data.size();
      if (flags == 1) {
        elements += LittleEndian(position, 4) + LittleEndian(key.size(), 4) + LittleEndian(children[i], 8);
        data += key;
      } else {
        elements += LittleEndian(element_flags, 4) + LittleEndian(position, 4) + LittleEndian(key.size(), 4) +
                    LittleEndian(value.size(), 4);
        data += key + value;
      }
    }
    const size_t size = 16 + elements.size() + data.size();
    const size_t overflow = (size + page_size_ - 1) / page_size_ - 1;
    pages += LittleEndian(id, 8) + LittleEndian(flags, 2) + LittleEndian(entries.size(), 2) +
             LittleEndian(overflow, 4) + elements + data;
    pages.append((overflow + 1) * page_size_ - size, '\0');
    return id;
  }

  std::string Meta(uint64_t id, uint64_t root, uint64_t high_water, uint64_t txid) const {
    const std::string body = LittleEndian(0xED0CDAED, 4) + LittleEndian(2, 4) + LittleEndian(page_size_, 4) +
                             LittleEndian(0, 4) + LittleEndian(root, 8) + LittleEndian(0, 8) +
                             std::string(8, '\xFF') + LittleEndian(high_water, 8) + LittleEndian(txid, 8);
    uint64_t sum = 0xcbf29ce484222325;
    for (const char c : body) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    std::string page =
        LittleEndian(id, 8) + LittleEndian(4, 2) + std::string(6, '\0') + body + LittleEndian(sum, 8);
    page.resize(page_size_, '\0');
    return page;
  }

  uint32_t page_size_;
  std::map<std::string, std::vector<Entry>> buckets_;
};

}  // namespace etcdmedic::support
