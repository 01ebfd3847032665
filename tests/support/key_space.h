// SPDX-License-Identifier: Apache-2.0
// Plays an etcd store and writes what it would have in its backend; remembers the keys at every revision.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/db_builder.h"

namespace etcdmedic::support {

class KeySpace {
 public:
  struct Live {
    std::string value;
    int64_t create = 0, mod = 0, version = 0, lease = 0;
    friend bool operator==(const Live&, const Live&) = default;
  };
  using Picture = std::map<std::string, Live>;

  // With `remember` false, for many changes, At() knows nothing.
  explicit KeySpace(bool remember = true) : remember_(remember) { pictures_.resize(2); }

  // One transaction each; Begin and End join several changes into one.
  KeySpace& Put(const std::string& key, const std::string& value, int64_t lease = 0) {
    const int64_t main = revision_ + 1;
    Live live{value, main, main, 1, lease};
    if (const auto old = now_.find(key); old != now_.end()) {
      live.create = old->second.create;
      live.version = old->second.version + 1;
    }
    now_[key] = live;
    return Change(key, Message(key, live), "");
  }
  KeySpace& Delete(const std::string& key) {
    now_.erase(key);
    return Change(key, Text(1, key), "t");
  }
  KeySpace& Begin() { return joined_ = true, *this; }
  KeySpace& End() { return joined_ = false, Commit(), *this; }

  // Marks a compaction as scheduled, and with `finish` removes what it removes.
  KeySpace& Compact(int64_t at, bool finish = true) {
    meta_["scheduledCompactRev"] = BigEndian64(static_cast<uint64_t>(at)) + "_" + BigEndian64(0);
    if (!finish) return *this;
    meta_["finishedCompactRev"] = meta_["scheduledCompactRev"];
    std::erase_if(changes_, [&](const Stored& change) { return change.main <= at && !Kept(change, at); });
    return *this;
  }
  KeySpace& Meta(const std::string& key, const std::string& value) { return meta_[key] = value, *this; }

  int64_t revision() const { return revision_; }
  const Picture& At(int64_t revision) const { return pictures_[static_cast<size_t>(revision)]; }

  DbBuilder Builder() const {
    DbBuilder db(4096);
    for (const char* bucket : {"alarm", "auth", "authRoles", "authUsers", "cluster", "key", "lease",
                               "members", "members_removed", "meta"})
      db.Bucket(bucket);
    for (const Stored& change : changes_) db.Add("key", change.raw_key, change.raw_value);
    for (const auto& [key, value] : meta_) db.Add("meta", key, value);
    return db;
  }
  std::string Build() const { return Builder().Build(); }

  static std::string Varint(uint64_t value) {
    std::string out;
    for (; value > 0x7F; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
    return out;
  }
  static std::string Text(int field, const std::string& text) {
    if (text.empty()) return "";
    return Varint(static_cast<uint64_t>(field << 3 | 2)) + Varint(text.size()) + text;
  }
  static std::string Number(int field, int64_t number) {
    if (number == 0) return "";
    return Varint(static_cast<uint64_t>(field << 3)) + Varint(static_cast<uint64_t>(number));
  }
  static std::string Message(const std::string& key, const Live& live) {
    return Text(1, key) + Number(2, live.create) + Number(3, live.mod) + Number(4, live.version) +
           Text(5, live.value) + Number(6, live.lease);
  }

 private:
  struct Stored {
    int64_t main;
    std::string key, raw_key, raw_value;
    bool tombstone;
  };

  KeySpace& Change(const std::string& key, const std::string& message, const std::string& mark) {
    const auto main = static_cast<uint64_t>(revision_ + 1);
    changes_.push_back(
        {revision_ + 1, key, BigEndian64(main) + "_" + BigEndian64(sub_++) + mark, message, !mark.empty()});
    if (!joined_) Commit();
    return *this;
  }
  void Commit() {
    if (sub_ > 0) {
      ++revision_;
      if (remember_) pictures_.push_back(now_);
    }
    sub_ = 0;
  }
  // The newest change of its key up to `at`; a tombstone only where it is at `at` itself.
  bool Kept(const Stored& change, int64_t at) const {
    for (const Stored& later : changes_) {
      if (later.key == change.key && later.main <= at && later.raw_key > change.raw_key) return false;
    }
    return !change.tombstone || change.main == at;
  }

  bool remember_;
  int64_t revision_ = 1;
  uint64_t sub_ = 0;
  bool joined_ = false;
  Picture now_;
  std::vector<Picture> pictures_;  // by revision
  std::vector<Stored> changes_;
  std::map<std::string, std::string> meta_;
};

}  // namespace etcdmedic::support
