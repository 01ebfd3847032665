// SPDX-License-Identifier: Apache-2.0
#include "base/spool_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "support/temp_folder.h"

namespace etcdmedic {
namespace {

TEST(SpoolFile, HoldsWhatWasWrittenAtAnyPlace) {
  auto file = SpoolFile::Make("it");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->WriteAt(4, AsBytes("later")));
  ASSERT_TRUE(file->WriteAt(0, AsBytes("soon")));
  EXPECT_TRUE(file->bytes().empty()) << "not sealed";
  ASSERT_TRUE(file->Seal());
  EXPECT_EQ(AsText(file->bytes()), "soonlater");
  const auto again = MappedFile::Open(file->path());
  ASSERT_TRUE(again);
  EXPECT_EQ(AsText(again->bytes()), "soonlater");
}

TEST(SpoolFile, StandsInNoDirectory) {
  const support::TempFolder folder;
  setenv("TMPDIR", folder.path().c_str(), 1);
  auto file = SpoolFile::Make("it");
  unsetenv("TMPDIR");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->WriteAt(0, AsBytes("x")));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace etcdmedic
