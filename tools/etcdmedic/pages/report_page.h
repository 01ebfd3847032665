// SPDX-License-Identifier: Apache-2.0
// The report as one HTML page that needs nothing else: no script, and nothing that is loaded.
#pragma once

#include <string>

#include "pages/parts.h"
#include "views/report_data.h"

namespace etcdmedic::tool {

// The page. Its size is bounded, whatever was read.
std::string ReportPage(const ReportData& data);

// The sections of one member, each in a file of its own. `id` is a prefix of their ids, `level` that of their
// headings. Those that have nothing to show write nothing.
void WriteFindingsSection(html::Writer& page, const std::vector<diag::Finding>& findings,
                          std::optional<uint32_t> page_size, const std::string& id, int level);
void WriteFacts(html::Writer& page, const ReportedMember& member);
void WritePredictions(html::Writer& page, const ReportedMember& member, const std::string& id, int level);
void WriteSegments(html::Writer& page, const ReportedMember& member, const std::string& id, int level);
void WritePages(html::Writer& page, const ReportedMember& member, const std::string& id, int level);
void WriteKeySpace(html::Writer& page, const report::KeySpace& keys, const std::string& id, int level);
void WriteCluster(html::Writer& page, const ReportedMember& member, const std::string& id, int level);
// `member`: whose commit, applied index and snapshots are marked; null for none.
void WriteElections(html::Writer& page, const raft::Elections& elections, const ReportedMember* member,
                    const std::string& id, int level);

extern const std::string_view kReportStyle;

}  // namespace etcdmedic::tool
