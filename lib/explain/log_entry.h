// SPDX-License-Identifier: Apache-2.0
// One line of a log, taken apart: etcd's JSON and older plain form, klog, logfmt, the traces of Go's runtime;
// bare or after what journalctl, docker, kubectl and syslog put before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text/object_tree.h"

namespace etcdmedic::explain {

// As the line itself has it; kNone where it names none.
enum class Level : uint8_t { kNone, kDebug, kInfo, kWarning, kError, kFatal };

struct LogEntry {
  Level level = Level::kNone;
  std::string message;   // for people
  std::string text;      // the message and its fields: what FindLogLine looks at
  std::string time;      // as it is written there; empty where there is none
  std::string data_dir;  // the data directory that the line names; empty where it names none
  bool trace = false;    // a part of a Go stack trace, which explains nothing by itself
};

class LogEntryReader {
 public:
  LogEntry Read(std::string_view line);

 private:
  // JSON that holds etcd's message, or another log's line with etcd's in it.
  bool ReadJson(std::string_view line, LogEntry& entry, unsigned wrapped);
  void ReadLine(std::string_view line, LogEntry& entry, unsigned wrapped);

  text::ObjectTree tree_;
};

}  // namespace etcdmedic::explain
