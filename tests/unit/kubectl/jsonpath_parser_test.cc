// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kubectl/jsonpath.h"
#include "support/page_end.h"

namespace etcdmedic::kubectl {
namespace {

// Why the expression is refused; empty where it is not.
std::string Refused(std::string_view expression) {
  const auto path = JsonPath::Parse(expression);
  return path ? "" : path.error().what;
}

TEST(JsonPathParser, RefusesWhatItCannotRead) {
  for (const std::string_view expression :
       {".a[", ".a[0", ".a[x]", ".a['b]", ".a[?(@.b==]", ".a[?(@.b=='c']", ".a b", ".a[?()]", ".a)", "{.a"}) {
    EXPECT_NE(Refused(expression), "") << expression;
  }
}

TEST(JsonPathParser, FiltersDoNotNestWithoutBound) {
  std::string expression;
  for (int i = 0; i < 100; ++i) expression += ".a[?(@";
  EXPECT_TRUE(Refused(expression).starts_with("filters nest too deep")) << Refused(expression);
}

TEST(JsonPathParser, EndsAtEveryCut) {
  for (const char* whole :
       {R"({.spec.containers[?(@.ports[0].p>=80)].name})", ".a['b.c'][-1,2]..d.*", "$.a\\.b[*]"}) {
    ASSERT_EQ(Refused(whole), "") << whole;
    support::ForEachPrefix(whole, [](Bytes prefix) {
      const auto path = JsonPath::Parse(AsText(prefix));
      if (!path) {
        EXPECT_FALSE(path.error().what.empty());
      }
    });
  }
}

}  // namespace
}  // namespace etcdmedic::kubectl
