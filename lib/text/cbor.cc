// SPDX-License-Identifier: Apache-2.0
#include "text/cbor.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>

#include "text/base64.h"
#include "text/number_text.h"
#include "text/text_codec.h"
#include "text/time.h"
#include "text/tree_path.h"
#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

constexpr std::string_view kSelfDescribed = "\xD9\xD9\xF7";

enum Major : uint8_t { kUnsigned, kNegative, kByteString, kTextString, kArray, kMap, kTag, kSimple };
enum Tag : uint64_t { kTimeText = 0, kTimeNumber = 1, kBase64Url = 21, kBase64 = 22, kBase16 = 23 };

constexpr uint8_t kIndefinite = 31;
constexpr uint64_t kBreak = UINT64_MAX;  // as a count: until the break

struct Head {
  Major major = kSimple;
  uint8_t info = 0;
  uint64_t value = 0;
};

// A half as RFC 8949 lays it out.
double HalfToDouble(uint16_t half) {
  const int exponent = half >> 10 & 0x1F;
  const int fraction = half & 0x3FF;
  double value = exponent == 0    ? std::ldexp(fraction, -24)
                 : exponent != 31 ? std::ldexp(fraction + 1024, exponent - 25)
                 : fraction == 0  ? std::numeric_limits<double>::infinity()
                                  : std::numeric_limits<double>::quiet_NaN();
  return (half & 0x8000) != 0 ? -value : value;
}

