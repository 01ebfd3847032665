// SPDX-License-Identifier: Apache-2.0
#include "explain/log_entry.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "text/ascii.h"
#include "text/json_text.h"

namespace etcdmedic::explain {
namespace {

constexpr unsigned kMostWrapped = 3;  // a line in the line of another log
constexpr size_t kLongestHead = 200;  // before which time and level stand
constexpr size_t kLongestPath = 4096;

using text::IsDigit;
using text::IsSpace;
using text::Trim;

// Without the color codes that some programs write even into files.
std::string WithoutColors(std::string_view line) {
  std::string out;
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '\x1b' || line.substr(at + 1, 1) != "[") {
      out += line[at];
      continue;
    }
    at = std::min(line.find_first_not_of("0123456789;", at + 2), line.size());
  }
  return out;
}

// --- what other programs put before a line
// ---------------------------------------------------------------------

// "Nov 27 12:00:00 node etcd[812]: " of journalctl and syslog.
size_t EndOfSyslog(std::string_view head) {
  for (size_t at = head.find("]: "); at != std::string_view::npos; at = head.find("]: ", at + 1)) {
    size_t digits = 0;
    while (digits < at && IsDigit(head[at - 1 - digits])) ++digits;
    if (digits > 0 && digits < at && head[at - 1 - digits] == '[') return at + 3;
  }
  return 0;
}

// "2026-11-27T12:00:00.1Z stderr F " of a container runtime.
size_t EndOfRuntime(std::string_view head) {
  for (const std::string_view stream : {" stderr F ", " stdout F ", " stderr P ", " stdout P "}) {
    const size_t at = head.find(stream);
    if (at != std::string_view::npos) return at + stream.size();
  }
  return 0;
}

// "[pod/etcd-node-1/etcd] " of kubectl logs --prefix; "etcd-1  | " of docker compose.
size_t EndOfName(std::string_view head) {
  const size_t bracket = head.find("] ");
  if (head.starts_with("[pod/") && bracket != std::string_view::npos) return bracket + 2;
  const size_t bar = head.find(" | ");
  const size_t blank = head.find(' ');
  const bool one_word =
      bar != std::string_view::npos && blank > 1 && head.find_first_not_of(' ', blank) == bar + 1;
  return one_word ? bar + 3 : 0;
}

std::string_view TakePrefix(std::string_view& line) {
  const std::string_view head = line.substr(0, kLongestHead);
  const size_t end = std::max({EndOfSyslog(head), EndOfRuntime(head), EndOfName(head)});
  const std::string_view prefix = line.substr(0, end);
  line.remove_prefix(end);
  return prefix;
}

// --- levels
// ----------------------------------------------------------------------------------------------------

Level LevelNamed(std::string_view name) {
  constexpr std::pair<std::string_view, Level> kNames[] = {
      {"debug", Level::kDebug},   {"info", Level::kInfo},       {"notice", Level::kInfo},
      {"warn", Level::kWarning},  {"warning", Level::kWarning}, {"error", Level::kError},
      {"dpanic", Level::kFatal},  {"panic", Level::kFatal},     {"fatal", Level::kFatal},
      {"critical", Level::kFatal}};
  const auto same = [&](const auto& each) {
    return std::ranges::equal(name, each.first, [](char a, char b) { return (a | 0x20) == b; });
  };
  const auto found = std::ranges::find_if(kNames, same);
  return found == std::end(kNames) ? Level::kNone : found->second;
}

Level LevelOfLetter(char letter) {
  constexpr std::string_view kLetters = "DTINWECFP";
  constexpr Level kLevels[] = {Level::kDebug, Level::kDebug, Level::kInfo,  Level::kInfo, Level::kWarning,
                               Level::kError, Level::kFatal, Level::kFatal, Level::kFatal};
  const size_t at = kLetters.find(letter);
  return at == std::string_view::npos ? Level::kNone : kLevels[at];
}

// capnslog: "2018-04-01 12:00:00.1 C | etcdserver: …".
bool TakeCapnslog(std::string_view& line, LogEntry& entry) {
  const size_t bar = line.substr(0, kLongestHead).find(" | ");
  if (bar == std::string_view::npos || bar == 0) return false;
  const bool alone = bar == 1 || IsSpace(line[bar - 2]);
  const Level level = LevelOfLetter(line[bar - 1]);
  if (!alone || level == Level::kNone) return false;
  entry.level = level;
  line.remove_prefix(bar + 3);
  return true;
}

