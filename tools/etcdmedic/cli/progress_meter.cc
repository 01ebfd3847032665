// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_meter.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "render/text.h"

namespace etcdmedic::tool {
namespace {

using namespace std::chrono_literals;
using Clock = Progress::Clock;

constexpr auto kPatience = 1s;
constexpr auto kBetweenLines = 1s;  // where they stay
constexpr auto kTick = 200ms;
constexpr const char* kErase = "\r\x1b[K";

std::mutex mutex;
bool shown = false;   // a line is on the terminal
bool silent = false;  // results have begun to fill it

void Erase() {
  const std::lock_guard lock(mutex);
  if (shown) std::fputs(kErase, stderr);
  shown = false;
}

void MakeWay() {
  Erase();
  const std::lock_guard lock(mutex);
  silent = silent || isatty(STDOUT_FILENO) == 1;
}

void ShowLine(const std::string& line) {
  const std::lock_guard lock(mutex);
  if (silent) return;
  std::fputs((kErase + line).c_str(), stderr);
  shown = true;
}

sigset_t OneSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  return set;
}

}  // namespace

std::string DescribeProgress(const Progress::State& state, Clock::time_point now) {
  if (state.doing == nullptr) return "working";
  const double seconds = std::chrono::duration<double>(now - state.since).count();
  const double rate = seconds > 0 ? static_cast<double>(state.done) / seconds : 0;
  std::string text = fmt::format("{}: {}", state.doing, render::HumanSize(state.done));
  if (state.total >= state.done && state.total > 0)
    text += fmt::format(" of {} ({}%)", render::HumanSize(state.total), state.done * 100 / state.total);
  if (rate < 1) return text;
  text += fmt::format(", {}/s", render::HumanSize(static_cast<uint64_t>(rate)));
  if (state.total > state.done)
    text += fmt::format(", {:.0f} s left", static_cast<double>(state.total - state.done) / rate);
  return text;
}

void ProgressMeter::BlockSignal() {
  const sigset_t set = OneSignal();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ProgressMeter::ProgressMeter(Shows shows) : shows_(shows), signal_(OneSignal()) {
  Progress::SetBeforeOutput(MakeWay);
  thread_ = std::jthread([this](std::stop_token stop) { Run(std::move(stop)); });
}

ProgressMeter::~ProgressMeter() {
  thread_.request_stop();
  pthread_kill(thread_.native_handle(), SIGUSR1);  // so that it does not sleep on
  thread_.join();
  Erase();
  Progress::SetBeforeOutput(nullptr);
}

void ProgressMeter::Run(std::stop_token stop) {
  const Clock::time_point start = Clock::now();
  Clock::time_point last = start;
  const timespec tick{0, std::chrono::nanoseconds(kTick).count()};
  while (!stop.stop_requested()) {
    const bool asked = sigtimedwait(&signal_, nullptr, &tick) == SIGUSR1;
    if (stop.stop_requested()) return;
    const Clock::time_point now = Clock::now();
    const std::string line = "etcdmedic: " + DescribeProgress(Progress::Now(), now);
    if (asked) {
      Erase();
      std::fputs((line + "\n").c_str(), stderr);
    } else if (shows_ == Shows::kOneLine && now - start >= kPatience) {
      ShowLine(line);
    } else if (shows_ == Shows::kLines && now - last >= kBetweenLines) {
      std::fputs((line + "\n").c_str(), stderr);
      last = now;
    }
  }
}

}  // namespace etcdmedic::tool
