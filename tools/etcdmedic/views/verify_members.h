// SPDX-License-Identifier: Apache-2.0
// `verify DIR1 DIR2 …`, `verify ARCHIVE`: each member by itself, then all of them as one cluster.
#pragma once

#include "check/compare_members.h"
#include "cli/command.h"

namespace etcdmedic::tool {

struct LoadedMembers {
  std::vector<member::MemberState> states;
  std::vector<check::Report> reports;  // in the same order
  check::Comparison Compare() const;
  // Something of them may not be read by the user that runs this.
  bool denied() const;
};

// Reads and checks the members at `paths`; says on stderr where a running etcd holds one. Errors: as
// member::Recognise and member::LoadMember.
Result<LoadedMembers> LoadMembers(Context& context, const std::vector<std::string>& paths,
                                  std::optional<startup::EtcdVersion> version);

// "yes", "with votes of others".
std::string_view ElectionText(check::Chance chance);

// What they say of each other: "no contradiction", or how many findings.
std::string TogetherText(const check::Comparison& comparison);

// The fields of all of them, and of one, that the comparison gives.
void WriteComparisonFields(render::Document& document, const check::Comparison& comparison);
void WriteStandingFields(render::Document& document, const check::Standing& standing);

// The members that the paths name: several directories or archives, or one archive that holds several. Empty
// where there is one member, or the paths are the segments of one log. Says on stderr which backups an
// archive holds besides. Errors: those of member::ListArchive.
Result<std::vector<std::string>> SeveralMembers(Context& context, const Args& args);

int VerifyMembers(Context& context, const Args& args, const std::vector<std::string>& paths);

}  // namespace etcdmedic::tool
