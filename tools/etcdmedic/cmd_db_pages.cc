// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "bolt/freelist.h"
#include "bucket_secrets.h"
#include "db_input.h"
#include "render/text.h"
#include "rows.h"

namespace etcdmedic::tool {
namespace {

using bolt::PageInfo;
using bolt::PageUse;

std::string OwnerOf(const bolt::FileReport& report, const PageInfo& info) {
  if (info.bucket >= report.buckets.size()) return "";
  const std::string& name = report.buckets[info.bucket].name;
  return name.empty() ? "(directory)" : name;
}

bool IsNode(PageUse use) { return use == PageUse::kBranch || use == PageUse::kLeaf; }

double FillOf(const PageInfo& info, uint32_t page_size) {
  const double room = static_cast<double>(page_size) * (1.0 + info.overflow);
  return IsNode(info.use) ? 100.0 * info.used / room : 0;
}

// Field by field, each with its offset in the file.
class PagePrinter {
 public:
  PagePrinter(Context& context, const bolt::Pages& pages, uint64_t id)
      : pages_(pages),
        id_(id),
        rows_(context, "etcdmedic.page/v1",
              {{"offset", "OFFSET", 10},
               {"size", "SIZE", 8},
               {"field", "FIELD", -22},
               {"value", "VALUE", -1}}) {}

  void Run() {
    const uint64_t offset = id_ * pages_.page_size;
    const bolt::PageHeader header = bolt::HeaderAt(pages_.db, offset);
    Put(offset, 8, "id", fmt::format("{}", header.id));
    Put(offset + 8, 2, "flags", fmt::format("0x{:02x} {}", header.flags, TypeOf(header.flags)));
    Put(offset + 10, 2, "count", fmt::format("{}", header.count));
    Put(offset + 12, 4, "overflow", fmt::format("{}", header.overflow));
    if (id_ < 2 || header.flags == bolt::kMetaPage) return PutMeta(offset + bolt::kHeaderSize);
    if (header.flags == bolt::kFreelistPage) return PutFreelist(offset + bolt::kHeaderSize);
    const bolt::NodeRead read = pages_.Read(id_);
    if (read.fault != bolt::NodeFault::kNone) Put(offset, 0, "fault", read.what);
    if (read.usable) PutElements(read.node, offset);
  }

 private:
  void Put(uint64_t offset, uint64_t size, std::string field, std::string value) {
    rows_.Add({offset, size, std::move(field), std::move(value)});
  }

  static std::string_view TypeOf(uint16_t flags) {
    switch (flags) {
      case bolt::kBranchPage:
        return "branch";
      case bolt::kLeafPage:
        return "leaf";
      case bolt::kMetaPage:
        return "meta";
      case bolt::kFreelistPage:
        return "freelist";
      default:
        return "unknown";
    }
  }

  void PutMeta(uint64_t at) {
    constexpr struct {
      uint64_t offset;
      uint64_t size;
      const char* name;
      bool hex;
    } kFields[] = {{0, 4, "magic", true},
                   {4, 4, "version", false},
                   {8, 4, "page size", false},
                   {12, 4, "flags", true},
                   {16, 8, "root bucket: root", false},
                   {24, 8, "root bucket: sequence", false},
                   {32, 8, "freelist", false},
                   {40, 8, "high water mark", false},
                   {48, 8, "transaction", false},
                   {56, 8, "checksum", true}};
    for (const auto& field : kFields) {
      if (at + field.offset + field.size > pages_.db.size()) return;
      const uint64_t value = field.size == 4 ? bolt::LoadLittle<uint32_t>(pages_.db, at + field.offset)
                                             : bolt::LoadLittle<uint64_t>(pages_.db, at + field.offset);
      const bool none = std::string_view(field.name) == "freelist" && value == bolt::kNoFreelist;
      Put(at + field.offset, field.size, field.name,
          none        ? "not persisted"
          : field.hex ? fmt::format("0x{:x}", value)
                      : fmt::format("{}", value));
    }
  }

