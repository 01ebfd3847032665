// SPDX-License-Identifier: Apache-2.0
// A stored object -> the manifest by which a new cluster makes it again: docs/kubernetes-export.md says what
// is left out of it, and why.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "objects/apply_order.h"
#include "text/object_tree.h"

namespace etcdmedic::objects {

// What the manifest of one object depends on in others.
struct ExportContext {
  // Whether the Service of that namespace and name has a selector, so that a controller keeps its Endpoints.
  std::function<bool(std::string_view namespace_name, std::string_view name)> has_selector;
};

// Whether a Service selects its Pods itself.
bool HasSelector(text::ObjectView service);

struct Manifest {
  SkipReason left_out = SkipReason::kNothing;
  std::string detail;  // for kOwned: the owner, "ReplicaSet web-758c848bc7"
  Stage stage = Stage::kOther;
};

// Makes of `object`, which is one as a server serves it (served_form.h), what a new cluster takes: of
// metadata stay name, namespace, labels and annotations; status and what only the old cluster could have set
// goes. Errors: kMalformed where it is not an object of Kubernetes.
Result<void> StripForApply(text::ObjectTree& object);

// The same, unless the object is one that is left out.
Result<Manifest> MakeManifest(text::ObjectTree& object, bool builtin, const ExportContext& surroundings);

}  // namespace etcdmedic::objects
