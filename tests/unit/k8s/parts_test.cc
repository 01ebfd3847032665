// SPDX-License-Identifier: Apache-2.0
#include "k8s/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Number;

std::vector<std::string> Parts(Bytes message) {
  std::vector<std::string> parts;
  ForEachPart(message, 2, [&](Bytes part) { parts.emplace_back(AsText(part)); });
  return parts;
}

TEST(ForEachPart, GivesThoseOfTheNumberUpToWhatIsBroken) {
  const std::string message = Delimited(2, "a") + Delimited(1, "x") + Number(2, 5) + Delimited(2, "b");
  EXPECT_THAT(Parts(AsBytes(message)), testing::ElementsAre("a", "b"));
  const std::string broken = Delimited(2, "a") + "\xff\xff" + Delimited(2, "b");
  EXPECT_THAT(Parts(AsBytes(broken)), testing::ElementsAre("a"));
  support::ForEachPrefix(message, [](Bytes cut) { EXPECT_LE(Parts(cut).size(), 2U); });
}

TEST(MetadataNumber, IsOneInMostKinds) {
  for (const auto& [api_version, kind] :
       {std::pair{"v1", "Pod"}, {"apps/v1", "Deployment"}, {"no.such/v1", "Kind"}}) {
    const std::string value = test::Stored(api_version, kind, "");
    EXPECT_EQ(MetadataNumber(ReadEnvelope(AsBytes(value))), 1U) << kind;
  }
}

}  // namespace
}  // namespace etcdmedic::k8s
