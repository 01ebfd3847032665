// SPDX-License-Identifier: Apache-2.0
#include "kubectl/quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace etcdmedic::kubectl {
namespace {

std::string Printed(std::string_view text) {
  const auto quantity = Quantity::Parse(text);
  return quantity ? quantity->Text() : "refused";
}

TEST(Quantity, PrintsWithTheLargestSuffix) {
  const std::pair<const char*, const char*> rows[] = {{"0", "0"},
                                                      {"1000m", "1"},
                                                      {"1500m", "1500m"},
                                                      {"0.5", "500m"},
                                                      {"1024", "1024"},
                                                      {"1024Ki", "1Mi"},
                                                      {"1.5Gi", "1536Mi"},
                                                      {"0.5Mi", "512Ki"},
                                                      {"1e3", "1e3"},
                                                      {"1500e0", "1500"},
                                                      {"10k", "10k"},
                                                      {"10000", "10k"},
                                                      {"1n", "1n"},
                                                      {"0.1n", "1n"},
                                                      {"-5m", "-5m"},
                                                      {"512", "512"},
                                                      {"0.5Ki", "512"},
                                                      {"7E", "7E"},
                                                      {"1.0001Ki", "1024102400u"}};
  for (const auto& [typed, printed] : rows) EXPECT_EQ(Printed(typed), printed) << typed;
}

TEST(Quantity, RefusesWhatIsNone) {
  for (const char* text :
       {"", "m", "1x", "1.2.3", ".", "1e", "1e999", "99999999999999999999", "10E", "16Ei", "+"})
    EXPECT_EQ(Printed(text), "refused") << text;
}

TEST(Quantity, RoundsUp) {
  EXPECT_EQ(Quantity::Parse("1m")->Value(), 1);
  EXPECT_EQ(Quantity::Parse("1500m")->Value(), 2);
  EXPECT_EQ(Quantity::Parse("100u")->MilliValue(), 1);
  EXPECT_EQ(Quantity::Parse("-1500m")->Value(), -1);
  EXPECT_EQ(Quantity::Parse("9223372036854775807")->MilliValue(), std::numeric_limits<int64_t>::max());
}

TEST(Quantity, ASumHasTheFormOfItsFirstPart) {
  Quantity sum;
  sum += *Quantity::Parse("1Gi");
  sum += *Quantity::Parse("1024M");
  EXPECT_EQ(sum.Text(), "2048576Ki");
  Quantities all{{"cpu", *Quantity::Parse("1")}};
  Add(all, {{"cpu", *Quantity::Parse("250m")}, {"memory", *Quantity::Parse("1Mi")}});
  EXPECT_EQ(all["cpu"].Text(), "1250m");
  RaiseTo(all, {{"cpu", *Quantity::Parse("1")}, {"memory", *Quantity::Parse("2Mi")}});
  EXPECT_EQ(all["cpu"].Text(), "1250m");
  EXPECT_EQ(all["memory"].Text(), "2Mi");
}

}  // namespace
}  // namespace etcdmedic::kubectl
