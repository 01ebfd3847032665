// SPDX-License-Identifier: Apache-2.0
// What kubectl prints of kinds for which it has nothing better: every field, under its name in words.
#include <fmt/format.h>

#include <algorithm>

#include "kubectl/describers.h"
#include "kubectl/jsonpath.h"
#include "text/ascii.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kAcronyms[] = {"API", "URL", "UID", "GUID"};
// Printed above the fields, or left out.
constexpr std::string_view kSkipped[] = {".metadata.managedFields", ".metadata.name", ".metadata.namespace",
                                         ".metadata.labels", ".metadata.annotations"};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
char Upper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
int ClassOf(char c) { return IsLower(c) ? 0 : IsUpper(c) ? 1 : 2; }

// "creationTimestamp" -> creation, Timestamp; "podCIDRs" -> pod, CID, Rs: a capital belongs to the small
// letters after it.
std::vector<std::string> SplitWords(std::string_view name) {
  std::vector<std::string> words;
  for (size_t i = 0; i < name.size(); ++i) {
    if (i == 0 || ClassOf(name[i]) != ClassOf(name[i - 1])) words.emplace_back();
    words.back() += name[i];
  }
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!IsUpper(words[i][0]) || !IsLower(words[i + 1][0])) continue;
    words[i + 1].insert(words[i + 1].begin(), words[i].back());
    words[i].pop_back();
  }
  std::erase(words, "");
  return words;
}

std::string InWords(std::string word) {
  std::string upper(word);
  std::ranges::transform(upper, upper.begin(), Upper);
  if (std::ranges::find(kAcronyms, upper) != std::end(kAcronyms)) return upper;
  if (std::ranges::none_of(word, IsUpper)) word[0] = Upper(word[0]);
  return word;
}

// "Creation Timestamp"; a name with anything but letters and "-" in it stays as it is.
std::string LabelOf(std::string_view name) {
  if (!std::ranges::all_of(name, [](char c) { return ClassOf(c) < 2 || c == '-'; })) return std::string(name);
  std::string label;
  const std::vector<std::string> words = SplitWords(name);
  for (size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    // Capitals stay with the word after them: "CIDRs" is one.
    const bool capitals = word.size() >= 2 && std::ranges::none_of(word, IsLower);
    if (capitals && i + 1 < words.size() && IsUpper(words[i + 1][0])) word += words[++i];
    (label += label.empty() ? "" : " ") += InWords(word);
  }
  return label;
}

void DescribeMap(Description& out, size_t level, text::ObjectView map, const std::string& path);

void DescribeList(Description& out, size_t level, text::ObjectView list, const std::string& path) {
  for (const text::ObjectView item : list) {
    if (item.is_map()) {
      DescribeMap(out, level, item, path);
      continue;
    }
    std::string text;
    AppendGoText(text, item);
    out.Line(level, text);
  }
}

// A tree is not deep: text::kMaxTreeDepth.
void DescribeMap(Description& out, size_t level, text::ObjectView map, const std::string& path) {
  for (const text::ObjectView member : Sorted(map)) {
    const std::string here = fmt::format("{}.{}", path, member.key());
    if (std::ranges::find(kSkipped, here) != std::end(kSkipped)) continue;
    if (member.is_map() || member.is_list()) {
      out.Line(level, fmt::format("{}:", LabelOf(member.key())));
      if (member.is_map())
        DescribeMap(out, level + 1, member, here);
      else
        DescribeList(out, level + 1, member, here);
      continue;
    }
    std::string text;
    AppendGoText(text, member);
    out.Field(level, LabelOf(member.key()), text);
  }
}

}  // namespace

void DescribeAnyObject(Description& out, text::ObjectView object, const DescribeContext&) {
  DescribeNames(out, object);
  DescribeMarks(out, object);
  DescribeMap(out, 0, object, "");
}

}  // namespace etcdmedic::kubectl
