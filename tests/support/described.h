// SPDX-License-Identifier: Apache-2.0
// What `describe` makes of objects that are given as JSON.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "kubectl/describe.h"
#include "kubectl/jsonpath.h"
#include "text/json_text.h"

namespace etcdmedic::support {

// Related objects by resource, as JSON.
class GivenObjects final : public kubectl::RelatedObjects {
 public:
  using Objects = std::map<std::string, std::vector<std::string>>;
  explicit GivenObjects(Objects objects) : objects_(std::move(objects)) {}

  void Each(const kubectl::RelatedQuery& query, const std::function<void(text::ObjectView)>& use) override {
    const auto path = kubectl::JsonPath::Parse(query.path);
    ASSERT_TRUE(path) << query.path;
    for (const std::string& json : objects_[std::string(query.resource)]) {
      text::ObjectTree tree;
      ASSERT_FALSE(text::ReadJson(json, tree)) << json;
      const bool there =
          query.namespace_name.empty() || tree.root().At("metadata.namespace").text() == query.namespace_name;
      bool has_value = false;
      for (const text::ObjectView value : path->Find(tree.root())) has_value |= value.text() == query.value;
      if (there && has_value) use(tree.root());
    }
  }

 private:
  Objects objects_;
};

inline constexpr int64_t kDescribedAt = 1'795'774'800;  // 2026-11-27T10:20:00Z

inline std::string Described(const std::string& resource, const std::string& json,
                             GivenObjects::Objects related = {}) {
  const kubectl::ResourceTable table;
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(json, tree)) << json;
  GivenObjects objects(std::move(related));
  return kubectl::Describe(*table.Resolve(resource).front(), tree.root(), {objects, kDescribedAt});
}

// Runs of blanks as one: for what is printed, and not where.
inline std::string Squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || !out.ends_with(' ')) out += c;
  }
  return out;
}

}  // namespace etcdmedic::support
