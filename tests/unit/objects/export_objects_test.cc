// SPDX-License-Identifier: Apache-2.0
#include "objects/export_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"
#include "support/protobuf_text.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;
using test::Delimited;
using testing::HasSubstr;

std::string Object(const std::string& kind, const std::string& name, const std::string& space,
                   const std::string& more = {}) {
  return test::Stored("v1", kind,
                      Delimited(1, Delimited(1, name) + (space.empty() ? "" : Delimited(3, space)) +
                                       Delimited(5, "u-" + name)) +
                          more);
}

KeySpace Cluster() {
  KeySpace space;
  space.Put("/registry/namespaces/default", Object("Namespace", "default", ""))
      .Put("/registry/configmaps/default/a",
           Object("ConfigMap", "a", "default", Delimited(2, Delimited(1, "k") + Delimited(2, "v"))))
      .Put("/registry/secrets/default/s",
           Object("Secret", "s", "default", Delimited(2, Delimited(1, "pw") + Delimited(2, "hunter2"))))
      .Put("/registry/secrets/default/e", "k8s:enc:aescbc:v1:k:xxxx")
      .Put("/registry/events/default/x", Object("Event", "x", "default"))
      .Put("/other", "not of Kubernetes");
  return space;
}

// Files in memory, by name.
class MemoryTree final : public FileSink {
 public:
  Result<void> Write(const std::string& name, std::string_view content) override {
    EXPECT_TRUE(files.emplace(name, content).second) << name << " is written twice";
    return {};
  }
  Result<void> Append(const std::string& name, std::string_view content) override {
    files[name] += content;
    return {};
  }
  std::map<std::string, std::string> files;
};

struct Exported {
  explicit Exported(const KeySpace& space, const ExportOptions& options) : opened(space.Build()) {
    kubectl::ResourceTable table;
    const kubectl::Registry registry(table);
    auto made = ExportObjects(*opened.store, registry, options, tree, opened.found);
    EXPECT_TRUE(made) << made.error().what;
    if (made) report = *made;
  }
  const std::map<std::string, std::string>& Files() const { return tree.files; }
  OpenedStore opened;
  MemoryTree tree;
  ExportReport report;
};

TEST(Export, WritesAFileAnObjectAndARowForEach) {
  const Exported exported(Cluster(), {});
  EXPECT_EQ(exported.report.revision, 7);
  EXPECT_EQ(exported.report.files, 4U);
  EXPECT_EQ(exported.report.written.at("configmaps"), 1U);
  EXPECT_EQ(exported.report.left_out.at(SkipReason::kEncrypted), 1U);
  const auto files = exported.Files();
  size_t objects = 0;
  std::string index, left_out;
  for (const auto& [name, content] : files) {
    objects += name.ends_with(".yaml");
    if (name.ends_with("index.tsv")) index = content;
    if (name.ends_with("left-out.tsv")) left_out = content;
    if (name.find("configmaps") != std::string::npos) {
      EXPECT_THAT(content, HasSubstr("k: v"));
    }
  }
  EXPECT_EQ(objects, 4U);
  for (const char* key :
       {"/registry/namespaces/default", "/registry/configmaps/default/a", "/registry/secrets/default/s"})
    EXPECT_THAT(index, HasSubstr(key));
  EXPECT_THAT(left_out, HasSubstr("/registry/secrets/default/e"));
  EXPECT_THAT(index, testing::Not(HasSubstr("/other")));
}

TEST(Export, HidesSecretsWhereItIsAskedTo) {
  ExportOptions options;
  const auto holds = [](const Exported& exported) {
    for (const auto& [name, content] : exported.Files()) {
      if (content.find("aHVudGVyMg==") != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(holds(Exported(Cluster(), options)));
  options.hide_secrets = true;
  EXPECT_FALSE(holds(Exported(Cluster(), options)));
}

TEST(Export, TakesWhatIsWantedAndOpensWhatItCan) {
  ExportOptions options;
  options.wanted = [](const kubectl::RegistryKey& key) { return key.path == "secrets"; };
  options.open = [](std::string_view, Bytes) -> Result<std::string> {
    return Object("Secret", "e", "default");
  };
  const Exported exported(Cluster(), options);
  EXPECT_EQ(exported.report.files, 2U);
  EXPECT_TRUE(exported.report.left_out.empty());
}

TEST(Export, TakesObjectsByTheirLabels) {
  KeySpace space = Cluster();
  space.Put(
      "/registry/configmaps/default/web",
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web","namespace":"default","labels":{"app":"web"}}})");
  for (const auto& [labels, files] :
       std::map<std::string, uint64_t>{{"app=web", 1}, {"!app", 4}, {"app=db", 0}}) {
    ExportOptions options;
    options.labels = *kubectl::LabelSelector::Parse(labels);
    EXPECT_EQ(Exported(space, options).report.files, files) << labels;
  }
}

// In the order in which they are written.
struct Names final : FileSink {
  Result<void> Write(const std::string& name, std::string_view) override {
    return names.push_back(name), Result<void>();
  }
  Result<void> Append(const std::string&, std::string_view) override { return {}; }
  std::vector<std::string> names;
};

TEST(Export, IsAStreamInTheOrderOfStages) {
  const OpenedStore opened(Cluster().Build());
  kubectl::ResourceTable table;
  const kubectl::Registry registry(table);
  diag::FindingList found;
  Names sink;
  ExportOptions options;
  options.in_order = true;
  options.wanted = [](const kubectl::RegistryKey& key) { return key.path != "events"; };
  const auto report = ExportObjects(*opened.store, registry, options, sink, found);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->files, 3U);
  EXPECT_THAT(sink.names, testing::ElementsAre("_cluster/namespaces/default.yaml",
                                               "default/configmaps/a.yaml", "default/secrets/s.yaml"))
      << "the namespace comes first, though its key does not";
}

TEST(Export, LeavesOutWhatANewClusterMakesForItself) {
  ExportOptions options;
  options.apply_ready = true;
  const Exported exported(Cluster(), options);
  EXPECT_EQ(exported.report.left_out.at(SkipReason::kClusterState), 1U) << "the event";
  EXPECT_EQ(exported.report.left_out.at(SkipReason::kEncrypted), 1U);
  EXPECT_EQ(exported.report.stages.at("configmaps"), FolderOf(Stage::kConfiguration));
  for (const auto& [name, content] : exported.Files()) {
    if (name.ends_with(".yaml")) {
      EXPECT_THAT(content, testing::Not(HasSubstr("uid:"))) << name;
    }
  }
}

TEST(Export, CountsWhatIsDamaged) {
  KeySpace space = Cluster();
  const std::string whole =
      Object("ConfigMap", "d", "default", Delimited(2, Delimited(1, "k") + Delimited(2, "a long value")));
  space.Put("/registry/configmaps/default/d", whole.substr(0, whole.size() - 12));
  const Exported exported(space, {});
  EXPECT_EQ(exported.report.damaged, 1U);
  EXPECT_FALSE(exported.opened.found.items.empty());
}

TEST(Export, GivesTheSameForARevisionOfThePast) {
  ExportOptions options;
  options.revision = 3;
  EXPECT_EQ(Exported(Cluster(), options).report.files, 2U);
}

}  // namespace
}  // namespace etcdmedic::objects
