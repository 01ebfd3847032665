// SPDX-License-Identifier: Apache-2.0
// The formats of `objects` that name what to print: -o custom-columns=, custom-columns-file=, jsonpath=,
// jsonpath-as-json=, jsonpath-file=.
#pragma once

#include "views/object_output.h"

namespace etcdmedic::tool {

// The sink for the context's format, which is one of these. Errors: kUsage for columns and templates that
// cannot be read or are empty; as ReadSmallFile.
Result<std::unique_ptr<ObjectSink>> MakeTemplateSink(Context& context, ObjectReader& reader,
                                                     const ObjectOutputOptions& options);

}  // namespace etcdmedic::tool
