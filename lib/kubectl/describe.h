// SPDX-License-Identifier: Apache-2.0
// What `kubectl describe` prints, as release 1.37 does. Which kinds have a description of their own and what
// differs: docs/kubernetes.md, "Descriptions".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "kubectl/resources.h"
#include "text/object_tree.h"

namespace etcdmedic::kubectl {

// Objects of one resource of which a field has a value.
struct RelatedQuery {
  std::string_view resource;        // qualified: "pods", "leases.coordination.k8s.io"
  std::string_view namespace_name;  // empty: of all
  std::string_view path;            // as JsonPath::Parse takes it; it may lead to several values
  std::string_view value;
};

// The objects around the one that is described.
class RelatedObjects {
 public:
  virtual ~RelatedObjects() = default;
  // Calls `use` with each that the query means, in the order of their keys. A view lasts until `use` returns,
  // and `use` asks for no others.
  virtual void Each(const RelatedQuery& query, const std::function<void(text::ObjectView)>& use) = 0;
};

struct DescribeContext {
  RelatedObjects& related;
  int64_t now = 0;          // seconds since 1970, for ages
  bool show_events = true;  // where the kind has any
};

// Lines in columns. `object` is one of `resource` as an API server serves it. Control characters but for the
// escape are printed as they are.
std::string Describe(const Resource& resource, text::ObjectView object, const DescribeContext& context);

}  // namespace etcdmedic::kubectl
