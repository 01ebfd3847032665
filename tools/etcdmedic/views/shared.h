// SPDX-License-Identifier: Apache-2.0
// What several commands print alike.
#pragma once

#include "check/verify.h"
#include "cli/command.h"
#include "raft/request.h"
#include "render/table.h"

namespace etcdmedic::tool {

// Recognises the paths of a command line, with --wal-dir.
Result<member::Layout> LayoutOf(const Args& args);

// Recognises and reads them.
Result<member::MemberState> Load(const Args& args, const member::LoadOptions& options = {});

// Reads the log of what was recognised, and nothing else. Errors: as above; kUnsupported where there is no
// segment in it.
Result<member::MemberState> LoadLog(Result<member::Layout> layout);

// Says on stderr what could not be opened; the exit code that goes with it.
int NoteUnopened(Context& context, const member::MemberState& state);

// The release that --etcd-version names. Errors: kUsage.
Result<std::optional<startup::EtcdVersion>> VersionOf(const Args& args);

// "3.4", …: the releases that a prediction knows.
std::vector<std::string> KnownEtcdVersions();

using member::ReadSegmentAgain;

// One document, in the format that was asked for.
template <class Fill>
void WriteDocument(Context& context, std::string_view name, const Fill& fill) {
  render::WriteDocument(context.out, context.format, name, fill);
}

// As text: one finding a paragraph, the worst first, repeats folded.
void PrintFindings(Context& context, std::vector<diag::Finding> findings);
// Of a code in a file a document lists this many; one more stands for the rest.
inline constexpr size_t kListedFindings = 50;
void WriteFindings(render::Document& document, const std::vector<diag::Finding>& findings);
// The codes alone, each once, for -o name.
void PrintCodes(Context& context, const std::vector<diag::Finding>& findings);

// Of a table that has a name and a value in each row.
inline constexpr render::TableLayout kFacts{.gap = 1, .header = false};

// On stderr, a line each, repeats folded.
void NoteFindings(Context& context, std::vector<diag::Finding> findings);

// The fields of a member of the cluster.
void WriteMember(render::Document& document, const cluster::Member& member);

// Says on stderr that an etcd holds the member, where one does.
void NoteRunning(Context& context, const member::InUse& in_use);

// `id` as etcd prints ids.
inline std::string Hex(uint64_t id) { return fmt::format("{:x}", id); }

}  // namespace etcdmedic::tool
