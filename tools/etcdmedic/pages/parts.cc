// SPDX-License-Identifier: Apache-2.0
#include "pages/parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "render/text.h"

namespace etcdmedic::tool {

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string Counted(uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", Grouped(number), noun, number == 1 ? "" : "s");
}

void Prose(html::Writer& page, std::string_view tag, std::string_view text, html::Attributes attributes) {
  const auto element = page.In(tag, attributes);
  for (bool code = false; !text.empty(); code = !code) {
    const size_t end = std::min(text.find('`'), text.size());
    const std::string_view part = text.substr(0, end);
    if (code) {
      page.Element("code", part);
    } else {
      page.Text(part);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void Name(html::Writer& page, std::string_view name) {
  {
    const auto element = page.In("bdi", {{"class", "name"}});
    page.Text(name, kLongestName);
  }
  if (name.size() > kLongestName)
    page.Element("small", fmt::format(" ({} in all)", Counted(name.size(), "byte")));
}

Section::Section(html::Writer& page, int level, std::string_view title, const std::string& id)
    : scope_(page.In("section", {{"id", id}, {"aria-labelledby", id + "-title"}})) {
  page.Element(level == 2 ? "h2" : "h3", title, {{"id", id + "-title"}});
}

PageTable::PageTable(html::Writer& page, std::string_view caption, std::vector<PageColumn> columns)
    : page_(page),
      columns_(std::move(columns)),
      region_(page.In("div", {{"class", "scroll"},
                              {"role", "region"},
                              {"tabindex", "0"},
                              {"aria-label", std::string(caption)}})),
      table_(page.In("table")) {
  page.Element("caption", caption);
  const auto head = page.In("thead");
  const auto row = page.In("tr");
  for (const PageColumn& column : columns_)
    page.Element("th", column.title, {{"scope", "col"}, {"class", column.numeric ? "num" : "text"}});
}

html::Writer::Scope PageTable::Row::Cell() {
  const size_t at = table_.at_++;
  const std::string css_class = table_.columns_[at].numeric ? "num" : "text";
  if (at == 0) return table_.page_.In("th", {{"scope", "row"}, {"class", css_class}});
  return table_.page_.In("td", {{"class", css_class}});
}

PageTable::Row& PageTable::Row::Text(std::string_view text) {
  const auto cell = Cell();
  table_.page_.Text(text);
  return *this;
}

PageTable::Row& PageTable::Row::Code(std::string_view text) {
  const auto cell = Cell();
  table_.page_.Element("code", text);
  return *this;
}

PageTable::Row& PageTable::Row::Name(std::string_view name) {
  const auto cell = Cell();
  if (!name.empty()) tool::Name(table_.page_, name);
  return *this;
}

PageTable::Row& PageTable::Row::Size(uint64_t bytes) { return Text(render::HumanSize(bytes)); }

PageTable::Row& PageTable::Row::Bar(uint64_t now, uint64_t history, uint64_t greatest) {
  const auto cell = Cell();
  constexpr double kWidth = 1000;
  const auto share = [&](uint64_t amount) {
    const double all = static_cast<double>(std::max<uint64_t>(greatest, 1));
    return amount == 0
               ? 0
               : std::max<uint64_t>(1, static_cast<uint64_t>(static_cast<double>(amount) / all * kWidth));
  };
  html::Picture bar({static_cast<uint64_t>(kWidth), 10, "bar"});
  bar.Box("c-history", 0, 0, share(history), 10);
  bar.Box("c-live", 0, 0, share(now), 10);
  bar.Write(table_.page_);
  return *this;
}

void Legend(html::Writer& page, const std::vector<LegendItem>& items) {
  const auto list = page.In("ul", {{"class", "legend"}});
  for (const LegendItem& item : items) {
    const auto entry = page.In("li");
    page.Element("span", "", {{"class", fmt::format("swatch {}", item.css_class)}});
    page.Element("bdi", item.text);
    if (!item.amount.empty()) page.Element("small", item.amount);
  }
}

void Axis(html::Writer& page, std::string_view left, std::string_view middle, std::string_view right) {
  const auto axis = page.In("div", {{"class", "axis"}});
  for (const std::string_view text : {left, middle, right}) page.Element("span", text);
}

}  // namespace etcdmedic::tool
