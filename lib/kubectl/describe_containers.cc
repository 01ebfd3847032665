// SPDX-License-Identifier: Apache-2.0
// Containers as `kubectl describe` prints them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "kubectl/age.h"
#include "kubectl/describers.h"
#include "kubectl/quantity.h"
#include "text/ascii.h"

namespace etcdmedic::kubectl {
namespace {

std::string_view TrueOrFalse(text::ObjectView value) { return value.is_true() ? "true" : "false"; }

// "8080/TCP (http), 53/UDP" by the number under `field`.
std::string Ports(text::ObjectView ports, std::string_view field) {
  std::string text;
  for (const text::ObjectView port : ports) {
    const std::string_view name = port["name"].TextOr("");
    text +=
        fmt::format("{}{}/{}", text.empty() ? "" : ", ", port[field].Integer(), port["protocol"].TextOr(""));
    if (!name.empty()) text += fmt::format(" ({})", name);
  }
  return text;
}

void DescribePorts(Description& out, std::string_view label, const std::string& ports) {
  if (ports.find(',') != std::string_view::npos)
    out.Field(2, fmt::format("{}s", label), ports);
  else
    out.Field(2, label, ports.empty() ? "<none>" : ports);
}

void DescribeSeccomp(Description& out, text::ObjectView profile) {
  if (!profile.is_map()) return;
  out.Field(2, "SeccompProfile", profile["type"].TextOr(""));
  if (profile["type"].text() == "Localhost")
    out.Field(3, "LocalhostProfile", profile["localhostProfile"].TextOr(""));
}

// Each line of each word by itself.
void DescribeWords(Description& out, std::string_view title, text::ObjectView words) {
  if (words.size() == 0) return;
  out.Line(2, fmt::format("{}:", title));
  for (const text::ObjectView word : words) {
    for (const std::string_view line : LinesOf(word.text())) out.Line(3, line);
  }
}

constexpr DescribedField kWaiting[] = {{"Reason", "reason", DescribedField::Form::kGiven}};
constexpr DescribedField kWhy[] = {{"Reason", "reason", DescribedField::Form::kGiven},
                                   {"Message", "message", DescribedField::Form::kGiven},
                                   {"Exit Code", "exitCode", DescribedField::Form::kText, "0"}};

void DescribeState(Description& out, std::string_view title, text::ObjectView state) {
  if (const text::ObjectView running = state["running"]; running.is_map()) {
    out.Field(2, title, "Running");
    return out.Field(3, "Started", LongTime(running["startedAt"].TextOr("")));
  }
  const text::ObjectView waiting = state["waiting"], ended = state["terminated"];
  if (waiting.is_map() || !ended.is_map()) {
    out.Field(2, title, "Waiting");
    return out.Fields(3, kWaiting, waiting);
  }
  out.Field(2, title, "Terminated");
  out.Fields(3, kWhy, ended);
  if (const int64_t signal = ended["signal"].Integer(); signal > 0)
    out.Field(3, "Signal", fmt::format("{}", signal));
  out.Field(3, "Started", LongTime(ended["startedAt"].TextOr("")));
  out.Field(3, "Finished", LongTime(ended["finishedAt"].TextOr("")));
}

void DescribeStatus(Description& out, text::ObjectView status) {
  DescribeState(out, "State", status["state"]);
  if (const text::ObjectView last = status["lastState"]; last["terminated"].is_map())
    DescribeState(out, "Last State", last);
  out.Field(2, "Ready", status["ready"].is_true() ? "True" : "False");
  out.Field(2, "Restart Count", fmt::format("{}", status["restartCount"].Integer()));
}

// A part of a URL as Go writes it: letters, digits and `plain` stay.
std::string Escaped(std::string_view part, std::string_view plain) {
  std::string text;
  for (const char c : part) {
    const char lower = text::Lower(c);
    const bool stays =
        text::IsDigit(c) || (lower >= 'a' && lower <= 'z') || plain.find(c) != std::string_view::npos;
    text += stays ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

// The name or number of a port; a number that is absent is 0.
std::string_view PortText(text::ObjectView port) { return port.is_string() ? port.text() : port.TextOr("0"); }

std::string HttpAddress(text::ObjectView get) {
  const std::string scheme = text::Lower(get["scheme"].TextOr(""));
  const std::string_view host = get["host"].TextOr(""), port = PortText(get["port"]);
  const bool is_ipv6 = !port.empty() && host.find(':') != std::string_view::npos;
  const std::string place =
      fmt::format("{}{}{}{}{}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port.empty() ? "" : ":", port);
  const std::string path = Escaped(get["path"].TextOr(""), "-_.~$&+,/:;=@");
  return fmt::format("{}{}{}{}{}", scheme, scheme.empty() ? "//" : "://",
                     Escaped(place, "-_.~!$&'()*+,;=:[]<>\""), path.empty() || path[0] == '/' ? "" : "/",
                     path);
}

std::string ProbeText(text::ObjectView probe) {
  const std::string times =
      fmt::format("delay={}s timeout={}s period={}s successThreshold={} failureThreshold={}",
                  probe["initialDelaySeconds"].Integer(), probe["timeoutSeconds"].Integer(),
                  probe["periodSeconds"].Integer(), probe["successThreshold"].Integer(),
                  probe["failureThreshold"].Integer());
  if (const text::ObjectView exec = probe["exec"]; exec.is_map())
    return fmt::format("exec {} {}", GoList(exec["command"]), times);
  if (const text::ObjectView get = probe["httpGet"]; get.is_map())
    return fmt::format("http-get {} {}", HttpAddress(get), times);
  if (const text::ObjectView socket = probe["tcpSocket"]; socket.is_map())
    return fmt::format("tcp-socket {}:{} {}", socket["host"].TextOr(""), PortText(socket["port"]), times);
  if (const text::ObjectView grpc = probe["grpc"]; grpc.is_map())
    return fmt::format("grpc <pod>:{} {} {}", grpc["port"].Integer(), grpc["service"].TextOr(""), times);
  return fmt::format("unknown {}", times);
}

void DescribeProbes(Description& out, text::ObjectView container) {
  static constexpr std::pair<std::string_view, std::string_view> kProbes[] = {
      {"Liveness", "livenessProbe"}, {"Readiness", "readinessProbe"}, {"Startup", "startupProbe"}};
  for (const auto& [label, field] : kProbes) {
    if (const text::ObjectView probe = container[field]; probe.is_map())
      out.Field(2, label, ProbeText(probe));
  }
}

void DescribeSources(Description& out, text::ObjectView sources) {
  if (sources.size() == 0) return;
  out.Line(2, "Environment Variables from:");
  for (const text::ObjectView source : sources) {
    const bool is_map = source["configMapRef"].is_map();
    const text::ObjectView from = source[is_map ? "configMapRef" : "secretRef"];
    const std::string_view prefix = source["prefix"].TextOr("");
    out.Line(3, fmt::format("{}\t{}{}\tOptional: {}", from["name"].TextOr(""),
                            is_map          ? "ConfigMap"
                            : from.is_map() ? "Secret"
                                            : "",
                            prefix.empty() ? "" : fmt::format(" with prefix '{}'", prefix),
                            TrueOrFalse(from["optional"])));
  }
}

// What a field reference gives, as far as kubectl knows: of other fields it prints nothing.
std::string_view FieldValue(text::ObjectView pod, std::string_view path) {
  return path == "metadata.name" || path == "metadata.namespace" ? pod.At(path).TextOr("") : "";
}

// "limits.cpu" of a container, in units of the divisor.
std::string ResourceValue(text::ObjectView container, text::ObjectView reference) {
  const std::string_view name = reference["resource"].TextOr("");
  const size_t dot = std::min(name.find('.'), name.size());
  const std::string_view list = name.substr(0, dot), resource = name.substr(std::min(dot + 1, name.size()));
  if (list != "limits" && list != "requests") return {};
  static constexpr std::string_view kKnown[] = {"cpu", "memory", "ephemeral-storage"};
  if (std::ranges::find(kKnown, resource) == std::end(kKnown) && !resource.starts_with("hugepages-"))
    return {};
  const auto amount = Quantity::Parse(container["resources"][list][resource].text()).value_or(Quantity());
  auto divisor = Quantity::Parse(reference["divisor"].text()).value_or(Quantity());
  if (divisor.is_zero()) divisor = *Quantity::Parse("1");
  const bool cpu = resource == "cpu";
  const auto over = static_cast<double>(cpu ? amount.MilliValue() : amount.Value());
  const auto under = static_cast<double>(cpu ? divisor.MilliValue() : divisor.Value());
  const auto value = static_cast<int64_t>(std::ceil(over / under));
  if (value == 0 && (name == "limits.cpu" || name == "limits.memory")) return "node allocatable";
  return fmt::format("{}", value);
}

void DescribeVariable(Description& out, text::ObjectView variable, text::ObjectView container,
                      text::ObjectView pod) {
  const std::string_view name = variable["name"].TextOr("");
  const text::ObjectView from = variable["valueFrom"];
  if (const text::ObjectView field = from["fieldRef"]; field.is_map()) {
    const std::string_view path = field["fieldPath"].TextOr("");
    return out.Field(3, name,
                     fmt::format("{} ({}:{})", FieldValue(pod, path), field["apiVersion"].TextOr(""), path));
  }
  if (const text::ObjectView resource = from["resourceFieldRef"]; resource.is_map()) {
    return out.Field(
        3, name, fmt::format("{} ({})", ResourceValue(container, resource), resource["resource"].TextOr("")));
  }
  static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
      {"secretKeyRef", "in secret"}, {"configMapKeyRef", "of config map"}};
  for (const auto& [field, where] : kKeys) {
    const text::ObjectView key = from[field];
    if (!key.is_map()) continue;
    return out.Field(3, name,
                     fmt::format("<set to the key '{}' {} '{}'>\tOptional: {}", key["key"].TextOr(""), where,
                                 key["name"].TextOr(""), TrueOrFalse(key["optional"])));
  }
}

void DescribeVariables(Description& out, text::ObjectView container, text::ObjectView pod) {
  const text::ObjectView variables = container["env"];
  out.Line(2, variables.size() == 0 ? "Environment:\t<none>" : "Environment:");
  for (const text::ObjectView variable : variables) {
    if (variable["valueFrom"].is_map()) {
      DescribeVariable(out, variable, container, pod);
      continue;
    }
    std::string label = fmt::format("{}:", variable["name"].TextOr(""));
    for (const std::string_view line : LinesOf(variable["value"].TextOr("")))
      out.Line(3, fmt::format("{}\t{}", std::exchange(label, ""), line));
  }
}

void DescribeMounts(Description& out, text::ObjectView container) {
  const text::ObjectView mounts = container["volumeMounts"], devices = container["volumeDevices"];
  const std::string_view none = mounts.size() == 0 ? "\t<none>" : "";
  out.Line(2, fmt::format("Mounts:{}", none));
  for (const text::ObjectView mount : SortedBy(mounts, "mountPath")) {
    std::string path;
    if (!mount["subPath"].TextOr("").empty()) mount["subPath"].AppendJson(path);
    out.Line(3, fmt::format("{} from {} ({}{}{})", mount["mountPath"].TextOr(""), mount["name"].TextOr(""),
                            mount["readOnly"].is_true() ? "ro" : "rw", path.empty() ? "" : ",path=", path));
  }
  if (devices.size() == 0) return;
  out.Line(2, fmt::format("Devices:{}", none));
  for (const text::ObjectView device : SortedBy(devices, "devicePath"))
    out.Line(3, fmt::format("{} from {}", device["devicePath"].TextOr(""), device["name"].TextOr("")));
}

text::ObjectView StatusOf(text::ObjectView statuses, std::string_view name) {
  text::ObjectView found;  // the last one, where a name is there twice
  for (const text::ObjectView status : statuses) {
    if (status["name"].text() == name) found = status;
  }
  return found;
}

void DescribeContainer(Description& out, text::ObjectView container, text::ObjectView status,
                       text::ObjectView pod) {
  if (status) out.Field(2, "Container ID", status["containerID"].TextOr(""));
  out.Field(2, "Image", container["image"].TextOr(""));
  if (status) out.Field(2, "Image ID", status["imageID"].TextOr(""));
  DescribePorts(out, "Port", Ports(container["ports"], "containerPort"));
  DescribePorts(out, "Host Port", Ports(container["ports"], "hostPort"));
  DescribeSeccomp(out, container.At("securityContext.seccompProfile"));
  DescribeWords(out, "Command", container["command"]);
  DescribeWords(out, "Args", container["args"]);
  if (status) DescribeStatus(out, status);
  DescribeResources(out, 2, container["resources"]);
  DescribeProbes(out, container);
  DescribeSources(out, container["envFrom"]);
  DescribeVariables(out, container, pod);
  DescribeMounts(out, container);
}

}  // namespace

void DescribeResources(Description& out, size_t level, text::ObjectView resources) {
  out.Amounts(level, "Limits", resources["limits"]);
  out.Amounts(level, "Requests", resources["requests"]);
}

void DescribeContainers(Description& out, std::string_view title, text::ObjectView containers,
                        text::ObjectView statuses, text::ObjectView pod) {
  const bool in_template = !pod;
  out.Line(0,
           fmt::format("{}{}:{}", in_template ? "  " : "", title, containers.size() == 0 ? " <none>" : ""));
  for (const text::ObjectView container : containers) {
    const std::string_view name = container["name"].TextOr("");
    out.Line(1, fmt::format("{}{}:", in_template ? " " : "", name));
    DescribeContainer(out, container, StatusOf(statuses, name), pod);
  }
}

}  // namespace etcdmedic::kubectl
