// SPDX-License-Identifier: Apache-2.0
// A backend with a few Kubernetes objects, and its catalog.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "objects/catalog.h"
#include "objects/query.h"
#include "objects/reader.h"
#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::support {

// An object as JSON; `more` follows its metadata.
inline std::string ObjectJson(const std::string& api_version, const std::string& kind,
                              const std::string& name, const std::string& more = "") {
  return R"({"apiVersion":")" + api_version + R"(","kind":")" + kind + R"(","metadata":{"name":")" + name +
         "\"}" + more + "}";
}

inline std::string CronTabDefinition() {
  return ObjectJson(
      "apiextensions.k8s.io/v1", "CustomResourceDefinition", "crontabs.stable.example.com",
      R"(,"spec":{"group":"stable.example.com","scope":"Namespaced","names":{"plural":"crontabs",)"
      R"("singular":"crontab","kind":"CronTab","shortNames":["ct"]},"versions":[{"name":"v1"}]})");
}

// Two pods and one that is deleted, a CronTab and its definition, a key of no object.
inline std::string ObjectsDb() {
  return KeySpace()
      .Put("/registry/pods/default/a", ObjectJson("v1", "Pod", "a"))
      .Put("/registry/pods/demo/b", ObjectJson("v1", "Pod", "b"))
      .Put("/registry/apiextensions.k8s.io/customresourcedefinitions/crontabs.stable.example.com",
           CronTabDefinition())
      .Put("/registry/stable.example.com/crontabs/demo/c",
           ObjectJson("stable.example.com/v1", "CronTab", "c"))
      .Put("/registry/pods/demo/gone", ObjectJson("v1", "Pod", "gone"))
      .Delete("/registry/pods/demo/gone")
      .Put("compact_rev_key", "1")
      .Build();
}

struct ObjectsFixture {
  explicit ObjectsFixture(std::string image = ObjectsDb()) : opened(std::move(image)) {}

  // The first object of a section.
  objects::StoredObject At(size_t section) const { return catalog->At(catalog->sections()[section].begin); }
  Result<objects::ObjectQuery> Ask(std::vector<std::string> words) {
    words_ = std::move(words);
    return objects::ParseObjectQuery({.words = words_}, *catalog);
  }

  OpenedStore opened;
  diag::FindingList found;
  objects::ObjectReader reader{{"db", "", false}, {}, found};
  std::unique_ptr<objects::ObjectCatalog> catalog =
      std::move(*objects::ObjectCatalog::Read(*opened.store, 0, "", reader.stored()));

 private:
  std::vector<std::string> words_;
};

}  // namespace etcdmedic::support
