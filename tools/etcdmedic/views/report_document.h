// SPDX-License-Identifier: Apache-2.0
// The report as a document: docs/schema/report.json.
#pragma once

#include "views/report_data.h"

namespace etcdmedic::tool {

void WriteReport(render::Document& document, const ReportData& data);

}  // namespace etcdmedic::tool
