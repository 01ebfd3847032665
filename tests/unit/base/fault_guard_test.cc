// SPDX-License-Identifier: Apache-2.0
#include "base/fault_guard.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "support/temp_folder.h"

namespace etcdmedic {
namespace {

constexpr size_t kPages = 8;

// A file of `kPages` pages, all 'x', mapped; Shrink makes its end a place where reading is a SIGBUS.
class FaultGuard : public testing::Test {
 protected:
  void SetUp() override {
    page_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    file_ = folder_.Write("file", std::string(kPages * page_, 'x'));
    const int descriptor = open(file_.c_str(), O_RDONLY);
    void* const at = mmap(nullptr, kPages * page_, PROT_READ, MAP_SHARED, descriptor, 0);
    close(descriptor);
    ASSERT_NE(at, MAP_FAILED);
    begin_ = static_cast<const volatile char*>(at);
  }
  void TearDown() override { munmap(const_cast<char*>(begin_), kPages * page_); }
  void Shrink(size_t pages) { ASSERT_EQ(truncate(file_.c_str(), static_cast<off_t>(pages * page_)), 0); }
  char At(size_t page, size_t offset = 0) const { return begin_[page * page_ + offset]; }
  int Watch() { return WatchMapping(const_cast<char*>(begin_), kPages * page_); }

  support::TempFolder folder_;
  std::string file_;
  size_t page_ = 0;
  const volatile char* begin_ = nullptr;
};

TEST_F(FaultGuard, ReadsZerosWhereTheFileShrankAndCountsThem) {
  const int slot = Watch();
  ASSERT_GE(slot, 0);
  EXPECT_EQ(At(7), 'x');
  EXPECT_EQ(FaultsOf(slot).pages, 0U);
  Shrink(3);
  EXPECT_EQ(At(2), 'x');
  EXPECT_EQ(At(5, 17), '\0');
  EXPECT_EQ(At(5, 18), '\0') << "the page that is there now";
  EXPECT_EQ(At(3), '\0');
  EXPECT_EQ(FaultsOf(slot).pages, 2U);
  EXPECT_EQ(FaultsOf(slot).first_offset, 5 * page_) << "of the first that was met";
  UnwatchMapping(slot);
}

TEST_F(FaultGuard, ServesSeveralThreadsAtOnce) {
  const int slot = Watch();
  Shrink(0);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (size_t page = 0; page < kPages; ++page) EXPECT_EQ(At(page), '\0');
    });
  threads.clear();
  EXPECT_GE(FaultsOf(slot).pages, kPages);
  EXPECT_LE(FaultsOf(slot).pages, 4 * kPages);
  UnwatchMapping(slot);
}

TEST_F(FaultGuard, StartsFromNothingInASlotThatIsUsedAgain) {
  const int slot = Watch();
  Shrink(1);
  EXPECT_EQ(At(4), '\0');
  UnwatchMapping(slot);
  const int again = Watch();
  EXPECT_EQ(again, slot);
  EXPECT_EQ(FaultsOf(again).pages, 0U);
  UnwatchMapping(again);
}

TEST(FaultGuardTable, SaysWhereItIsFull) {
  static const char kMemory[1] = {};
  std::vector<int> taken;
  for (int slot = 0; (slot = WatchMapping(kMemory, 1)) >= 0;) taken.push_back(slot);
  EXPECT_GE(taken.size(), 256U);
  EXPECT_EQ(FaultsOf(-1).pages, 0U);
  UnwatchMapping(-1);
  for (const int slot : taken) UnwatchMapping(slot);
  const int free = WatchMapping(kMemory, 1);
  EXPECT_GE(free, 0);
  UnwatchMapping(free);
}

using FaultGuardDeathTest = FaultGuard;

TEST_F(FaultGuardDeathTest, LeavesOtherFaultsFatal) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        UnwatchMapping(Watch());  // the handler stays
        Shrink(1);
        (void)At(4);
      },
      testing::KilledBySignal(SIGBUS), "");
}

TEST_F(FaultGuardDeathTest, PassesOtherFaultsToTheHandlerBefore) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        signal(SIGBUS, [](int) { _exit(42); });
        UnwatchMapping(Watch());
        Shrink(1);
        (void)At(4);
      },
      testing::ExitedWithCode(42), "");
}

}  // namespace
}  // namespace etcdmedic
