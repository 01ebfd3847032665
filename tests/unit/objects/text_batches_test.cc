// SPDX-License-Identifier: Apache-2.0
#include "objects/text_batches.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "support/objects_fixture.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::ObjectsFixture;
using testing::HasSubstr;

constexpr size_t kObjects = 400;
constexpr size_t kWholeBatch = size_t{1} << 20;  // larger than all of them

std::string Key(const char* resource, size_t number) {
  return fmt::format("/registry/{}/default/o{:03}", resource, number);
}

// Values of different sizes, so that no part begins where another one would.
ObjectsFixture ManyPods() {
  KeySpace space(false);
  for (size_t i = 0; i < kObjects; ++i)
    space.Put(Key("pods", i),
              support::ObjectJson("v1", "Pod", fmt::format("o{:03}", i),
                                  R"(,"spec":{"nodeName":")" + std::string(i * 7 % 1500, 'n') + "\"}"));
  return ObjectsFixture(space.Build());
}

struct Written {
  std::string text;
  size_t calls = 0;
  TextBatches::Write Sink() {
    return [this, thread = std::this_thread::get_id()](std::string_view more) {
      EXPECT_EQ(std::this_thread::get_id(), thread);
      text += more;
      ++calls;
    };
  }
};

void AddAll(const ObjectsFixture& fixture, TextBatches& batches) {
  for (const Section& section : fixture.catalog->sections())
    for (size_t number = section.begin; number < section.end; ++number)
      batches.Add(fixture.catalog->At(number));
}

// As one reader makes it of one object after another.
std::string OneByOne(ObjectsFixture& fixture, const TextOptions& options) {
  std::string all;
  for (size_t number = 0; number < kObjects; ++number) {
    std::string text;
    EXPECT_TRUE(
        fixture.reader.AppendText(fixture.catalog->At(number), options.format, options.in_list, text));
    if (options.cut_line_feed) text.pop_back();
    all.append(options.before) += text;
  }
  return all;
}

TEST(TextBatches, AreInOrderHoweverTheyAreSplit) {
  ObjectsFixture fixture = ManyPods();
  for (const TextOptions& options :
       {TextOptions{}, TextOptions{k8s::TextFormat::kYaml, true},
        TextOptions{k8s::TextFormat::kJsonIndented, true, ",\n        ", true}}) {
    const std::string wanted = OneByOne(fixture, options);
    ASSERT_GT(wanted.size(), size_t{256} << 10) << "too little for several threads";
    for (const size_t batch_bytes : {size_t{1}, size_t{5000}, size_t{150000}, kWholeBatch}) {
      for (const unsigned threads : {1U, 2U, 5U}) {
        Written written;
        TextBatches batches(fixture.reader, options, written.Sink(), batch_bytes, threads);
        AddAll(fixture, batches);
        batches.Finish();
        EXPECT_TRUE(written.text == wanted) << batch_bytes << " bytes on " << threads << " threads";
      }
    }
  }
}

TEST(TextBatches, WriteWhatIsCollectedWhenTheyFinishAndGoOn) {
  ObjectsFixture fixture = ManyPods();
  Written written;
  TextBatches batches(fixture.reader, {}, written.Sink(), kWholeBatch);
  batches.Finish();
  batches.Add(fixture.catalog->At(0));
  EXPECT_EQ(written.calls, 0U);
  batches.Finish();
  EXPECT_THAT(written.text, HasSubstr("name: o000"));
  batches.Finish();
  EXPECT_EQ(written.calls, 1U);
  batches.Add(fixture.catalog->At(1));
  batches.Finish();
  EXPECT_THAT(written.text, HasSubstr("name: o001"));
  EXPECT_EQ(written.calls, 2U);
}

// Every third value holds no object and every third is closed: they leave nothing, not even what is between
// objects.
TEST(TextBatches, CountAndReportAsOneReaderDoes) {
  KeySpace space(false);
  for (size_t i = 0; i < kObjects; ++i) {
    const std::string pod = support::ObjectJson("v1", "Pod", "p") + std::string(2000, ' ');
    const std::string values[] = {pod, "text", "k8s:enc:aescbc:v1:key1:xxxxxxxxxxxxxxxx"};
    space.Put(Key("pods", i), values[i % 3]);
  }
  ObjectsFixture fixture(space.Build());
  diag::FindingList found;
  ObjectReader alone({"db", ""}, {}, found), reader({"db", ""}, {}, fixture.found);
  std::string wanted;
  for (size_t number = 0; number < kObjects; ++number) {
    const size_t mark = wanted.size();
    wanted += "--\n";
    if (!alone.AppendText(fixture.catalog->At(number), k8s::TextFormat::kJson, false, wanted))
      wanted.resize(mark);
  }
  Written written;
  TextBatches batches(reader, {k8s::TextFormat::kJson, false, "--\n"}, written.Sink(), 150000, 3);
  AddAll(fixture, batches);
  batches.Finish();
  EXPECT_TRUE(written.text == wanted);
  EXPECT_EQ(reader.closed(), kObjects / 3);
  EXPECT_EQ(reader.closed(), alone.closed());
  EXPECT_EQ(reader.remarks(), alone.remarks());
  ASSERT_EQ(fixture.found.items.size(), found.items.size());
  for (size_t i = 0; i < found.items.size(); ++i)
    EXPECT_EQ(fixture.found.items[i].message, found.items[i].message);
  EXPECT_EQ(found.items.size(), kObjects / 3);
}

}  // namespace
}  // namespace etcdmedic::objects
