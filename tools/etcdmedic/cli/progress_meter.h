// SPDX-License-Identifier: Apache-2.0
// What is shown of Progress while a command runs: a line on the terminal once it has taken a second, and a
// line for each SIGUSR1.
#pragma once

#include <signal.h>

#include <string>
#include <thread>

#include "base/progress.h"

namespace etcdmedic::tool {

// "checking pages: 1.2 GiB of 4.0 GiB (30%), 310.5 MiB/s, 9 s left"
std::string DescribeProgress(const Progress::State& state, Progress::Clock::time_point now);

class ProgressMeter {
 public:
  enum class Shows : uint8_t { kNothing, kOneLine, kLines };  // kLines: where stderr is not a terminal

  // SIGUSR1 must be blocked (BlockSignal) before any thread begins.
  explicit ProgressMeter(Shows shows);
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;
  ~ProgressMeter();

  static void BlockSignal();

 private:
  void Run(std::stop_token stop);

  Shows shows_;
  sigset_t signal_;
  std::jthread thread_;
};

}  // namespace etcdmedic::tool
