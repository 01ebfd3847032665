// SPDX-License-Identifier: Apache-2.0
#include "render/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "support/temp_folder.h"

namespace etcdmedic::render {
namespace {

TEST(Output, WritesEverythingInOrder) {
  const support::TempFolder folder;
  std::string all;
  {
    Output out(open(folder.Write("f", "").c_str(), O_WRONLY));
    EXPECT_TRUE(out.untouched());
    for (int i = 0; i < 30000; ++i) {
      out.Write("line ");
      out.Print("{}\n", i);
      out.With([](std::string& buffer) { buffer += "."; });
      all += "line " + std::to_string(i) + "\n.";
    }
    EXPECT_FALSE(out.untouched());
    EXPECT_FALSE(out.closed());
    out.Close();
    EXPECT_EQ(out.error(), 0);
  }
  EXPECT_EQ(folder.Read("f"), all);
}

TEST(Output, EndsQuietlyWhereNobodyReads) {
  signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  Output out(ends[1]);
  out.Write("x");
  out.Flush();
  EXPECT_TRUE(out.closed());
  EXPECT_EQ(out.error(), 0) << "a reader that has gone away is not a failure";
  close(ends[1]);
}

TEST(Output, SaysWhyItFailed) {
  Output out(open("/dev/full", O_WRONLY));
  out.Write("x");
  out.Flush();
  EXPECT_TRUE(out.closed());
  EXPECT_EQ(out.error(), ENOSPC);
}

}  // namespace
}  // namespace etcdmedic::render
