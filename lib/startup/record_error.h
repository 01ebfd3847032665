// SPDX-License-Identifier: Apache-2.0
// What etcd's own parser of walpb.Record says of a payload that it refuses. docs/format/wal.md, "etcd's
// reader".
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace etcdmedic::startup {

// The error text of the parser that etcd up to 3.6 has; "unexpected EOF" where a field runs past the end of
// the payload, which etcd takes for a torn write. Nothing where that parser accepts the payload. The parser
// of 3.7 refuses the same payloads, with one text for all and without taking any for torn.
std::optional<std::string> RecordError(Bytes payload);

constexpr std::string_view kUnexpectedEofText = "unexpected EOF";

}  // namespace etcdmedic::startup
