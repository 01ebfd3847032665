// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/command.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

std::string_view NameOf(Errc code) {
  constexpr std::string_view kNames[] = {"",      "io",     "usage",   "malformed", "unsupported",
                                         "limit", "in-use", "refused", "permission"};
  return kNames[static_cast<size_t>(code)];
}

// For programs, which read stdout: the error in place of the document that cannot be made.
void WriteError(Context& context, const Error& error) {
  if (context.format == render::Format::kTable || context.format == render::Format::kName) return;
  const bool lines = context.format == render::Format::kNdjson;
  if (!lines && !context.out.untouched()) return;  // inside a document
  WriteDocument(context.out, context.format, "error", [&](render::Document& document) {
    document.Map("error", [&] { WriteFailure(document, error); });
  });
}

}  // namespace

void WriteFailure(render::Document& document, const Error& error) {
  document.Field("reason", NameOf(error.code));
  document.FieldIf("path", error.where.file);
  document.FieldIf("offset", error.where.offset);
  document.Sentence("message", error.what);
}

int Report(Context& context, const Error& error) {
  WriteError(context, error);
  return PrintError(context, error);
}

int PrintError(Context& context, const Error& error) {
  context.out.Flush();
  context.err.Print("etcdmedic: {}{}", render::Printable(error.where.file),
                    error.where.file.empty() ? "" : ": ");
  // A refusal that lists files has a line for each.
  for (size_t at = 0, end = 0; at <= error.what.size(); at = end + 1) {
    end = std::min(error.what.find('\n', at), error.what.size());
    context.err.Print("{}\n", render::Printable(error.what.substr(at, end - at)));
  }
  if (error.code == Errc::kUsage) {
    context.err.Print("Try 'etcdmedic help{}{}'.\n", context.help_topic.empty() ? "" : " ",
                      context.help_topic);
  }
  return error.code == Errc::kUsage ? kUsage : kFailed;
}

}  // namespace etcdmedic::tool
