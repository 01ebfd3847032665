// SPDX-License-Identifier: Apache-2.0
// The requests that change the key space, parsed. Views last as long as the request. docs/format/wal.md,
// "Requests".
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace etcdmedic::replay {

struct PutOp {
  std::string_view key;
  std::string_view value;
  int64_t lease = 0;
  bool prev_kv = false;
  bool ignore_value = false;
  bool ignore_lease = false;
};

struct DeleteOp {
  std::string_view key;
  std::string_view end;  // as in mvcc::KeyRange
  bool prev_kv = false;
};

struct RangeOp {
  std::string_view key;
  std::string_view end;
  int64_t revision = 0;
};

// Numbers as in etcdserverpb.Compare.
enum class CompareResult : uint8_t { kEqual = 0, kGreater = 1, kLess = 2, kNotEqual = 3 };
enum class CompareTarget : uint8_t { kVersion = 0, kCreate = 1, kMod = 2, kValue = 3, kLease = 4 };

struct Compare {
  CompareResult result = CompareResult::kEqual;
  CompareTarget target = CompareTarget::kVersion;
  std::string_view key;
  std::string_view end;
  int64_t number = 0;      // 0 where the request gives none of the target's kind
  std::string_view value;  // the same: empty
};

struct Op;

struct Txn {
  std::vector<Compare> compares;
  std::vector<Op> success;
  std::vector<Op> failure;
};

// One operation of a transaction. etcd skips an empty one.
struct Op {
  enum class Kind : uint8_t { kEmpty, kRange, kPut, kDelete, kTxn };
  Kind kind = Kind::kEmpty;
  RangeOp range;
  PutOp put;
  DeleteOp remove;
  std::unique_ptr<Txn> txn = {};
};

// Nothing where the bytes are not such a message, or transactions nest deeper than proto::kDeepestMessage.
std::optional<PutOp> ParsePut(Bytes message);
std::optional<DeleteOp> ParseDelete(Bytes message);
std::optional<Txn> ParseTxn(Bytes message, int depth = 0);

}  // namespace etcdmedic::replay
