// SPDX-License-Identifier: Apache-2.0
#include "bolt/check.h"
#include "bolt/copy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  diag::FindingList found;
  bolt::Check(bytes, "fuzz", {std::nullopt, 1}, found);
  for (const auto& meta : {std::optional<int>(), std::optional(0), std::optional(1)}) {
    const auto view = bolt::View::Open(bytes, "fuzz", found, {meta, true});
    if (!view) continue;
    bolt::ContentHash(*view);
    bolt::NoFile nowhere;
    bolt::Builder builder(nowhere, {view->meta().page_size, 90});
    bolt::Copy(*view, builder);
    if (auto cursor = view->CursorOf("key")) {
      for (bolt::Cursor& part : cursor->Split(3)) part.First();
      cursor->Seek("m");
      cursor->Prev();
    }
  }
  return 0;
}
