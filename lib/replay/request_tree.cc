// SPDX-License-Identifier: Apache-2.0
#include "replay/request_tree.h"

#include "proto/etcd_messages.h"
#include "proto/walk.h"
#include "proto/wire.h"

namespace etcdmedic::replay {
namespace {

namespace pb = proto::etcdserverpb;
using proto::ForEachField;
using proto::WireField;

std::optional<RangeOp> ParseRange(Bytes message) {
  RangeOp range;
  const bool whole = ForEachField(message, [&](const WireField& field) {
    switch (field.number) {
      case pb::RangeRequest::kKey:
        return field.Payload(range.key);
      case pb::RangeRequest::kRangeEnd:
        return field.Payload(range.end);
      case pb::RangeRequest::kRevision:
        return field.Number(range.revision);
      default:
        return true;
    }
  });
  return whole ? std::optional(range) : std::nullopt;
}

// The member of the oneof that `target` reads; a request may set another one, which then counts as absent.
constexpr uint32_t kUnionOf[] = {pb::Compare::kVersion, pb::Compare::kCreateRevision,
                                 pb::Compare::kModRevision, pb::Compare::kValue, pb::Compare::kLease};

std::optional<Compare> ParseCompare(Bytes message) {
  Compare compare;
  uint32_t set = 0;
  const bool whole = ForEachField(message, [&](const WireField& field) {
    switch (field.number) {
      case pb::Compare::kResult:
        return field.Number(compare.result);
      case pb::Compare::kTarget:
        return field.Number(compare.target);
      case pb::Compare::kKey:
        return field.Payload(compare.key);
      case pb::Compare::kRangeEnd:
        return field.Payload(compare.end);
      case pb::Compare::kValue:
        set = field.number;
        return field.Payload(compare.value);
      case pb::Compare::kVersion:
      case pb::Compare::kCreateRevision:
      case pb::Compare::kModRevision:
      case pb::Compare::kLease:
        set = field.number;
        return field.Number(compare.number);
      default:
        return true;
    }
  });
  if (!whole) return std::nullopt;
  const auto target = static_cast<size_t>(compare.target);
  if (target >= std::size(kUnionOf) || kUnionOf[target] != set) {
    compare.number = 0;
    compare.value = {};
  }
  return compare;
}

template <class T>
bool Keep(std::optional<T> parsed, Op::Kind kind, T& to, Op& op) {
  if (!parsed) return false;
  to = std::move(*parsed);
  op.kind = kind;
  return true;
}

bool ParseOp(Bytes message, int depth, Op& op) {
  return ForEachField(message, [&](const WireField& field) {
    Bytes body;
    switch (field.number) {
      case pb::RequestOp::kRequestRange:
        return field.Payload(body) && Keep(ParseRange(body), Op::Kind::kRange, op.range, op);
      case pb::RequestOp::kRequestPut:
        return field.Payload(body) && Keep(ParsePut(body), Op::Kind::kPut, op.put, op);
      case pb::RequestOp::kRequestDeleteRange:
        return field.Payload(body) && Keep(ParseDelete(body), Op::Kind::kDelete, op.remove, op);
      case pb::RequestOp::kRequestTxn: {
        if (!field.Payload(body)) return false;
        auto txn = ParseTxn(body, depth + 1);
        if (!txn) return false;
        op.txn = std::make_unique<Txn>(std::move(*txn));
        op.kind = Op::Kind::kTxn;
        return true;
      }
      default:
        return true;
    }
  });
}

}  // namespace

std::optional<PutOp> ParsePut(Bytes message) {
  PutOp put;
  const bool whole = ForEachField(message, [&](const WireField& field) {
    switch (field.number) {
      case pb::PutRequest::kKey:
        return field.Payload(put.key);
      case pb::PutRequest::kValue:
        return field.Payload(put.value);
      case pb::PutRequest::kLease:
        return field.Number(put.lease);
      case pb::PutRequest::kPrevKv:
        return field.Number(put.prev_kv);
      case pb::PutRequest::kIgnoreValue:
        return field.Number(put.ignore_value);
      case pb::PutRequest::kIgnoreLease:
        return field.Number(put.ignore_lease);
      default:
        return true;
    }
  });
  return whole ? std::optional(put) : std::nullopt;
}

std::optional<DeleteOp> ParseDelete(Bytes message) {
  DeleteOp remove;
  const bool whole = ForEachField(message, [&](const WireField& field) {
    switch (field.number) {
      case pb::DeleteRangeRequest::kKey:
        return field.Payload(remove.key);
      case pb::DeleteRangeRequest::kRangeEnd:
        return field.Payload(remove.end);
      case pb::DeleteRangeRequest::kPrevKv:
        return field.Number(remove.prev_kv);
      default:
        return true;
    }
  });
  return whole ? std::optional(remove) : std::nullopt;
}

std::optional<Txn> ParseTxn(Bytes message, int depth) {
  if (depth > proto::kDeepestMessage) return std::nullopt;
  Txn txn;
  const bool whole = ForEachField(message, [&](const WireField& field) {
    Bytes body;
    switch (field.number) {
      case pb::TxnRequest::kCompare: {
        if (!field.Payload(body)) return false;
        const auto compare = ParseCompare(body);
        if (compare) txn.compares.push_back(*compare);
        return compare.has_value();
      }
      case pb::TxnRequest::kSuccess:
        return field.Payload(body) && ParseOp(body, depth, txn.success.emplace_back());
      case pb::TxnRequest::kFailure:
        return field.Payload(body) && ParseOp(body, depth, txn.failure.emplace_back());
      default:
        return true;
    }
  });
  return whole ? std::optional(std::move(txn)) : std::nullopt;
}

}  // namespace etcdmedic::replay
