// SPDX-License-Identifier: Apache-2.0
// Columns of services, endpoints, ingresses, network policies and events.
#include "support/table_cells.h"

namespace etcdmedic::kubectl {
namespace {

using test::TableCase;

// What kubectl prints after NAME.
constexpr TableCase kCases[] = {
    {"services", true,
     R"({"spec":{"type":"LoadBalancer","clusterIPs":["10.0.0.1"],"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},
      {"port":53,"protocol":"UDP"}],"selector":{"b":"2","a":"1"}},"status":{"loadBalancer":{"ingress":[{"hostname":"a-very-long-name.example.com"}]}}})",
     "LoadBalancer|10.0.0.1|a-very-long-name.example.com|80:30080/TCP,53/UDP|<unknown>|a=1,b=2"},
    {"services", false, R"({"spec":{"type":"LoadBalancer","clusterIP":"None"}})",
     "LoadBalancer|None|<pending>|<none>|<unknown>"},
    {"services", false, R"({"spec":{"type":"ExternalName","externalName":"x.example"}})",
     "ExternalName|<none>|x.example|<none>|<unknown>"},
    {"ingresses", false,
     R"({"spec":{"ingressClassName":"n","rules":[{"host":"a"},{"host":"b"},{"host":"c"},{"host":"d"}],"tls":[{}]}})",
     "n|a,b,c + 1 more...||80, 443|<unknown>"},
    {"ingresses", false, R"({"spec":{"defaultBackend":{}}})", "<none>|*||80|<unknown>"},
    {"endpoints", false,
     R"({"subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"::1"}],"ports":[{"port":80},{"port":81}]}]})",
     "1.1.1.1:80,[::1]:80,1.1.1.1:81 + 1 more...|<unknown>"},
    {"events", false, R"({"lastTimestamp":"2026-01-01T23:59:00Z","type":"Warning","reason":"BackOff",
      "involvedObject":{"kind":"Pod","name":"p"},"message":" text\n"})",
     "60s|Warning|BackOff|pod/p|text"},
    {"networkpolicies", false, R"({"spec":{"podSelector":{}}})", "<none>|<unknown>"},
    {"services", false,
     R"({"spec":{"type":"NodePort","clusterIP":"10.0.0.1","externalIPs":["1.1.1.1","2.2.2.2"]}})",
     "NodePort|10.0.0.1|1.1.1.1,2.2.2.2|<none>|<unknown>"},
    {"services", false,
     R"({"spec":{"type":"LoadBalancer","externalIPs":["1.1.1.1"]},"status":{"loadBalancer":{"ingress":[{"ip":"9.9.9.9"}]}}})",
     "LoadBalancer|<none>|9.9.9.9,1.1.1.1|<none>|<unknown>"},
    {"services", false,
     R"({"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"hostname":"a-very-long-name.example.com"}]}}})",
     "LoadBalancer|<none>|a-very-long-name.example.com|<none>|<unknown>"},
    {"services", false, R"({"spec":{"type":"Other"}})", "Other|<none>|<unknown>|<none>|<unknown>"},
    {"endpoints", false, R"({"subsets":[{"addresses":[{"ip":"1.1.1.1"}]}]})", "1.1.1.1|<unknown>"},
    {"endpoints", false, R"({})", "<none>|<unknown>"},
    {"endpointslices", false,
     R"({"addressType":"IPv4","ports":[{"port":80},{}],"endpoints":[{"addresses":["1.1.1.1","2.2.2.2"]},{"addresses":["3.3.3.3","4.4.4.4"]}]})",
     "IPv4|80,*|1.1.1.1,2.2.2.2,3.3.3.3 + 1 more...|<unknown>"},
    {"endpointslices", false, R"({"addressType":"IPv6"})", "IPv6|<unset>|<unset>|<unknown>"},
    {"ingressclasses", false,
     R"({"spec":{"controller":"c","parameters":{"apiGroup":"g.example","kind":"K","name":"n"}}})",
     "c|K.g.example/n|<unknown>"},
    {"ingressclasses", false, R"({"spec":{"controller":"c","parameters":{"kind":"K","name":"n"}}})",
     "c|K/n|<unknown>"},
    {"ingressclasses", false, R"({"spec":{"controller":"c"}})", "c|<none>|<unknown>"},
    {"networkpolicies", false, R"({"spec":{"podSelector":{"matchLabels":{"a":"b"}}}})", "a=b|<unknown>"},
    {"ipaddresses", false,
     R"({"spec":{"parentRef":{"group":"g","resource":"services","namespace":"d","name":"s"}}})",
     "services.g/d/s"},
    {"servicecidrs", false, R"({"spec":{"cidrs":["10.0.0.0/8","fd00::/8"]}})",
     "10.0.0.0/8,fd00::/8|<unknown>"},
    {"events", true,
     R"({"series":{"count":7,"lastObservedTime":"2026-01-01T23:59:00Z"},"eventTime":"2026-01-01T23:00:00Z",
      "type":"Normal","reason":"R","regarding":{"kind":"Node"},"note":"n","reportingController":"c","reportingInstance":"h"})",
     "60s|Normal|R|node||c, h|n|60m|7|n"},
    {"events", true,
     R"({"firstTimestamp":"2026-01-01T23:00:00Z","involvedObject":{"kind":"Pod","name":"p","fieldPath":"spec"},
      "source":{"component":"kubelet"},"message":" \n"})",
     "60m|||pod/p|spec|kubelet||60m|1|n"},
};

TEST(PrintersNetwork, PrintWhatKubectlPrints) { test::ExpectCells(kCases); }

}  // namespace
}  // namespace etcdmedic::kubectl
