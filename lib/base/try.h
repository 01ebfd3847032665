// SPDX-License-Identifier: Apache-2.0
// Handing an Error on to the caller.
#pragma once

#include "base/result.h"

namespace etcdmedic {

// The Error of `result`, which holds one, for a function that gives another Result:
//   auto file = MappedFile::Open(path);
//   if (!file) return Propagate(file);
template <class T>
tl::unexpected<Error> Propagate(Result<T>& result) {
  return tl::make_unexpected(std::move(result).error());
}
template <class T>
tl::unexpected<Error> Propagate(const Result<T>& result) {
  return tl::make_unexpected(result.error());
}

}  // namespace etcdmedic

// Returns the Error of a Result<void> from the function that this is in; goes on where there is none.
#define RETURN_IF_ERROR(...)                                                            \
  do {                                                                                  \
    if (auto propagated = (__VA_ARGS__); !propagated) return ::etcdmedic::Propagate(propagated); \
  } while (false)
