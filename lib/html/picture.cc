// SPDX-License-Identifier: Apache-2.0
#include "html/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace etcdmedic::html {

void Picture::Box(std::string_view css_class, uint64_t x, uint64_t y, uint64_t width, uint64_t height) {
  if (width == 0 || height == 0) return;
  auto path = std::ranges::find(paths_, css_class, &decltype(paths_)::value_type::first);
  if (path == paths_.end()) path = paths_.insert(paths_.end(), {css_class, {}});
  fmt::format_to(std::back_inserter(path->second), "M{} {}h{}v{}h-{}z", x, y, width, height, width);
}

void Picture::Write(Writer& writer) const {
  const std::string view = fmt::format("0 0 {} {}", frame_.width, frame_.height);
  const std::string css_class(frame_.css_class);
  const std::string fit = frame_.stretches ? "none" : "xMidYMid";
  const auto draw = [&] {
    for (const auto& [name, path] : paths_)
      writer.Element("path", "", {{"class", std::string(name)}, {"d", path}});
  };
  if (frame_.title.empty()) {
    const auto svg = writer.In(
        "svg",
        {{"class", css_class}, {"viewBox", view}, {"preserveAspectRatio", fit}, {"aria-hidden", "true"}});
    return draw();
  }
  const std::string title = writer.NewId(), description = writer.NewId();
  const auto svg = writer.In("svg", {{"class", css_class},
                                     {"viewBox", view},
                                     {"preserveAspectRatio", fit},
                                     {"role", "img"},
                                     {"aria-labelledby", title + " " + description}});
  writer.Element("title", frame_.title, {{"id", title}});
  writer.Element("desc", frame_.description, {{"id", description}});
  draw();
}

}  // namespace etcdmedic::html
