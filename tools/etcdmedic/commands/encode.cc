// SPDX-License-Identifier: Apache-2.0
#include "k8s/encode.h"

#include <fmt/format.h>

#include "base/file.h"
#include "cli/command.h"
#include "inputs/kubernetes_args.h"
#include "inputs/terminal_input.h"
#include "k8s/secrets.h"
#include "text/base64.h"
#include "text/text_codec.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--release", "X.Y", "write the fields of this release of Kubernetes (default: the newest)"},
};
constexpr Example kExamples[] = {
    {"encode OBJECT", "an object in YAML or JSON as the bytes that an API server stores"},
    {"encode OBJECT -o base64", "the same as text"},
};
constexpr std::string_view kFormats[] = {"base64", "hex"};

int WriteValue(Context& context, const std::string& value) {
  std::string text;
  if (context.own_format == "base64") text::AppendBase64(text, AsBytes(value));
  if (context.own_format == "hex") text::AppendHex(AsBytes(value), text);
  if (!text.empty()) return context.out.Print("{}\n", text), kClean;
  if (context.terminal) {
    return Report(context,
                  {Errc::kRefused,
                   {},
                   "the stored form is binary and is not written to a terminal; send it to a file, or "
                   "use -o base64 or -o hex"});
  }
  context.out.Write(value);
  return kClean;
}

int Run(Context& context, const Args& args) {
  const auto release = ReleaseOf(args);
  if (!release) return Report(context, release.error());
  const std::string path = args.positional().empty() ? "-" : args.positional().front();
  NoteTerminalInput(context, path);
  const auto file = MappedFile::Open(path);
  if (!file) return Report(context, file.error());
  const auto value = k8s::Encode(AsText(file->bytes()), {.release = *release}, file->path());
  if (!value) return Report(context, value.error());
  if (context.hides_values() && k8s::HoldsSecret({}, AsBytes(*value))) {
    return Report(context, Error{Errc::kRefused,
                                 {file->path(), 0},
                                 "a Secret is not written to a terminal, nor with --hide-secrets; "
                                 "redirect the output, or give --show-secrets"});
  }
  return WriteValue(context, *value);
}

}  // namespace

extern const Command kEncode = {
    .name = "encode",
    .positional = "[FILE]",
    .summary = "an object in YAML or JSON as the bytes that an API server stores",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kText,
    .formats = kFormats,
};

}  // namespace etcdmedic::tool