// klog: "E0427 10:11:12.123456       1 store.go:138] …", after whatever is before it.
bool TakeKlog(std::string_view& line, LogEntry& entry) {
  const std::string_view head = line.substr(0, kLongestHead);
  for (size_t at = 0; at + 6 < head.size(); ++at) {
    if (at > 0 && !IsSpace(head[at - 1])) continue;
    if (std::string_view("IWEF").find(head[at]) == std::string_view::npos) continue;
    if (!std::ranges::all_of(head.substr(at + 1, 4), IsDigit) || head[at + 5] != ' ') continue;
    const size_t end = line.find("] ", at);
    if (end == std::string_view::npos) continue;
    entry.level = LevelOfLetter(head[at]);
    line.remove_prefix(end + 2);
    return true;
  }
  return false;
}

// logfmt: level=error; zap's console form: a tab on either side of WARN; Go: panic: and fatal error:.
void FindLevel(std::string_view line, LogEntry& entry) {
  const std::string_view head = line.substr(0, kLongestHead);
  const size_t logfmt = head.find("level=");
  if (logfmt != std::string_view::npos)
    entry.level = LevelNamed(head.substr(logfmt + 6, head.find_first_of(" \t", logfmt) - logfmt - 6));
  for (size_t tab = head.find('\t'); tab != std::string_view::npos && entry.level == Level::kNone;) {
    const size_t next = head.find('\t', tab + 1);
    if (next == std::string_view::npos) break;
    entry.level = LevelNamed(head.substr(tab + 1, next - tab - 1));
    tab = next;
  }
  for (const std::string_view word : {"panic: ", "fatal error: ", "FATA[", "[signal "}) {
    if (head.find(word) != std::string_view::npos) entry.level = Level::kFatal;
  }
}

// --- traces
// ------------------------------------------------------------------------------------------------------

// "goroutine 1 [running]:", "\t/go/src/x.go:12 +0x1", "created by …", "main.main()", registers.
bool IsTrace(std::string_view line) {
  const std::string_view text = Trim(line);
  if (text.empty()) return false;
  if (text.starts_with("goroutine ") && text.find('[') != std::string_view::npos) return true;
  for (const std::string_view start : {"created by ", "exit status ", "runtime stack:", "runtime.goexit",
                                       "panic({", "panic(0x", "rax ", "rip ", "main.main()"}) {
    if (text.starts_with(start)) return true;
  }
  const size_t go = text.find(".go:");
  if (go != std::string_view::npos && text.starts_with('/') && text.find(' ') > go) return true;
  // A function with its arguments: no blank before the bracket, and a path or package in front of it.
  const size_t bracket = text.find('(');
  return text.ends_with(')') && bracket != std::string_view::npos && text.find(' ') > bracket &&
         text.substr(0, bracket).find('.') != std::string_view::npos &&
         text.find(": ") == std::string_view::npos;
}

// --- times and places
// ---------------------------------------------------------------------------------------------

// A shape of digits: 9 for each, other characters for themselves.
bool HasShape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '9' ? !IsDigit(text[i]) : shape[i] == '?' ? false : text[i] != shape[i]) return false;
  }
  return true;
}

bool IsMonth(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const size_t at = text.size() == 3 ? kMonths.find(text) : std::string_view::npos;
  return at != std::string_view::npos && at % 3 == 0;
}

std::string FindTime(std::string_view line) {
  const std::string_view head = line.substr(0, kLongestHead);
  for (size_t at = 0; at < head.size(); ++at) {
    const std::string_view rest = head.substr(at);
    if (HasShape(rest, "9999-99-99T99:99:99") || HasShape(rest, "9999-99-99 99:99:99")) {
      const size_t end = rest.find_first_not_of("0123456789.:+-TZ", 19);
      return std::string(rest.substr(0, end));
    }
    const bool day = rest.size() > 15 && IsMonth(rest.substr(0, 3)) && HasShape(rest.substr(6), " 99:99:99");
    if (day) return std::string(rest.substr(0, 15));
  }
  return {};
}

bool IsPathCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) ||
         std::string_view("/._-+@=,").find(c) != std::string_view::npos;
}

