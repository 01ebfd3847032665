// SPDX-License-Identifier: Apache-2.0
// What there is to say of the two meta pages.
#pragma once

#include <string>

#include "bolt/format.h"
#include "diag/finding.h"

namespace etcdmedic::bolt {

// Reports DB-FILE-EMPTY, DB-BYTE-ORDER-FOREIGN, DB-META-INVALID, DB-META-DAMAGED, DB-META-IMPLAUSIBLE,
// DB-META-HEADER.
void ReportMetas(Bytes db, const Metas& metas, const std::string& file, diag::FindingSink& sink);

}  // namespace etcdmedic::bolt
