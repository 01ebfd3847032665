// SPDX-License-Identifier: Apache-2.0
// What came of a salvage, for people and for programs.
#pragma once

#include "cli/command.h"
#include "salvage/salvage.h"

namespace etcdmedic::tool {

// Bucket `meta` as it was found, with the compaction that the result stands for.
bolt::EntriesByKey MetaOf(const salvage::Salvaged& salvaged);

// Prints how much was found, where, and how sure it is, then the losses.
void WriteSalvage(Context& context, const salvage::Salvaged& salvaged, const std::string& path,
                  const std::string& output);

// Says that nothing was written, and why; the exit code.
int ReportNothingFound(Context& context, const std::string& path, const salvage::Salvaged& salvaged,
                       const salvage::Options& options);

}  // namespace etcdmedic::tool
