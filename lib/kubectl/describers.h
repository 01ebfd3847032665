// SPDX-License-Identifier: Apache-2.0
// The kinds that have a description of their own: a file each, and the parts that they share.
#pragma once

#include "kubectl/describe.h"
#include "kubectl/description.h"

namespace etcdmedic::kubectl {

using Describer = void (*)(Description& out, text::ObjectView object, const DescribeContext& context);

void DescribePod(Description& out, text::ObjectView pod, const DescribeContext& context);
void DescribeDeployment(Description& out, text::ObjectView deployment, const DescribeContext& context);
void DescribeNode(Description& out, text::ObjectView node, const DescribeContext& context);
void DescribeService(Description& out, text::ObjectView service, const DescribeContext& context);
void DescribeClaim(Description& out, text::ObjectView claim, const DescribeContext& context);
void DescribeNamespace(Description& out, text::ObjectView space, const DescribeContext& context);
void DescribeSecret(Description& out, text::ObjectView secret, const DescribeContext& context);
void DescribeAnyObject(Description& out, text::ObjectView object, const DescribeContext& context);

// "Name:" and "Namespace:".
void DescribeNames(Description& out, text::ObjectView object);
// "Labels:" and "Annotations:".
void DescribeMarks(Description& out, text::ObjectView object);

// The containers of a Pod, or of a Pod's template (`pod` is none then).
void DescribeContainers(Description& out, std::string_view title, text::ObjectView containers,
                        text::ObjectView statuses, text::ObjectView pod);
// What a Pod and the template of one have in common: volumes. In a template all is indented.
void DescribeVolumes(Description& out, text::ObjectView volumes, bool in_template);
void DescribeSpreading(Description& out, text::ObjectView constraints, bool in_template);
void DescribeTolerations(Description& out, text::ObjectView tolerations, bool in_template);
void DescribePodTemplate(Description& out, text::ObjectView pod_template);
// Of a PersistentVolumeClaim, or of a template of one in a volume.
void DescribeClaimSpec(Description& out, text::ObjectView claim, bool is_template, int64_t now);

// "Limits:" and "Requests:" of `resources`.
void DescribeResources(Description& out, size_t level, text::ObjectView resources);

// "Conditions:" as a table without reasons' times: TYPE STATUS REASON.
void DescribeReasons(Description& out, text::ObjectView conditions);

}  // namespace etcdmedic::kubectl