std::string TimeText(double seconds) {
  const double whole = std::floor(seconds);
  const auto nanos = static_cast<int32_t>(std::llround((seconds - whole) * 1e9));
  std::string text;
  AppendNanoTime(static_cast<int64_t>(whole), nanos < 1'000'000'000 ? nanos : 0, text);
  return text;
}

// Not a number where it is none.
double NumberOf(const Node& node) {
  double value = std::numeric_limits<double>::quiet_NaN();
  const std::string_view text = node.text();
  if (node.kind == NodeKind::kNumber || node.kind == NodeKind::kInteger)
    std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class CborReader {
 public:
  CborReader(Bytes value, ObjectTree& tree) : text_(AsText(value)), bytes_(value), tree_(tree) {
    fault_.code = diag::Code::kK8sValueMalformed;
  }

  TextFault Read() {
    tree_.Clear();
    if (bytes_.remaining() > ObjectTree::kMaxBytes) {
      Stop("too large");
      return fault_;
    }
    if (text_.starts_with(kSelfDescribed)) static_cast<void>(bytes_.Take(kSelfDescribed.size()));
    if (Value() && bytes_.remaining() > 0) Flaw("bytes after the object");
    return fault_;
  }

 private:
  void Note(std::string_view what, bool stopped, diag::Code code) {
    if (fault_ && (fault_.stopped || !stopped)) return;
    fault_.what = what;
    fault_.offset = bytes_.offset();
    fault_.path = path_.Text(tree_);
    fault_.stopped = stopped;
    fault_.code = code;
  }
  void Flaw(std::string_view what) { Note(what, false, diag::Code::kK8sValueMalformed); }
  bool Stop(std::string_view what, diag::Code code = diag::Code::kK8sValueMalformed) {
    Note(what, true, code);
    return false;
  }
  bool Ended() { return Stop("the value ends inside of an item", diag::Code::kK8sValueTruncated); }

  bool ReadHead(Head& head) {
    const auto first = bytes_.Big<uint8_t>();
    if (!first) return Ended();
    head.major = static_cast<Major>(*first >> 5);
    head.info = *first & 0x1F;
    head.value = head.info;
    if (head.info < 24 || head.info == kIndefinite) return true;
    std::optional<uint64_t> value;
    switch (head.info) {
      case 24:
        value = bytes_.Big<uint8_t>();
        break;
      case 25:
        value = bytes_.Big<uint16_t>();
        break;
      case 26:
        value = bytes_.Big<uint32_t>();
        break;
      case 27:
        value = bytes_.Big<uint64_t>();
        break;
      default:
        return Stop("no item begins like this");
    }
    if (!value) return Ended();
    head.value = *value;
    return true;
  }

  bool Value() {
    Head head;
    return ReadHead(head) && Item(head);
  }

  bool Item(const Head& head) {
    switch (head.major) {
      case kUnsigned:
      case kNegative:
        return head.info == kIndefinite ? Stop("no item begins like this") : Integer(head);
      case kByteString:
      case kTextString:
        return String(head);
      case kArray:
        return Container(NodeKind::kList, head);
      case kMap:
        return Container(NodeKind::kMap, head);
      case kTag:
        return head.info == kIndefinite ? Stop("no item begins like this") : Tagged(head.value);
      case kSimple:
        return Simple(head);
    }
    return false;
  }

  bool Integer(const Head& head) {
    if (head.major == kUnsigned) {
      tree_.AddCopy(NodeKind::kInteger, fmt::format("{}", head.value));
    } else if (head.value <= uint64_t{INT64_MAX}) {
      tree_.AddCopy(NodeKind::kInteger, fmt::format("{}", static_cast<int64_t>(~head.value)));
    } else {  // below what 64 bits hold
      tree_.AddCopy(NodeKind::kNumber, head.value == UINT64_MAX ? std::string("-18446744073709551616")
                                                                : fmt::format("-{}", head.value + 1));
    }
    return true;
  }

  // Text of a string of either major, its chunks joined. A string that is cut gives what is there.
  bool Text(const Head& head, std::string_view& text) {
    if (head.info != kIndefinite) return Chunk(head.value, text);
    chunks_.clear();
    bool whole = true;
    for (;;) {
      Head next;
      if (!ReadHead(next)) whole = false;
      if (!whole || (next.major == kSimple && next.info == kIndefinite)) break;
      if (next.major != head.major || next.info == kIndefinite) {
        whole = Stop("a part of a string is not a string");
        break;
      }
      std::string_view part;
      whole = Chunk(next.value, part);
      chunks_.append(part);
    }
    text = chunks_;
    return whole;
  }

  bool Chunk(uint64_t length, std::string_view& text) {
    const bool whole = length <= bytes_.remaining();
    const auto taken = bytes_.Take(whole ? length : bytes_.remaining());
    text = AsText(*taken);
    return whole || Ended();
  }

  void AddString(std::string_view text) {
    if (!IsUtf8(text)) Flaw("text that is not UTF-8");
    if (text.data() >= text_.data() && text.data() < text_.data() + text_.size())
      tree_.Add(NodeKind::kString, text);
    else
      tree_.AddCopy(NodeKind::kString, text);
  }

  bool String(const Head& head) {
    std::string_view text;
    const bool whole = Text(head, text);
    AddString(text);
    return whole;
  }

  // The nesting of tags counts as that of containers does.
  bool Tagged(uint64_t tag) {
    if (path_.depth() == kMaxTreeDepth) return TooDeep();
    path_.Enter();
    const bool whole = TaggedItem(tag);
    path_.Leave();
    return whole;
  }

  bool TaggedItem(uint64_t tag) {
    Head head;
    if (!ReadHead(head)) return false;
    const bool encodes = tag == kBase64Url || tag == kBase64 || tag == kBase16;
    if (encodes && head.major == kByteString) return Encoded(tag, head);
    if (tag == kTimeNumber) return TimeNumber(head);
    if (!encodes && tag != kTimeText) Flaw("a tag that Kubernetes does not use");
    return Item(head);
  }

  bool Encoded(uint64_t tag, const Head& head) {
    std::string_view text;
    const bool whole = Text(head, text);
    std::string encoded;
    if (tag == kBase16)
      AppendHex(AsBytes(text), encoded);
    else
      AppendBase64(encoded, AsBytes(text), tag == kBase64Url ? Base64Kind::kUrl : Base64Kind::kStandard);
    tree_.AddCopy(NodeKind::kString, encoded);
    return whole;
  }

  bool TimeNumber(const Head& head) {
    const size_t node = tree_.size();
    if (!Item(head)) return false;
    const double seconds = NumberOf(tree_.At(node));
    constexpr double kYear10000 = 253402300800;
    constexpr double kYear0 = -62167219200;
    if (!(seconds >= kYear0 && seconds < kYear10000)) {
      Flaw("a time beyond all years");
      return true;
    }
    tree_.CutAt(node);
    tree_.AddCopy(NodeKind::kString, TimeText(seconds));
    return true;
  }

  bool Simple(const Head& head) {
    switch (head.info) {
      case 20:
        tree_.Add(NodeKind::kFalse, "false");
        return true;
      case 21:
        tree_.Add(NodeKind::kTrue, "true");
        return true;
      case 22:
        tree_.Add(NodeKind::kNull, "null");
        return true;
      case 25:
        return Double(HalfToDouble(static_cast<uint16_t>(head.value)));
      case 26:
        return Double(std::bit_cast<float>(static_cast<uint32_t>(head.value)));
      case 27:
        return Double(std::bit_cast<double>(head.value));
      case kIndefinite:
        return Stop("a break outside of an item");
      default:
        Flaw("a simple value that Kubernetes does not use");
        tree_.Add(NodeKind::kNull, "null");
        return true;
    }
  }

  // Not a number and infinities keep their names, which AppendJsonNumber and AppendYamlNumber know.
  bool Double(double value) {
    std::string text;
    std::isfinite(value) ? AppendJsonDouble(text, value) : static_cast<void>(text = fmt::format("{}", value));
    tree_.AddCopy(NodeKind::kNumber, text);
    return true;
  }

  bool TooDeep() { return Stop("nested too deeply", diag::Code::kK8sValueNesting); }

  bool Container(NodeKind kind, const Head& head) {
    if (path_.depth() == kMaxTreeDepth) return TooDeep();
    const uint64_t count = head.info == kIndefinite ? kBreak : head.value;
    const size_t node = tree_.Open(kind);
    path_.Enter();
    const bool whole = kind == NodeKind::kMap ? Members(count) : Items(count);
    path_.Leave();
    tree_.Close(node);
    return whole;
  }

  // Counts need no check: every item takes a byte, and the value ends before a false count does.
  bool Items(uint64_t count) {
    for (uint64_t index = 0; index < count; ++index) {
      Head head;
      path_.AtItem(index);
      if (!ReadHead(head)) return false;
      if (count == kBreak && head.major == kSimple && head.info == kIndefinite) return true;
      if (!Item(head)) return false;
    }
    return true;
  }

  bool Members(uint64_t count) {
    for (uint64_t index = 0; index < count; ++index) {
      Head head;
      if (!ReadHead(head)) return false;
      if (count == kBreak && head.major == kSimple && head.info == kIndefinite) return true;
      const size_t key = tree_.size();
      if (!Key(head)) {
        tree_.CutAt(key);
        return false;
      }
      path_.AtKey(key);
      const size_t value = tree_.size();
      if (!Value()) {
        if (tree_.size() == value) tree_.CutAt(key);
        return false;
      }
    }
    return true;
  }

  bool Key(const Head& head) {
    if (head.major == kByteString || head.major == kTextString) return String(head);
    if ((head.major != kUnsigned && head.major != kNegative) || head.info == kIndefinite)
      return Stop("a key that is not a string");
    Flaw("a key that is not a string");
    tree_.AddCopy(NodeKind::kString,
                  head.major == kUnsigned ? fmt::format("{}", head.value) : fmt::format("-1-{}", head.value));
    return true;
  }

  std::string_view text_;
  ByteReader bytes_;
  ObjectTree& tree_;
  TreePath path_;
  std::string chunks_;
  TextFault fault_;
};

}  // namespace

bool IsCbor(Bytes value) { return AsText(value).starts_with(kSelfDescribed); }

TextFault ReadCbor(Bytes value, ObjectTree& tree) { return CborReader(value, tree).Read(); }

}  // namespace etcdmedic::text
