// SPDX-License-Identifier: Apache-2.0
#include "kubectl/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "kubectl/describers.h"
#include "kubectl/event_text.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kMirror = "kubernetes.io/config.mirror";

// Which events belong to an object.
enum class Events : uint8_t { kNone, kOfKind, kOfPod, kOfNode };

struct DescriberRow {
  std::string_view group, plural;
  Describer describe;
  Events events = Events::kOfKind;
};
constexpr DescriberRow kDescribers[] = {
    {"", "pods", DescribePod, Events::kOfPod},      {"apps", "deployments", DescribeDeployment},
    {"", "nodes", DescribeNode, Events::kOfNode},   {"", "services", DescribeService},
    {"", "persistentvolumeclaims", DescribeClaim},  {"", "namespaces", DescribeNamespace, Events::kNone},
    {"", "secrets", DescribeSecret, Events::kNone},
};
constexpr DescriberRow kAnyObject = {"", "", DescribeAnyObject};

const DescriberRow& RowOf(const Resource& resource) {
  const auto* row = std::ranges::find_if(kDescribers, [&](const DescriberRow& each) {
    return each.plural == resource.plural && each.group == resource.group;
  });
  return row == std::end(kDescribers) ? kAnyObject : *row;
}

struct EventLine {
  text::Instant time;
  std::string text;
  bool operator<(const EventLine& other) const {
    return time.seconds != other.time.seconds ? time.seconds < other.time.seconds
                                              : time.nanos < other.time.nanos;
  }
};

EventLine LineOf(text::ObjectView event, int64_t now) {
  const std::string_view source = event.At("source.component").TextOr("");
  const std::string_view field = event.At("involvedObject.fieldPath").TextOr("");
  return {TimeOfEvent(event), fmt::format("{}\t{}\t{}\t{}\t{}{}{}", event["type"].TextOr(""),
                                          event["reason"].TextOr(""), EventInterval(event, now),
                                          source.empty() ? event["reportingComponent"].TextOr("") : source,
                                          field, field.empty() ? "" : ": ", EventMessage(event))};
}

// The events of one object, by the rules of its kind.
std::vector<EventLine> EventsOf(Events which, text::ObjectView object, const DescribeContext& context) {
  const std::string_view space = object.At("metadata.namespace").TextOr(""),
                         name = object.At("metadata.name").TextOr("");
  std::string_view uid = object.At("metadata.uid").TextOr("");
  const text::ObjectView mirror = object.At("metadata.annotations")[kMirror];
  if (which == Events::kOfPod && mirror) uid = mirror.TextOr("");
  std::vector<EventLine> lines, by_name;  // kubelets name a Node by its name and not by its UID
  const RelatedQuery query{"events", space, ".involvedObject.name", name};
  context.related.Each(query, [&](text::ObjectView event) {
    const text::ObjectView about = event["involvedObject"];
    if (about["namespace"].TextOr("") != space) return;
    if (which != Events::kOfPod && about["kind"].TextOr("") != object["kind"].text()) return;
    const std::string_view about_uid = about["uid"].TextOr("");
    if (uid.empty() || about_uid == uid) lines.push_back(LineOf(event, context.now));
    if (which == Events::kOfNode && about_uid == name) by_name.push_back(LineOf(event, context.now));
  });
  lines.insert(lines.end(), by_name.begin(), by_name.end());
  std::ranges::stable_sort(lines, std::less<>());
  return lines;
}

void DescribeEvents(Description& out, const std::vector<EventLine>& events) {
  if (events.empty()) return out.Field(0, "Events", "<none>");
  out.Line(0, "Events:");
  out.Line(1, "Type\tReason\tAge\tFrom\tMessage");
  out.Line(1, "----\t------\t----\t----\t-------");
  for (const EventLine& event : events) out.Line(1, event.text);
}

}  // namespace

std::string Describe(const Resource& resource, text::ObjectView object, const DescribeContext& context) {
  Description out;
  const DescriberRow& row = RowOf(resource);
  row.describe(out, object, context);
  if (row.events != Events::kNone && context.show_events)
    DescribeEvents(out, EventsOf(row.events, object, context));
  return out.Finish();
}

void DescribeNames(Description& out, text::ObjectView object) {
  out.Field(0, "Name", object.At("metadata.name").TextOr(""));
  out.Field(0, "Namespace", object.At("metadata.namespace").TextOr(""));
}

void DescribeMarks(Description& out, text::ObjectView object) {
  out.Labels(0, "Labels", object.At("metadata.labels"));
  out.Annotations("Annotations", object.At("metadata.annotations"));
}

void DescribeReasons(Description& out, text::ObjectView conditions) {
  if (conditions.size() == 0) return;
  out.Line(0, "Conditions:");
  out.Line(1, "Type\tStatus\tReason");
  out.Line(1, "----\t------\t------");
  for (const text::ObjectView each : conditions) {
    out.Line(1, fmt::format("{} \t{}\t{}", each["type"].TextOr(""), each["status"].TextOr(""),
                            each["reason"].TextOr("")));
  }
}

}  // namespace etcdmedic::kubectl
