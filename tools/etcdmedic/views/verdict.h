// SPDX-License-Identifier: Apache-2.0
// The verdict over a member in plain words: what etcd does with it, how much is wrong, what to type next.
#pragma once

#include <string>
#include <vector>

#include "check/verify.h"
#include "render/document.h"

namespace etcdmedic::tool {

// "etcd 3.6 starts", "etcd 3.6 exits: walpb: crc mismatch"; empty where nothing can be predicted.
std::string DescribeOutcome(const startup::Prediction& prediction, startup::EtcdVersion version);

// What each release that is known would do.
struct ReleasePrediction {
  startup::EtcdVersion version;
  startup::Prediction prediction;
};
std::vector<ReleasePrediction> PredictAll(const member::MemberState& state, const check::Report& report);

// What etcd would do, under `key`.
void WritePrediction(render::Document& document, std::string_view key, startup::EtcdVersion version,
                     const startup::Prediction& prediction);
// The fields of one.
void WritePrediction(render::Document& document, startup::EtcdVersion version,
                     const startup::Prediction& prediction);

// "starts", "exits": what follows "etcd 3.6"; empty for what is not known.
std::string_view WordsFor(startup::Outcome outcome);

// "sound", or "damaged" with the outcome after it: one line.
std::string Verdict(const check::Report& report);

// How many findings are of these severities.
uint64_t CountOf(const std::vector<diag::Finding>& findings, diag::Severity from, diag::Severity to);

// "2 errors, 1 warning"; "no problems" where there is neither. Notes are not counted.
std::string CountProblems(const std::vector<diag::Finding>& findings);

// The command that helps next, ready to be typed; empty where nothing is wrong.
std::string NextCommand(const member::MemberState& state, const check::Report& report);

// "next_steps": that command, or an empty list.
void WriteNextSteps(render::Document& document, const std::string& next);

// `path` as a shell takes it: in single quotes where it needs them, in $'…' where it has bytes that a
// terminal would not show.
std::string ShellQuoted(const std::string& path);

}  // namespace etcdmedic::tool
