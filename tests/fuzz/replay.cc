// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over each file of a corpus, and over a fixed number of random changes of each.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// An exact copy on the heap, so that a sanitizer sees a read one byte beyond.
void Run(const std::string& input) {
  const std::unique_ptr<uint8_t[]> copy(new uint8_t[input.size()]);
  if (!input.empty()) std::memcpy(copy.get(), input.data(), input.size());
  LLVMFuzzerTestOneInput(copy.get(), input.size());
}

void Change(std::string& input, std::mt19937_64& random) {
  if (input.empty()) return;
  const size_t at = random() % input.size();
  switch (random() % 5) {
    case 0:
      input[at] = static_cast<char>(input[at] ^ (1 << (random() % 8)));
      break;
    case 1:
      input[at] = static_cast<char>(random());
      break;
    case 2:
      input.resize(at);
      break;
    case 3:
      input.insert(at, std::string(1 + random() % 40, static_cast<char>(random())));
      break;
    default:
      for (size_t i = at; i < input.size() && i < at + 64; ++i) input[i] = '\0';
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::mt19937_64 random(1);
  size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string input{std::istreambuf_iterator<char>(in), {}};
      Run(input);
      for (int round = 0; round < 2000; ++round, ++runs) {
        std::string changed = input;
        for (uint64_t hits = 1 + random() % 3; hits > 0; --hits) Change(changed, random);
        Run(changed);
      }
    }
  }
  std::printf("%zu inputs\n", runs);
  return runs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
