// SPDX-License-Identifier: Apache-2.0
#include "html/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::html {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Drawn(const Picture& picture) {
  std::string out;
  Writer page(out);
  picture.Write(page);
  return out;
}

TEST(Picture, IsOnePathForTheBoxesOfAClass) {
  Picture picture({20, 10, "strip"});
  picture.Box("a", 0, 0, 9, 10);
  picture.Box("b", 10, 0, 1, 2);
  picture.Box("a", 12, 0, 3, 4);
  const std::string out = Drawn(picture);
  EXPECT_THAT(out, HasSubstr("viewBox=\"0 0 20 10\""));
  EXPECT_THAT(out, HasSubstr("<path class=\"a\" d=\"M0 0h9v10h-9zM12 0h3v4h-3z\"></path>"));
  EXPECT_THAT(out, HasSubstr("<path class=\"b\" d=\"M10 0h1v2h-1z\"></path>"));
}

TEST(Picture, LeavesOutBoxesWithoutArea) {
  Picture picture({20, 10});
  picture.Box("a", 0, 0, 0, 10);
  picture.Box("a", 0, 0, 10, 0);
  EXPECT_THAT(Drawn(picture), Not(HasSubstr("<path")));
}

TEST(Picture, TellsWhatItShowsToThoseWhoDoNotSeeIt) {
  const std::string out = Drawn(Picture({1, 1, "map", "Map of <pages>", "3 damaged"}));
  EXPECT_THAT(out, HasSubstr("role=\"img\" aria-labelledby=\"n1 n2\""));
  EXPECT_THAT(out, HasSubstr("<title id=\"n1\">Map of &lt;pages&gt;</title>"));
  EXPECT_THAT(out, HasSubstr("<desc id=\"n2\">3 damaged</desc>"));
  EXPECT_THAT(Drawn(Picture({1, 1})), HasSubstr("aria-hidden=\"true\"")) << "it repeats the text beside it";
}

TEST(Picture, StretchesUnlessItMustKeepItsProportions) {
  EXPECT_THAT(Drawn(Picture({1, 1})), HasSubstr("preserveAspectRatio=\"none\""));
  EXPECT_THAT(Drawn(Picture({.width = 1, .height = 1, .stretches = false})), HasSubstr("\"xMidYMid\""));
}

}  // namespace
}  // namespace etcdmedic::html
