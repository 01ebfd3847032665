// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/secret_mask.h"
#include "bolt/freelist.h"
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "views/bucket_secrets.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kMetaPageFlag,
    {"--hex", "", "also every byte"},
};
constexpr Example kExamples[] = {
    {"db page DIR 0 --hex", "one page, field by field"},
};

// Field by field, each with its offset in the file.
class PagePrinter {
 public:
  PagePrinter(Context& context, const bolt::Pages& pages, uint64_t id)
      : pages_(pages),
        id_(id),
        rows_(context, {},
              {{"offset", "OFFSET", kRight},
               {"size", "SIZE", kRight},
               {"field", "FIELD"},
               {"value", "VALUE"}}) {}

  void Run() {
    const uint64_t offset = id_ * pages_.page_size;
    const bolt::PageHeader header = bolt::HeaderAt(pages_.db, offset);
    Put(offset, 8, "id", fmt::format("{}", header.id));
    Put(offset + 8, 2, "flags", fmt::format("0x{:02x} {}", header.flags, bolt::TypeName(header.flags)));
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

  void PutMeta(uint64_t at) {
    for (const bolt::MetaField& field :
         {bolt::kMetaMagic, bolt::kMetaVersion, bolt::kMetaPageSize, bolt::kMetaFlags, bolt::kMetaRoot,
          bolt::kMetaSequence, bolt::kMetaFreelist, bolt::kMetaHighWater, bolt::kMetaTxid,
          bolt::kMetaChecksum}) {
      if (at + field.offset + field.size > pages_.db.size()) return;
      const uint64_t value = field.size == 4 ? bolt::LoadLittle<uint32_t>(pages_.db, at + field.offset)
                                             : bolt::LoadLittle<uint64_t>(pages_.db, at + field.offset);
      Put(at + field.offset, field.size, std::string(field.name), MetaText(field, value));
    }
  }

  static std::string MetaText(const bolt::MetaField& field, uint64_t value) {
    const auto is = [&](const bolt::MetaField& other) { return field.offset == other.offset; };
    if (is(bolt::kMetaFreelist) && value == bolt::kNoFreelist) return "not persisted";
    const bool bits = is(bolt::kMetaMagic) || is(bolt::kMetaFlags) || is(bolt::kMetaChecksum);
    return bits ? fmt::format("0x{:x}", value) : fmt::format("{}", value);
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
                                            element.key.size(), bolt::FormatKey(element.key));
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

void WriteMeta(render::Document& document, Bytes db, uint64_t at) {
  constexpr std::pair<std::string_view, bolt::MetaField> kNumbers[] = {
      {"root_page", bolt::kMetaRoot},
      {"sequence", bolt::kMetaSequence},
      {"freelist_page", bolt::kMetaFreelist},
      {"high_water_page", bolt::kMetaHighWater},
      {"transaction", bolt::kMetaTxid}};
  if (at + bolt::kMetaSize > db.size()) return;
  document.Map("meta", [&] {
    document.Field("page_size", bolt::LoadLittle<uint32_t>(db, at + bolt::kMetaPageSize.offset));
    for (const auto& [name, field] : kNumbers) {
      const auto value = bolt::LoadLittle<uint64_t>(db, at + field.offset);
      if (name != "freelist_page" || value != bolt::kNoFreelist) document.Field(name, value);
    }
    document.Field("checksum",
                   fmt::format("{:016x}", bolt::LoadLittle<uint64_t>(db, at + bolt::kMetaChecksum.offset)));
  });
}

void WriteElement(render::Document& document, const bolt::Pages& pages, const bolt::Node& node,
                  uint32_t number) {
  bolt::Element element;
  if (!bolt::ReadElement(node, number, element))
    return document.Sentence("message", "points outside the page");
  document.Field("offset", pages.OffsetOf(element.key));
  document.Field("key", AsText(element.key));
  if (!node.leaf) return document.Field("child_page", element.child);
  document.Field("is_bucket", element.is_bucket);
  document.Field("value_size", element.value.size());
}

void WriteFreePages(render::Document& document, const bolt::Freelist& list) {
  document.Sentence("message", list.what);
  document.Key("free_pages");
  document.BeginList();
  for (const uint64_t id : list.ids) document.Number(id);
  document.EndList();
}

void WriteElements(render::Document& document, const bolt::Pages& pages, uint64_t id) {
  const bolt::NodeRead read = pages.Read(id);
  if (read.fault != bolt::NodeFault::kNone) document.Sentence("message", read.what);
  if (!read.usable) return;
  std::vector<uint32_t> numbers(read.node.count);
  std::iota(numbers.begin(), numbers.end(), 0U);
  document.List("elements", numbers,
                [&](uint32_t number) { WriteElement(document, pages, read.node, number); });
}

void WritePage(render::Document& document, const bolt::Pages& pages, uint64_t id) {
  const uint64_t offset = id * pages.page_size;
  const bolt::PageHeader header = bolt::HeaderAt(pages.db, offset);
  document.Field("page", id);
  document.Field("offset", offset);
  document.Field("use", bolt::TypeName(header.flags));
  document.Field("overflow", header.overflow);
  document.Field("element_count", header.count);
  if (id < 2 || header.flags == bolt::kMetaPage)
    return WriteMeta(document, pages.db, offset + bolt::kHeaderSize);
  if (header.flags == bolt::kFreelistPage) return WriteFreePages(document, bolt::ReadFreelist(pages, id));
  WriteElements(document, pages, id);
}

// All bytes, unless some of them are hidden.
void WriteContent(const Context& context, render::Document& document, const bolt::Pages& pages, uint64_t id) {
  if (context.hides_values()) return document.Field("content_base64", kSecretMask);
  const uint64_t offset = id * pages.page_size;
  document.FieldBase64(
      "content", pages.db.subspan(offset, std::min<uint64_t>(pages.page_size, pages.db.size() - offset)));
}

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  uint64_t id = 0;
  const std::string text = args.positional().size() > 1 ? args.positional()[1] : "";
  const bool hex_number = text.starts_with("0x");
  const auto [end, error] = std::from_chars(text.data() + (hex_number ? 2 : 0), text.data() + text.size(), id,
                                            hex_number ? 16 : 10);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return Report(context, {Errc::kUsage, {}, "db page needs the number of a page, also as 0x…"});
  const Bytes db = input->bytes().first(bolt::SizeWithoutTrailer(input->bytes().size()));
  const bolt::Metas metas = bolt::ReadMetas(db);
  const bolt::Pages pages{db, metas.page_size, 0};
  if (id > pages.whole() || id * pages.page_size + bolt::kHeaderSize > db.size())
    return Report(context,
                  {Errc::kUsage,
                   {input->name, 0},
                   fmt::format("there are pages 0 to {}", pages.whole() - (pages.whole() > 0 ? 1 : 0))});
  const bool hex = args.Has("--hex");
  if (context.format != render::Format::kTable) {
    WriteDocument(context, "page-content", [&](render::Document& document) {
      WritePage(document, pages, id);
      if (hex) WriteContent(context, document, pages, id);
    });
    return kClean;
  }
  PagePrinter(context, pages, id).Run();
  if (hex) context.out.Write("\n" + HexDumpOfPage(context, pages, id));
  return kClean;
}

}  // namespace

extern const Command kDbPage = {
    .name = "db page",
    .positional = "PATH ID",
    .summary = "one page of the backend, field by field",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
