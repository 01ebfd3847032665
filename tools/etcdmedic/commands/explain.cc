// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "base/file.h"
#include "cli/command.h"
#include "explain/digest.h"
#include "inputs/open_store.h"
#include "inputs/terminal_input.h"
#include "render/table.h"
#include "render/text.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--list", "", "every finding code"},
};
constexpr Example kExamples[] = {
    {"explain WAL-CRC-MISMATCH", "what a finding means and what to do"},
    {"explain 'walpb: crc mismatch'", "what a line of etcd's log means"},
    {"explain JOURNAL",
     "what a whole log says, repeats folded, the worst first; also: journalctl -u etcd | etcdmedic explain"},
};

using explain::LineGroup;
using explain::LogDigest;
using explain::LogLine;

constexpr uint64_t kLongestLine = uint64_t{1} << 20;  // what is longer is cut

// --- where lines come from
// -------------------------------------------------------------------------------------

// Cuts what it is given into lines, however it comes in pieces.
class LineSplitter {
 public:
  explicit LineSplitter(LogDigest& digest) : digest_(digest) {}

  void Add(std::string_view piece) {
    for (size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      Append(piece.substr(0, end));
      Finish();
      piece.remove_prefix(end + 1);
    }
    Append(piece);
  }

  void Finish() {
    digest_.Add(line_);
    line_.clear();
  }

 private:
  void Append(std::string_view part) {
    line_.append(part.substr(0, kLongestLine - std::min<uint64_t>(line_.size(), kLongestLine)));
  }

  LogDigest& digest_;
  std::string line_;
};

// A regular file: mapped, and unpacked where it is compressed.
Result<void> ReadMapped(const std::string& path, LogDigest& digest) {
  constexpr size_t kPiece = size_t{4} << 20;
  const auto file = MappedFile::Open(path);
  if (!file) return tl::make_unexpected(file.error());
  LineSplitter lines(digest);
  std::string_view text = AsText(file->bytes());
  for (; !text.empty(); text.remove_prefix(std::min(kPiece, text.size()))) {
    lines.Add(text.substr(0, kPiece));
    file->ReleasePages();
  }
  lines.Finish();
  return {};
}

// A pipe: as it comes, so that its length does not matter.
Result<void> ReadStream(int descriptor, const std::string& path, LogDigest& digest) {
  LineSplitter lines(digest);
  std::string block(size_t{256} << 10, '\0');
  for (;;) {
    const ssize_t got = read(descriptor, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(Errc::kIo, path, std::strerror(errno));
    if (got == 0) break;
    lines.Add(std::string_view(block).substr(0, static_cast<size_t>(got)));
  }
  lines.Finish();
  return {};
}

Result<void> ReadLines(const std::string& path, LogDigest& digest) {
  struct stat status {};
  if (path == "-") {
    if (fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode)) return ReadMapped(path, digest);
    return ReadStream(STDIN_FILENO, "standard input", digest);
  }
  if (stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) return ReadMapped(path, digest);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Fail(Errc::kIo, path, std::strerror(errno));
  auto read = ReadStream(descriptor, path, digest);
  close(descriptor);
  return read;
}

// --- how it looks
// -------------------------------------------------------------------------------------------------

// The command to run, with the data directory where a line names one.
std::string CommandOf(const LineGroup& group) {
  std::string command(group.line->command);
  if (command.empty()) return command;
  if (!group.data_dir.empty()) {
    const size_t at = command.find("DIR");
    if (at != std::string::npos) command.replace(at, 3, group.data_dir);
  }
  return "etcdmedic " + command;
}

std::string TimesOf(const LineGroup& group) {
  std::string times = group.count > 1 ? fmt::format("{} times", group.count) : "";
  if (!group.first.empty()) times += fmt::format("{}{}", times.empty() ? "" : ", ", group.first);
  if (group.count > 1 && group.last != group.first) times += fmt::format(" to {}", group.last);
  return render::Printable(times);
}

std::string FindingsOf(const LogLine& line) {
  std::string text;
  explain::ForEachPart(line.codes, ' ', [&](std::string_view code) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", code);
  });
  return text;
}