// The directory that holds a path like …/member/snap/db.
std::string DirBeforeMember(std::string_view line) {
  for (const std::string_view part : {"/member/snap", "/member/wal"}) {
    for (size_t at = line.find(part); at != std::string_view::npos; at = line.find(part, at + 1)) {
      size_t start = at;
      while (start > 0 && at - start < kLongestPath && IsPathCharacter(line[start - 1])) --start;
      while (start < at && (line[start] == '=' || line[start] == '-')) ++start;
      const size_t equals = line.substr(start, at - start).rfind('=');
      if (equals != std::string_view::npos) start += equals + 1;
      if (start < at) return std::string(line.substr(start, at - start));
    }
  }
  return {};
}

std::string FindDataDir(std::string_view line) {
  std::string dir = DirBeforeMember(line);
  for (const std::string_view name : {"\"data-dir\":\"", "--data-dir=", "--data-dir ", "data dir = "}) {
    const size_t at = line.find(name);
    if (!dir.empty() || at == std::string_view::npos) continue;
    const std::string_view rest = line.substr(at + name.size());
    const auto end = std::ranges::find_if_not(rest, IsPathCharacter);
    dir = std::string(rest.begin(), end);
  }
  return dir;
}

// --- JSON
// -----------------------------------------------------------------------------------------------------------

// The members of another log's JSON in which it keeps a line; where its own time stands.
constexpr std::string_view kInner[] = {"log", "MESSAGE", "message", "line"};
constexpr std::string_view kTimes[] = {"ts", "time", "@timestamp", "timestamp", "T", "__REALTIME_TIMESTAMP"};
// What says nothing about the line, or repeats what clients sent.
constexpr std::string_view kNoText[] = {"level", "ts",      "caller",          "logger",   "stacktrace",
                                        "time",  "request", "request content", "response", "response type"};

std::string TextOf(text::ObjectView value) {
  if (!value.is_list()) return std::string(value.text());
  // journalctl -o json gives bytes that are not UTF-8 as numbers.
  std::string bytes;
  for (const text::ObjectView each : value) bytes += static_cast<char>(each.Integer());
  return bytes;
}

void ReadFields(text::ObjectView root, LogEntry& entry) {
  entry.message = root["msg"].text();
  entry.text = entry.message;
  entry.level = LevelNamed(root["level"].text());
  for (const text::ObjectView field : root) {
    if (field.key() == "msg" || std::ranges::find(kNoText, field.key()) != std::end(kNoText)) continue;
    std::string value(field.text());
    if (value.empty()) field.AppendJson(value);
    entry.text.append(" ").append(field.key()).append(" ").append(value);
    if (field.key() == "error" || field.key() == "alarm") entry.message.append(": ").append(value);
  }
}

}  // namespace

bool LogEntryReader::ReadJson(std::string_view line, LogEntry& entry, unsigned wrapped) {
  const size_t start = line.find("{\"");
  if (start == std::string_view::npos || !line.ends_with('}') ||
      text::ReadJson(line.substr(start), tree_).stopped)
    return false;
  const text::ObjectView root = tree_.root();
  std::string time;
  for (const std::string_view name : kTimes) {
    if (time.empty()) time = root[name].text();
  }
  if (root["msg"]) {
    ReadFields(root, entry);
  } else {
    std::string inner;
    for (const std::string_view name : kInner) {
      if (inner.empty()) inner = TextOf(root[name]);
    }
    if (inner.empty() || wrapped == kMostWrapped) return false;
    const std::string outer = std::move(entry.time);
    ReadLine(inner, entry, wrapped + 1);
    if (!outer.empty()) entry.time = outer;
  }
  if (entry.time.empty()) entry.time = time;
  return true;
}

void LogEntryReader::ReadLine(std::string_view line, LogEntry& entry, unsigned wrapped) {
  line = Trim(line);
  entry.time = FindTime(TakePrefix(line));
  if (ReadJson(line, entry, wrapped)) return;
  if (entry.time.empty()) entry.time = FindTime(line);
  entry.trace = IsTrace(line);
  if (!TakeCapnslog(line, entry) && !TakeKlog(line, entry)) FindLevel(line, entry);
  entry.message = Trim(line);
  entry.text = entry.message;
}

LogEntry LogEntryReader::Read(std::string_view line) {
  LogEntry entry;
  if (line.find('\x1b') == std::string_view::npos) {
    ReadLine(line, entry, 0);
  } else {
    ReadLine(WithoutColors(line), entry, 0);
  }
  entry.data_dir = FindDataDir(line);
  return entry;
}

}  // namespace etcdmedic::explain
