// SPDX-License-Identifier: Apache-2.0
// A YAML or JSON document as people edit it -> a tree. Scalars keep their own text, so that no number loses a
// digit.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "text/object_tree.h"

namespace etcdmedic::text {

// Reads the one document in `text`, which outlives the tree: JSON where it begins with '{', else YAML, whose
// nodes know their lines and whose plain scalars mean what they mean in YAML 1.1. Errors: kMalformed, with
// the line or the offset in the message: no document, more than one, an alias, a key that is not a scalar,
// deeper than kMaxTreeDepth.
Result<void> ReadDocument(std::string_view text, const std::string& file, ObjectTree& tree);

// What a plain scalar means.
bool MeansTrue(std::string_view text);
bool MeansFalse(std::string_view text);

}  // namespace etcdmedic::text
