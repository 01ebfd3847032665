// SPDX-License-Identifier: Apache-2.0
#include "objects/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/objects_fixture.h"
#include "text/tree_writer.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::ObjectsFixture;
using support::OpenedStore;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ObjectReader, AppendsTextAndTree) {
  ObjectsFixture fixture;
  const StoredObject object = fixture.At(1);
  std::string text;
  EXPECT_TRUE(fixture.reader.AppendText(object, k8s::TextFormat::kYaml, false, text));
  EXPECT_THAT(text, HasSubstr("kind: Pod"));
  EXPECT_EQ(fixture.reader.Tree(object).At("metadata.name").text(), "a");
}

TEST(ObjectReader, ReportsWhatHoldsNoObject) {
  const OpenedStore opened(KeySpace()
                               .Put("/registry/pods/default/a", "text")
                               .Put("/registry/secrets/default/s", "k8s:enc:aescbc:v1:cbc1:xxxxxxxxxxxxxxxx")
                               .Build());
  diag::FindingList found;
  ObjectReader reader({"db", "", false}, {}, found);
  const auto catalog = ObjectCatalog::Read(*opened.store, 0, "", reader.stored());
  ASSERT_TRUE(catalog);
  std::string text;
  EXPECT_FALSE(reader.AppendText((*catalog)->At(0), k8s::TextFormat::kYaml, false, text));
  EXPECT_FALSE(reader.AppendText((*catalog)->At(1), k8s::TextFormat::kYaml, false, text));
  EXPECT_EQ(text, "");
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].code, diag::Code::kK8sValueNotObject);
  EXPECT_EQ(reader.closed(), 1U);
  EXPECT_THAT(reader.remarks(), ElementsAre(HasSubstr("--encryption-config names")));
}

TEST(ObjectReader, GivesEveryFormWithItsResourceVersion) {
  ObjectsFixture fixture;
  const StoredObject object = fixture.At(1);
  const std::string revision = std::to_string(object.kv.mod_revision);
  std::string json;
  EXPECT_TRUE(fixture.reader.AppendText(object, k8s::TextFormat::kJson, false, json));
  EXPECT_THAT(json, HasSubstr(R"("resourceVersion":")" + revision + '"'));
  EXPECT_EQ(fixture.reader.Tree(object).StringAt("metadata.resourceVersion"), revision);
  text::ObjectTree tree;
  text::TreeWriter writer(tree, {});
  writer.BeginList();
  EXPECT_TRUE(fixture.reader.AppendTo(writer, object));
  writer.EndList();
  EXPECT_EQ(tree.root().Item(0).StringAt("metadata.name"), "a");
  EXPECT_TRUE(fixture.found.items.empty());
}

TEST(ObjectReader, KnowsTheGroupOfTheServedForm) {
  const kubectl::ResourceTable table;
  const kubectl::Resource& events = *table.Resolve("events").front();
  diag::FindingList found;
  ObjectReader stored({"db", ""}, {}, found), served({"db", "", false, true}, {}, found);
  for (ObjectReader* const reader : {&stored, &served}) reader->Ask(events, {"events.k8s.io", ""});
  EXPECT_EQ(stored.GroupOf(events), "");
  EXPECT_EQ(served.GroupOf(events), "events.k8s.io");
}

TEST(ObjectReader, MasksSecretsWhereItIsAskedTo) {
  ObjectsFixture fixture(KeySpace()
                             .Put("/registry/secrets/default/s",
                                  R"({"apiVersion":"v1","kind":"Secret","data":{"p":"aHVudGVy"}})")
                             .Build());
  ObjectReader masking({"db", "", true}, {}, fixture.found);
  std::string shown, masked;
  EXPECT_TRUE(fixture.reader.AppendText(fixture.At(0), k8s::TextFormat::kYaml, false, shown));
  EXPECT_TRUE(masking.AppendText(fixture.At(0), k8s::TextFormat::kYaml, false, masked));
  EXPECT_THAT(shown, HasSubstr("aHVudGVy"));
  EXPECT_THAT(masked, testing::Not(HasSubstr("aHVudGVy")));
}

TEST(ObjectReader, PutsTheKeyInFrontOfWhatItFinds) {
  ObjectsFixture fixture(
      KeySpace()
          .Put("/registry/pods/default/cut", R"({"apiVersion":"v1","kind":"Pod","metadata":{"na)")
          .Build());
  EXPECT_TRUE(fixture.reader.Tree(fixture.At(0)));
  ASSERT_FALSE(fixture.found.items.empty());
  EXPECT_THAT(fixture.found.items[0].message, HasSubstr("/registry/pods/default/cut"));
  EXPECT_EQ(fixture.found.items[0].where.file, "db");
}

// Remarks are for people: ten of them, and the count.
TEST(ObjectReader, CountsClosedValuesAndRemarksOnTheFirstOnes) {
  KeySpace space;
  for (int i = 0; i < 13; ++i)
    space.Put("/registry/secrets/default/s" + std::to_string(10 + i),
              "k8s:enc:aescbc:v1:key1:xxxxxxxxxxxxxxxx");
  ObjectsFixture fixture(space.Build());
  for (size_t i = 0; i < 13; ++i) EXPECT_FALSE(fixture.reader.Tree(fixture.catalog->At(i)));
  EXPECT_EQ(fixture.reader.closed(), 13U);
  EXPECT_EQ(fixture.reader.remarks().size(), 10U);
  EXPECT_THAT(fixture.reader.remarks()[0], HasSubstr("/registry/secrets/default/s10 is encrypted with"));
}

TEST(ObjectReader, SaysWhyTheConfigurationDidNotHelp) {
  ObjectsFixture fixture(
      KeySpace().Put("/registry/secrets/default/s", "k8s:enc:aescbc:v1:key1:xxxxxxxxxxxxxxxx").Build());
  const encryption::Decryptor refuse = [](std::string_view, Bytes) -> Result<std::string> {
    return Fail(Errc::kUnsupported, "", "no key of that name");
  };
  ObjectReader reader({"db", "", false}, refuse, fixture.found);
  EXPECT_FALSE(reader.Tree(fixture.At(0)));
  EXPECT_THAT(reader.remarks(), ElementsAre(HasSubstr("no key of that name")));
}

}  // namespace
}  // namespace etcdmedic::objects
