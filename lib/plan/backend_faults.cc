// SPDX-License-Identifier: Apache-2.0
#include "plan/backend_faults.h"

#include <algorithm>

namespace etcdmedic::plan {
namespace {

using diag::Code;

constexpr Code kFaults[] = {
    Code::kDbUnreadable,      Code::kDbMetaDamaged,    Code::kDbTreeDamaged,     Code::kDbEmpty,
    Code::kDbMetaImplausible, Code::kDbFileTruncated,  Code::kDbPageOutOfRange,  Code::kDbPageZeroed,
    Code::kDbPageId,          Code::kDbPageType,       Code::kDbPageOverflow,    Code::kDbPageCount,
    Code::kDbPageShared,      Code::kDbPageCycle,      Code::kDbElement,         Code::kDbKeyOrder,
    Code::kDbBucket,          Code::kDbFreelist,       Code::kDbFreelistId,      Code::kDbFreelistInUse,
    Code::kDbIndexBehind,     Code::kDbRevisionBehind, Code::kMvccRevision,      Code::kMvccSeparator,
    Code::kMvccValue,         Code::kMvccRevisionGap,  Code::kMvccModRevision,   Code::kMvccHistory,
    Code::kMvccTombstone,     Code::kMvccLogMismatch,  Code::kMvccMeta,          Code::kMvccLease,
    Code::kMvccLeaseUnknown,  Code::kMvccAuth,         Code::kMvccBucketMissing, Code::kMvccBucketUnknown,
    Code::kMvccMember,        Code::kMvccTerm,         Code::kMvccAlarm};

}  // namespace

std::vector<Code> BackendFaults(const std::vector<diag::Finding>& findings) {
  std::vector<Code> codes;
  for (const diag::Finding& finding : findings) {
    const bool fault = finding.severity > diag::Severity::kNote &&
                       std::ranges::find(kFaults, finding.code) != std::end(kFaults);
    if (fault && std::ranges::find(codes, finding.code) == codes.end()) codes.push_back(finding.code);
  }
  return codes;
}

}  // namespace etcdmedic::plan
