// SPDX-License-Identifier: Apache-2.0
// Reads objects from standard input as tests/e2e/kubernetes/main.go writes them, and compares Decode with
// each: what is printed here must be, byte for byte, what the Go types print.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "k8s/encode.h"
#include "k8s/value.h"

namespace etcdmedic {
namespace {

constexpr size_t kShown = 20;  // differences shown in full

std::string Around(std::string_view text, size_t at) {
  const size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  const size_t from = at - line > 120 ? at - 60 : line;
  return std::string(text.substr(from, at - from + 80));
}

class Comparison {
 public:
  void Hold(std::string_view what, std::string_view name, std::string_view want, std::string_view is) {
    ++compared_[std::string(what)];
    if (want == is) return;
    if (++wrong_ > kShown) return;
    const auto at = static_cast<size_t>(std::mismatch(want.begin(), want.end(), is.begin(), is.end()).first -
                                        want.begin());
    std::cout << what << " of " << name << " differs at byte " << at << " of " << want.size()
              << "\n  want: " << Around(want, at) << "\n  is:   " << Around(is, at) << "\n";
  }

  void Fail(std::string_view what, std::string_view name, std::string_view why) {
    if (++wrong_ <= kShown) std::cout << what << " of " << name << ": " << why << "\n";
  }

  int Report() const {
    for (const auto& [what, count] : compared_) std::cout << count << " compared: " << what << "\n";
    std::cout << wrong_ << " differ\n";
    return wrong_ == 0 && !compared_.empty() ? 0 : 1;
  }

 private:
  std::map<std::string, size_t> compared_;
  size_t wrong_ = 0;
};

void HoldText(Comparison& all, std::string_view what, k8s::TextFormat format, std::string_view release,
              std::string_view name, std::string_view stored, std::string want) {
  if (want.empty()) return;  // the emitter refuses to print it
  if (want.back() != '\n') want += '\n';
  std::string is;
  diag::FindingList findings;
  k8s::DecodeOptions options;
  options.format = format;
  options.release = release;
  k8s::Decode(AsBytes(stored), options, is, {}, findings);
  for (const auto& finding : findings.items) all.Fail(what, name, finding.message);
  // Where fields stood that are gone since, is not known of JSON; YAML sorts them.
  const bool json = format == k8s::TextFormat::kJson;
  if (json && !release.empty() && is.size() == want.size() &&
      nlohmann::json::parse(is, nullptr, false) == nlohmann::json::parse(want, nullptr, false))
    is = want;
  all.Hold(what, name, want, is);
}

void HoldStored(Comparison& all, std::string_view what, std::string_view name, std::string_view text,
                std::string_view want) {
  if (text.empty() || want.empty()) return;
  const auto is = k8s::Encode(text, {}, std::string(name));
  if (!is) return all.Fail(what, name, is.error().what);
  all.Hold(what, name, want, *is);
}

int Main() {
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  ByteReader stream(AsBytes(input));
  const auto next = [&]() -> std::optional<std::string_view> {
    const auto size = stream.Little<uint32_t>();
    const auto bytes = size ? stream.Take(*size) : std::nullopt;
    return bytes ? std::optional(AsText(*bytes)) : std::nullopt;
  };
  Comparison all;
  while (stream.remaining() > 0) {
    const auto name = next(), release = next(), stored = next(), yaml = next(), json = next(),
               encoded = next();
    if (!encoded) {
      std::cout << "the stream ends within an object\n";
      return 1;
    }
    HoldText(all, "YAML", k8s::TextFormat::kYaml, *release, *name, *stored, std::string(*yaml));
    HoldText(all, "JSON", k8s::TextFormat::kJson, *release, *name, *stored, std::string(*json));
    // The emitter's reader takes a next-line character for a line break, so that its YAML has lost it.
    if (stored->find("\xc2\x85") == std::string_view::npos) {
      HoldStored(all, "bytes from YAML", *name, *yaml, *encoded);
    }
    HoldStored(all, "bytes from JSON", *name, *json, *encoded);
  }
  return all.Report();
}

}  // namespace
}  // namespace etcdmedic

int main() { return etcdmedic::Main(); }
