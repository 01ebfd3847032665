// SPDX-License-Identifier: Apache-2.0
#include "objects/key_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::objects {
namespace {

using testing::HasSubstr;
using enum KeyFilter::Unsaid;

struct Fixture {
  kubectl::ResourceTable table;
  kubectl::Registry registry{table};

  Result<KeyFilter> Parse(std::vector<std::string> words, std::optional<std::string> space = {},
                          bool all = false, KeyFilter::Unsaid unsaid = kDefaultNamespace) {
    return KeyFilter::Parse({.words = words, .all_namespaces = all, .namespace_name = std::move(space)},
                            table, unsaid);
  }
  // Of these keys those that match, by their last part.
  std::string Chosen(const Result<KeyFilter>& filter) const {
    std::string chosen;
    for (const char* key :
         {"/registry/pods/default/a", "/registry/pods/demo/b", "/registry/pods/demo/a",
          "/registry/services/specs/demo/s", "/registry/secrets/demo/b", "/registry/minions/n"}) {
      if (filter && filter->Matches(*registry.Parse(key))) chosen += std::string(key).substr(9) + " ";
    }
    return chosen;
  }
};

TEST(KeyFilter, TakesKubectlsWords) {
  Fixture f;
  EXPECT_EQ(f.Chosen(f.Parse({"po"})), "/pods/default/a ");
  EXPECT_EQ(f.Chosen(f.Parse({"po"}, "demo")), "/pods/demo/b /pods/demo/a ");
  EXPECT_EQ(f.Chosen(f.Parse({"po"}, {}, true)), "/pods/default/a /pods/demo/b /pods/demo/a ");
  EXPECT_EQ(f.Chosen(f.Parse({"pod", "a"}, {}, true)), "/pods/default/a /pods/demo/a ");
  EXPECT_EQ(f.Chosen(f.Parse({"pod,secret", "b"}, "demo")), "/pods/demo/b /secrets/demo/b ");
  EXPECT_EQ(f.Chosen(f.Parse({"pod/a", "svc/s"}, "demo")), "/pods/demo/a /services/specs/demo/s ");
  EXPECT_EQ(f.Chosen(f.Parse({"nodes"}, "demo")), "/minions/n ") << "a kind without namespaces";
  EXPECT_EQ(f.Chosen(f.Parse({}, "demo")),
            "/pods/demo/b /pods/demo/a /services/specs/demo/s /secrets/demo/b ");
  EXPECT_TRUE(f.Parse({})->all());
  EXPECT_TRUE(f.Parse({}, {}, true)->all());
  EXPECT_FALSE(f.Parse({"pods"})->all());
}

TEST(KeyFilter, MeansEveryNamespaceWhereThatIsWanted) {
  Fixture f;
  EXPECT_EQ(f.Chosen(f.Parse({"po"}, {}, false, kEveryNamespace)),
            "/pods/default/a /pods/demo/b /pods/demo/a ");
  EXPECT_EQ(f.Chosen(f.Parse({"po/a"}, {}, false, kEveryNamespace)), "/pods/default/a ")
      << "a name is of one";
  EXPECT_TRUE(f.Parse({"po", "a"})->by_name());
  EXPECT_EQ(f.Parse({"po"})->namespace_name(), "default");
}

TEST(KeyFilter, RefusesWhatItCannotMean) {
  Fixture f;
  EXPECT_THAT(f.Parse({"podz"}).error().what, HasSubstr("did you mean pods?"));
  EXPECT_THAT(f.Parse({"pod/a", "b"}).error().what, HasSubstr("b is not"));
  EXPECT_THAT(f.Parse({"pod/"}).error().what, HasSubstr("KIND/NAME"));
  EXPECT_THAT(f.Parse({","}).error().what, HasSubstr(", names no kind"));
  EXPECT_THAT(f.Parse({"/registry/"}).error().what, HasSubstr("/registry/ names no kind; --prefix"));
  EXPECT_THAT(f.Parse({"pod/a", ",/b"}).error().what, HasSubstr(",/b names no kind"));
  EXPECT_EQ(KeyFilter::Parse({.labels = "a in"}, f.table, kEveryNamespace).error().code, Errc::kUsage);
  EXPECT_FALSE(KeyFilter::Parse({.labels = "a=b"}, f.table, kEveryNamespace)->all());
}

}  // namespace
}  // namespace etcdmedic::objects