  void PutFreelist(uint64_t at) {
    const bolt::Freelist list = bolt::ReadFreelist(pages_, id_);
    if (!list.what.empty()) Put(at, 0, "fault", list.what);
    for (size_t i = 0; i < list.ids.size(); ++i)
      Put(at + 8 * i, 8, fmt::format("id {}", i), fmt::format("{}", list.ids[i]));
  }

  void PutElements(const bolt::Node& node, uint64_t offset) {
    bolt::Element element;
    for (uint32_t i = 0; i < node.count; ++i) {
      const uint64_t place = offset + bolt::kHeaderSize + i * bolt::kElementSize;
      if (!bolt::ReadElement(node, i, element)) {
        Put(place, bolt::kElementSize, fmt::format("element {}", i), "points outside the page");
        continue;
      }
      const std::string where = fmt::format("key at {}, {} bytes: {}", pages_.OffsetOf(element.key),
                                            element.key.size(), bolt::ShowKey(element.key));
      Put(place, bolt::kElementSize, fmt::format("element {}", i),
          node.leaf ? fmt::format("{}; {} of {} bytes", where, element.is_bucket ? "bucket" : "value",
                                  element.value.size())
                    : fmt::format("{}; page {}", where, element.child));
    }
  }

  const bolt::Pages& pages_;
  const uint64_t id_;
  Rows rows_;
};

// Errors: kUsage for a use that no page has.
Result<void> CheckUse(const std::optional<std::string>& wanted) {
  if (!wanted) return {};
  std::string known;
  for (auto use = bolt::PageUse::kFree; use <= bolt::PageUse::kUnreachable;
       use = static_cast<bolt::PageUse>(static_cast<int>(use) + 1)) {
    if (*wanted == NameOf(use)) return {};
    known += fmt::format("{}{}", known.empty() ? "" : ", ", NameOf(use));
  }
  return Fail(Errc::kUsage, "", fmt::format("--use takes {}, not {}", known, *wanted));
}

}  // namespace

int RunDbPages(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  const auto wanted = args.Get("--use");
  if (auto known = CheckUse(wanted); !known) return Report(context, known.error());
  {
    Rows rows(context, "etcdmedic.pages/v1",
              {{"page", "PAGE", 8},
               {"use", "USE", -11},
               {"owner", "OWNER", -16},
               {"elements", "ELEMENTS", 8},
               {"overflow", "OVERFLOW", 8},
               {"used", "USED", 10},
               {"fill_percent", "FILL", 6}});
    for (uint64_t id = 0; id < report.pages.size() && !context.out.closed(); ++id) {
      const PageInfo& info = report.pages[id];
      if (wanted && *wanted != NameOf(info.use)) continue;
      rows.Add({id, std::string(NameOf(info.use)), OwnerOf(report, info), uint64_t{info.count},
                uint64_t{info.overflow}, uint64_t{info.used}, FillOf(info, report.metas.page_size)});
    }
  }
  return input->Finish(context);
}

int RunDbPage(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  uint64_t id = 0;
  const std::string text = args.positional().size() > 1 ? args.positional()[1] : "";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return Report(context, {Errc::kUsage, {}, "db page needs the number of a page"});
  const Bytes db = input->bytes().first(bolt::SizeWithoutTrailer(input->bytes().size()));
  const bolt::Metas metas = bolt::ReadMetas(db);
  const bolt::Pages pages{db, metas.page_size, 0};
  if (id > pages.whole() || id * pages.page_size + bolt::kHeaderSize > db.size())
    return Report(context,
                  {Errc::kUsage,
                   {input->name, 0},
                   fmt::format("there are pages 0 to {}", pages.whole() - (pages.whole() > 0 ? 1 : 0))});
  PagePrinter(context, pages, id).Run();
  if (args.Has("--hex")) {
    (context.format == render::Format::kTable ? context.out : context.err)
        .Write("\n" + HexDumpOfPage(context, pages, id));
  }
  return kClean;
}

}  // namespace etcdmedic::tool
