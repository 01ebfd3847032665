// SPDX-License-Identifier: Apache-2.0
// Secrets: the sizes of what is in them, and only the token of a ServiceAccount itself.
#include <fmt/format.h>

#include <algorithm>

#include "kubectl/describers.h"
#include "text/text_codec.h"

namespace etcdmedic::kubectl {
namespace {

// Bytes that a padded base64 text stands for.
size_t DecodedSize(std::string_view base64) {
  const size_t padding = base64.size() - std::min(base64.find_last_not_of('=') + 1, base64.size());
  return base64.size() / 4 * 3 - std::min(padding, base64.size() / 4 * 3);
}

}  // namespace

void DescribeSecret(Description& out, text::ObjectView secret, const DescribeContext& context) {
  DescribeNames(out, secret);
  DescribeMarks(out, secret);
  const std::string_view type = secret["type"].TextOr("");
  out.Line(0, fmt::format("\nType:\t{}", type));
  out.Line(0, "\nData\n====");
  const RelatedQuery itself{"secrets", secret.At("metadata.namespace").TextOr(""), ".metadata.name",
                            secret.At("metadata.name").TextOr("")};
  // The values of `secret` may be hidden; their sizes are not secret.
  context.related.Each(itself, [&](text::ObjectView whole) {
    for (const text::ObjectView each : Sorted(whole["data"])) {
      const text::ObjectView shown = secret["data"][each.key()];
      const bool token = each.key() == "token" && type == "kubernetes.io/service-account-token";
      std::string text = fmt::format("{} bytes", DecodedSize(each.text()));
      if (token) text = text::FromBase64(shown.text()).value_or(std::string(shown.text()));
      out.Field(0, each.key(), text);
    }
  });
}

}  // namespace etcdmedic::kubectl
