// SPDX-License-Identifier: Apache-2.0
// Error: we could not do the job. What is wrong with the data is a diag::Finding, never an Error.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace etcdmedic {

enum class Errc : uint8_t { kIo = 1, kUsage, kMalformed, kUnsupported, kLimit, kInUse, kRefused, kDenied };

// A place in an input: the file as the user knows it and an absolute byte offset in it.
struct Where {
  std::string file;
  uint64_t offset = 0;
};

// `what` is a phrase without capital or full stop; the position is data, never part of it.
struct Error {
  Errc code = Errc::kIo;
  Where where;
  std::string what;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(Errc code, std::string file, std::string what, uint64_t offset = 0) {
  return tl::make_unexpected(Error{code, Where{std::move(file), offset}, std::move(what)});
}

}  // namespace etcdmedic