// A labelled paragraph, broken between words.
void PrintParagraph(Context& context, std::string_view label, std::string_view text) {
  constexpr size_t kWidth = 84;
  while (!text.empty()) {
    size_t end = text.size() <= kWidth ? text.size() : text.rfind(' ', kWidth);
    if (end == std::string_view::npos || end == 0) end = std::min(text.find(' '), text.size());
    context.out.Print("  {:<12} {}\n", label, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    label = "";
  }
}

void PrintGroup(Context& context, const LineGroup& group) {
  const LogLine& line = *group.line;
  context.out.Print("{}: {}\n", NameOf(line.severity), SentenceOf(line.scope));
  context.out.Print("  {}\n", render::Printable(group.example));
  if (const std::string times = TimesOf(group); !times.empty()) context.out.Print("  ({})\n", times);
  context.out.Write("\n");
  PrintParagraph(context, "Meaning:", line.meaning);
  PrintParagraph(context, "What to do:", line.advice);
  PrintParagraph(context, "Next:", CommandOf(group));
  PrintParagraph(context, "Findings:", FindingsOf(line));
  if (line.versions != "all" && !line.versions.empty())
    context.out.Print("  {:<12} etcd {}\n", "Printed by:", line.versions);
  PrintParagraph(context, "Upstream:", line.issues);
}

// Routine lines are counted, and shown only where somebody asks for one of them.
bool IsShown(const LogDigest& digest, const LineGroup& group) {
  return group.line->scope != explain::Scope::kRoutine || digest.lines() == 1;
}

void PrintUnknown(Context& context, const LogDigest& digest) {
  if (digest.unknown_lines() == 0) return;
  context.out.Print("\nnot known: {}\n", render::Count(digest.unknown_lines(), "line"));
  for (const LineGroup& group : digest.unknown())
    context.out.Print("  {:>6} x  {}\n", group.count, render::Printable(group.example));
}

void PrintText(Context& context, const LogDigest& digest) {
  bool any = false;
  for (const LineGroup& group : digest.Known()) {
    if (!IsShown(digest, group)) continue;
    if (any) context.out.Write("\n");
    any = true;
    PrintGroup(context, group);
  }
  if (digest.lines() == 1) return;
  PrintUnknown(context, digest);
  context.out.Print("{}{}: {} routine, {} of stack traces, {} not known\n", any ? "\n" : "",
                    render::Count(digest.lines(), "line"), digest.routine(), digest.trace(),
                    digest.unknown_lines());
}

void WriteList(render::Document& document, std::string_view key, std::string_view column) {
  document.Key(key);
  document.BeginList();
  explain::ForEachPart(column, ' ', [&](std::string_view part) { document.String(part); });
  document.EndList();
}

void WriteGroup(render::Document& document, const LineGroup& group) {
  document.Field("line", group.example);
  document.Field("line_count", group.count);
  document.FieldIf("first_time", group.first);
  document.FieldIf("last_time", group.last);
  if (group.line == nullptr) return;
  document.Field("severity", NameOf(group.line->severity));
  document.Field("scope", NameOf(group.line->scope));
  document.FieldIf("printed_by", group.line->versions);
  document.Sentence("explanation", group.line->meaning);
  document.Sentence("remedy", group.line->advice);
  WriteNextSteps(document, CommandOf(group));
  document.FieldIf("path", group.data_dir);
  WriteList(document, "codes", group.line->codes);
  WriteList(document, "upstream_issues", group.line->issues);
}

void WriteDigest(render::Document& document, const LogDigest& digest) {
  const auto write = [&](const LineGroup& group) { WriteGroup(document, group); };
  document.Field("line_count", digest.lines());
  document.Field("routine_count", digest.routine());
  document.Field("stack_trace_count", digest.trace());
  document.Field("unknown_count", digest.unknown_lines());
  document.List("known_lines", digest.Known(), write);
  document.List("unknown_lines", digest.unknown(), write);
}

// The codes of the lines that are known, each once.
void PrintCodesOf(Context& context, const LogDigest& digest) {
  std::set<std::string_view> codes;
  for (const LineGroup& group : digest.Known())
    explain::ForEachPart(group.line->codes, ' ', [&](std::string_view code) { codes.insert(code); });
  for (const std::string_view code : codes) context.out.Print("{}\n", code);
}

int ShowDigest(Context& context, const LogDigest& digest, const std::string& name) {
  if (digest.lines() == 0) return Report(context, {Errc::kMalformed, {name}, "holds no lines"});
  if (context.format == render::Format::kTable)
    PrintText(context, digest);
  else if (context.format == render::Format::kName)
    PrintCodesOf(context, digest);
  else
    WriteDocument(context, "explain", [&](render::Document& document) { WriteDigest(document, digest); });
  const bool nothing_known = digest.Known().empty();
  if (digest.unknown_lines() == 0 && !nothing_known) return kClean;
  if (digest.lines() == 1) {
    context.out.Flush();
    context.err.Print("etcdmedic: not known: {}\n", digest.unknown().empty()
                                                        ? "a line that only informs"
                                                        : render::Printable(digest.unknown()[0].example));
  }
  return digest.unknown_lines() == 0 && digest.lines() > 1 ? kClean : kNotable;
}

// --- codes
// ----------------------------------------------------------------------------------------------------------

void PrintCode(Context& context, const diag::CodeInfo& info) {
  context.out.Print("{} ({})\n  {}\n\n  For the data: {}\n  What to do:   {}\n", info.name,
                    NameOf(info.severity), info.title, info.loss, info.remedy);
  std::string_view label = "etcd's log:  ";
  for (const std::string& pattern : explain::LogLinesOf(info.name)) {
    context.out.Print("  {} {}\n", label, pattern);
    label = "             ";
  }
  if (!info.issues.empty()) context.out.Print("  Upstream:     {}\n", info.issues);
  for (const std::string_view name : diag::FormerNamesOf(info.code))
    context.out.Print("  Former name:  {}\n", name);
}

void WriteCode(render::Document& document, const diag::CodeInfo& info) {
  document.Field("code", info.name);
  document.Field("severity", NameOf(info.severity));
  document.Sentence("message", info.title);
  document.Sentence("explanation", info.loss);
  document.Sentence("remedy", info.remedy);
  document.Texts("log_lines", explain::LogLinesOf(info.name));
  WriteList(document, "upstream_issues", info.issues);
}

int ShowCode(Context& context, const diag::CodeInfo& info) {
  if (context.format == render::Format::kTable) {
    PrintCode(context, info);
  } else if (context.format == render::Format::kName) {
    context.out.Print("{}\n", info.name);
  } else {
    WriteDocument(context, "code", [&](render::Document& document) { WriteCode(document, info); });
  }
  return kClean;
}

int ListCodes(Context& context) {
  if (ForPeople(context)) {
    render::Table table(context.out, {}, {.header = false});
    for (const diag::CodeInfo& info : diag::AllCodes()) {
      context.format == render::Format::kName ? table.Add(info.name)
                                              : table.Add(info.name, NameOf(info.severity), info.title);
    }
    return kClean;
  }
  render::ListDocument list(context.out, context.format, {"codes", "code", "code_descriptions"});
  for (const diag::CodeInfo& info : diag::AllCodes())
    list.Add([&](render::Document& document) { WriteCode(document, info); });
  list.End();
  return kClean;
}

bool IsPath(const std::string& text) {
  struct stat status {};
  if (stat(text.c_str(), &status) == 0) return !S_ISDIR(status.st_mode);
  return text.starts_with('/') && text.find(' ') == std::string::npos;
}

int Run(Context& context, const Args& args) {
  const std::vector<std::string>& words = args.positional();
  if (args.Has("--list") || (words.empty() && isatty(STDIN_FILENO) == 1)) return ListCodes(context);
  const std::string first = words.empty() ? "-" : words.front();
  if (words.size() == 1) {
    if (const diag::CodeInfo* info = diag::FindCode(first)) return ShowCode(context, *info);
  }
  LogDigest digest;
  if (words.size() <= 1 && (first == "-" || IsPath(first))) {
    NoteTerminalInput(context, first);
    if (auto read = ReadLines(first, digest); !read) return Report(context, read.error());
    return ShowDigest(context, digest, first == "-" ? "standard input" : first);
  }
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  LineSplitter lines(digest);
  lines.Add(line);
  lines.Finish();
  return ShowDigest(context, digest, "the line");
}

}  // namespace

extern const Command kExplain = {
    .name = "explain",
    .positional = "[CODE | LINE | FILE | -]",
    .summary = "what a finding code, a line of etcd's log or a whole log means",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
