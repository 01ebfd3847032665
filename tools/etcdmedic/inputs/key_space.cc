// SPDX-License-Identifier: Apache-2.0
#include "inputs/key_space.h"

#include "base/try.h"

namespace etcdmedic::tool {

Result<std::unique_ptr<KeySpace>> OpenKeySpace(Context& context, const Args& args, Unapplied unapplied) {
  auto opened = OpenStore(context, args, unapplied);
  if (!opened) return Propagate(opened);
  const auto at = RevisionAt(args, *(*opened)->store);
  if (!at) return Propagate(at);
  auto encryption = EncryptionOf(args);
  if (!encryption) return Propagate(encryption);
  return std::make_unique<KeySpace>(std::move(*opened), std::move(*encryption), *at,
                                    args.Get("--etcd-prefix").value_or(""));
}

}  // namespace etcdmedic::tool
