// SPDX-License-Identifier: Apache-2.0
// A picture of boxes as inline SVG. Boxes of one class are one path, so that its size depends on what is
// drawn and hardly on how often. Colours are those that the page's style gives the classes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "html/writer.h"

namespace etcdmedic::html {

class Picture {
 public:
  struct Frame {
    uint64_t width = 0, height = 0;   // in units of the boxes
    std::string_view css_class = {};  // of the picture, which gives it its size on the page
    // For those who do not see it; where the title is empty the picture only repeats the text beside it.
    std::string title = {}, description = {};
    bool stretches = true;  // to the size of its element, in both directions; else it keeps its proportions
  };

  explicit Picture(Frame frame) : frame_(std::move(frame)) {}

  // `css_class` outlives the picture. Boxes that are drawn later lie over those of classes that came first.
  void Box(std::string_view css_class, uint64_t x, uint64_t y, uint64_t width, uint64_t height);

  void Write(Writer& writer) const;

 private:
  Frame frame_;
  std::vector<std::pair<std::string_view, std::string>> paths_;  // by class
};

}  // namespace etcdmedic::html
