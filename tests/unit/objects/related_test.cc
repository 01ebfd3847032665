// SPDX-License-Identifier: Apache-2.0
#include "objects/related.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/objects_fixture.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::ObjectJson;
using support::ObjectsFixture;

std::string Event(const char* name, const char* about) {
  return ObjectJson("v1", "Event", name, std::string(R"(,"involvedObject":{"name":")") + about + "\"}");
}

TEST(CatalogRelated, FindsObjectsByAField) {
  ObjectsFixture fixture(KeySpace()
                             .Put("/registry/events/a/1", Event("1", "x"))
                             .Put("/registry/events/a/2", Event("2", "y"))
                             .Put("/registry/events/b/3", Event("3", "x"))
                             .Put("/registry/events/b/4", "damaged")
                             .Build());
  CatalogRelated related(*fixture.catalog, fixture.reader);
  const auto names = [&](std::string_view resource, std::string_view space, std::string_view value) {
    std::string all;
    related.Each({resource, space, ".involvedObject.name", value},
                 [&](text::ObjectView event) { all += event.At("metadata.name").text(); });
    return all;
  };
  EXPECT_EQ(names("events", "", "x"), "13");
  EXPECT_EQ(names("events", "b", "x"), "3");
  EXPECT_EQ(names("events", "b", "y"), "");
  EXPECT_EQ(names("pods", "", "x"), "");
  EXPECT_EQ(names("unheard-of", "", "x"), "");
  EXPECT_EQ(fixture.found.items.size(), 2U);  // once an index
}

}  // namespace
}  // namespace etcdmedic::objects
