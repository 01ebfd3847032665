// SPDX-License-Identifier: Apache-2.0
// The manual pages, made from the command table: one a command, and an overview.
#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

// roff takes a leading dot or quote for a request.
std::string Roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '-')
      out += "\\-";
    else if (c == '\\')
      out += "\\e";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

// "etcdmedic-wal-dump"
std::string PageName(std::string_view command) {
  std::string name = "etcdmedic-" + std::string(command);
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string Head(std::string_view page, std::string_view summary) {
  std::string upper(page);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  return fmt::format(".TH \"{}\" \"1\" \"{}\" \"etcdmedic {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n",
                     Roff(upper), ETCDMEDIC_RELEASED, ETCDMEDIC_VERSION, Roff(page), Roff(summary));
}

std::string Row(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", Roff(term), Roff(text));
}

struct Words {
  std::string_view term, text;
};

constexpr Words kExits[] = {
    {"0", "clean"},
    {"1", "repaired; or a difference, or nothing found, or an alarm"},
    {"4", "damage found, and left as it is"},
    {"8", "failed: a file could not be read, is in use, or the request was refused"},
    {"16", "wrong usage"},
};
constexpr Words kFiles[] = {
    {"DIR/member/wal/*.wal", "the segments of the write\\-ahead log"},
    {"DIR/member/snap/db", "the backend, a bbolt file"},
    {"DIR/member/snap/*.snap", "snapshots of the v2 store, with the membership"},
    {"DIR/member/etcdmedic-undo-NNNN.journal", "what a repair changed, for etcdmedic undo"},
};
constexpr Words kEnvironment[] = {
    {"COLUMNS", "how wide tables are on a terminal (default: as wide as it is)"},
    {"TERM", "if it is dumb, or not set, nothing is coloured and no line of progress is rewritten"},
    {"NO_COLOR", "if set and not empty, nothing is coloured unless \\-\\-color asks for it"},
    {"TMPDIR",
     "where packed inputs and standard input are unpacked, to a file without a name (default: /tmp)"},
};

std::string Section(std::string_view title, std::span<const Words> rows) {
  std::string text = fmt::format(".SH {}\n", title);
  for (const Words& row : rows) text += fmt::format(".TP\n.B {}\n{}\n", Roff(row.term), row.text);
  return text;
}

std::string ExitStatus() {
  return Section("EXIT STATUS", kExits) + ".PP\nThe numbers add up: 5 is repaired, with damage left.\n";
}

// "etcdmedic-verify(1), …": the overview, then the commands of the same family.
std::string SeeAlso(const Command& command) {
  std::string text = ".SH SEE ALSO\n.BR etcdmedic (1)";
  for (const Family& family : Families()) {
    if (std::ranges::find(family.commands, command.name, &Command::name) == family.commands.end()) continue;
    for (const Command& other : family.commands) {
      if (other.name != command.name) text += fmt::format(",\n.BR {} (1)", Roff(PageName(other.name)));
    }
  }
  return text + "\n";
}

std::string FlagRows(std::span<const Flag> flags, const Command& command) {
  std::string text;
  for (const Flag& flag : flags)
    text +=
        Row(NamesOf(flag) + (flag.value.empty() ? "" : " " + std::string(flag.value)), HelpOf(flag, command));
  return text;
}

}  // namespace

std::string ManPage(const Command& command) {
  std::string text = Head(PageName(command.name), command.summary);
  text += fmt::format(".SH SYNOPSIS\n.B etcdmedic {}\n{}\n[\\fIFLAG\\fR...]\n", Roff(command.name),
                      Roff(command.positional));
  const std::string_view more = DescriptionOf(command);
  text += fmt::format(".SH DESCRIPTION\n{}\n", Roff(more.empty() ? command.summary : more));
  text += ".SH OPTIONS\n" + FlagRows(command.flags, command) + FlagRows(GlobalFlags(), command);
  text += ExitStatus() + Section("FILES", kFiles) + Section("ENVIRONMENT", kEnvironment);
  if (!command.examples.empty()) text += ".SH EXAMPLES\n";
  for (const Example& example : command.examples)
    text += Row(fmt::format("etcdmedic {}", example.args), example.text);
  return text + SeeAlso(command);
}

std::string ManOverview() {
  std::string text = Head("etcdmedic", "read, check and repair what etcd keeps on disk");
  text +=
      ".SH SYNOPSIS\n.B etcdmedic\n\\fICOMMAND\\fR \\fIPATH\\fR [\\fIFLAG\\fR...]\n.SH DESCRIPTION\n"
      "etcdmedic reads the write\\-ahead log, the snapshots and the backend of etcd without a running etcd. "
      "It finds\n"
      "corruption to the byte, predicts whether etcd will start, repairs under an undo journal, and decodes "
      "the\n"
      "Kubernetes objects inside. What is looked at is never changed: only\n.B repair \\-\\-apply\nand\n.B "
      "undo\n"
      "write to it.\n.PP\nPATH is a data directory, member/, wal/, a segment, a .snap, a db, a saved "
      "snapshot, each\n"
      "also packed by zstd or gzip, or \\- for standard input.\n.SH COMMANDS\n";
  for (const Family& family : Families()) {
    text += fmt::format(".SS {}\n", Roff(family.title));
    for (const Command& command : family.commands)
      text += fmt::format(".TP\n.BR {} (1)\n{}\n", Roff(PageName(command.name)), Roff(command.summary));
  }
  text += ExitStatus() + Section("FILES", kFiles) + Section("ENVIRONMENT", kEnvironment);
  text += ".SH EXAMPLES\n" +
          Row("etcdmedic verify /var/lib/etcd", "why etcd does not start, and what to do next") +
          Row("etcdmedic snapshot verify backup.db", "whether a backup is good") +
          Row("etcdmedic objects backup.db pods -A", "the pods in a backup, as kubectl get prints them");
  return text + ".SH SEE ALSO\n.BR etcd (1),\n.BR etcdctl (1)\n";
}

}  // namespace etcdmedic::tool
