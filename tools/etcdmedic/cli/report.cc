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
  render::Document document(context.out, context.format);
  document.BeginMap();
  document.Field("schema", "etcdmedic.error/v1");
  document.Key("error");
  document.BeginMap();
  document.Field("code", NameOf(error.code));
  document.Field("path", error.where.file);
  if (error.where.offset != 0) document.Field("offset", error.where.offset);
  document.Field("message", error.what);
  document.EndMap();
  document.EndMap();
}

}  // namespace

int Report(Context& context, const Error& error) {
  WriteError(context, error);
  context.out.Flush();
  context.err.Print("etcdmedic: {}{}", render::Printable(error.where.file),
                    error.where.file.empty() ? "" : ": ");
  // A refusal that lists files has a line for each.
  for (size_t at = 0, end = 0; at <= error.what.size(); at = end + 1) {
    end = std::min(error.what.find('\n', at), error.what.size());
    context.err.Print("{}\n", render::Printable(error.what.substr(at, end - at)));
  }
  if (error.code == Errc::kUsage) {
    context.err.Print("Try 'etcdmedic help{}{}'.\n", context.command != nullptr ? " " : "",
                      context.command != nullptr ? context.command->name : "");
  }
  return error.code == Errc::kUsage ? kUsage : kFailed;
}

}  // namespace etcdmedic::tool
