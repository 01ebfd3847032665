// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/file.h"
#include "command.h"
#include "k8s/encode.h"
#include "kubernetes_args.h"

namespace etcdmedic::tool {

int RunEncode(Context& context, const Args& args) {
  const auto release = ReleaseOf(args);
  if (!release) return Report(context, release.error());
  const auto file = MappedFile::Open(args.positional().empty() ? "-" : args.positional().front());
  if (!file) return Report(context, file.error());
  const auto value = k8s::Encode(AsText(file->bytes()), {.release = *release}, file->path());
  if (!value) return Report(context, value.error());
  context.out.Write(*value);
  return kClean;
}

}  // namespace etcdmedic::tool
