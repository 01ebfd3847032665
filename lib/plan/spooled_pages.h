// SPDX-License-Identifier: Apache-2.0
// A db that is made while a plan is: in an unnamed file, since it may be larger than memory.
#pragma once

#include <functional>
#include <memory>

#include "base/spool_file.h"
#include "bolt/builder.h"

namespace etcdmedic::plan {

// The pages that `fill` writes, as a sealed file. Errors: those of `fill`; kIo, kLimit where the disk of
// temporary files is full.
Result<std::shared_ptr<const SpoolFile>> SpoolPages(const std::function<Result<void>(bolt::PageSink&)>& fill);

}  // namespace etcdmedic::plan
