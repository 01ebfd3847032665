// SPDX-License-Identifier: Apache-2.0
// The log of one member as far as its frames prove themselves, and the logs of several members as one
// sequence of entries. docs/design/salvage.md, "The log".
#pragma once

#include <string>
#include <vector>

#include "raft/log.h"
#include "replay/entries.h"

namespace etcdmedic::salvage {

struct LogSource {
  std::string name;  // the directory, or the file
  raft::Log log;
  replay::EntryList entries;
};

// Reads every frame of the segments, those after damage too, in the order that their CRCs demand whatever
// their names are. The result views the inputs.
LogSource ReadLogSource(std::string name, const std::vector<raft::SegmentInput>& inputs,
                        unsigned threads = 0);

// Entries whose indexes follow one another.
using EntryRun = std::vector<replay::LogEntry>;

// The entries that the logs prove to be committed, and that their CRC proves, by index; where none of the
// logs has one, a new run begins. Entries of one index that differ (the logs are of different clusters) are
// left out. 64 bytes an entry.
std::vector<EntryRun> CommittedRuns(const std::vector<LogSource>& logs);

// Whether the logs tell everything from the beginning: entry 1 is there, and is the first of a cluster that
// began empty.
bool BeginEmpty(const std::vector<LogSource>& logs);

}  // namespace etcdmedic::salvage
