// SPDX-License-Identifier: Apache-2.0
#include "html/writer.h"

#include <gtest/gtest.h>

namespace etcdmedic::html {
namespace {

TEST(Writer, ClosesWhatItOpened) {
  std::string out;
  Writer page(out);
  {
    const auto list = page.In("ul", {{"class", "a b"}});
    page.Element("li", "one & two");
  }
  page.Void("meta", {{"charset", "utf-8"}});
  EXPECT_EQ(out, "<ul class=\"a b\"><li>one &amp; two</li>\n</ul>\n<meta charset=\"utf-8\">\n");
}

TEST(Writer, LetsNoValueOutOfItsAttribute) {
  std::string out;
  Writer page(out);
  page.Element("p", "<b>", {{"title", "\"><script>"}, {"hidden"}});
  EXPECT_EQ(out, "<p title=\"&quot;&gt;&lt;script&gt;\" hidden>&lt;b&gt;</p>\n");
}

TEST(Writer, WritesLongAttributesWhole) {
  std::string out;
  Writer page(out);
  page.Element("path", "", {{"d", std::string(100000, 'h')}});
  EXPECT_GT(out.size(), 100000U);
}

TEST(Writer, GivesEachIdOnce) {
  std::string out;
  Writer page(out);
  EXPECT_NE(page.NewId(), page.NewId());
}

}  // namespace
}  // namespace etcdmedic::html
