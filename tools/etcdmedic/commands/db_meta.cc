// SPDX-License-Identifier: Apache-2.0
#include "inputs/db_input.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"db meta DIR", "both meta pages"},
};

std::string_view NameOf(bolt::MetaFault fault) {
  constexpr std::string_view kNames[] = {"none", "cut-off", "magic", "version", "checksum", "page-size"};
  return kNames[static_cast<size_t>(fault)];
}

Cell FreelistCell(const bolt::Meta& meta) {
  if (meta.freelist == bolt::kNoFreelist) return {std::monostate(), "not persisted"};
  return meta.freelist;
}

void AddRow(Rows& rows, const bolt::Metas& metas, uint64_t number, uint64_t size) {
  const bolt::MetaPage& page = metas.pages[number];
  const bool active = metas.active == static_cast<int>(number);
  const auto implausible = page.valid() ? bolt::Implausible(page.meta, size) : std::nullopt;
  std::string state = page.valid() ? active ? "valid, opened" : "valid" : std::string(TextOf(page.fault));
  if (implausible) state += "; " + *implausible;
  const Cell fault = page.valid() ? Cell(std::monostate()) : Cell(NameOf(page.fault));
  const Cell message = page.valid() ? Cell(implausible) : Cell(TextOf(page.fault));
  rows.Add({number, page.valid(), active, fault, message, page.meta.txid, page.meta.root,
            FreelistCell(page.meta), page.meta.high_water, uint64_t{page.meta.page_size},
            fmt::format("{:016x}", page.checksum), std::move(state)});
}

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const Bytes db = input->bytes().first(bolt::SizeWithoutTrailer(input->bytes().size()));
  const bolt::Metas metas = bolt::ReadMetas(db);
  input->Check();
  {
    Rows rows(context, {"db-meta", "meta-page", "meta_pages"},
              {{"page", "PAGE", kRight},
               {"valid"},
               {"active"},
               {"meta_fault"},
               {"message"},
               {"transaction", "TRANSACTION", kRight},
               {"root_page", "ROOT", kRight},
               {"freelist_page", "FREELIST"},
               {"high_water_page", "HIGH WATER", kRight},
               {"page_size", "PAGE SIZE", kRight},
               {"checksum", "CHECKSUM"},
               {"", "STATE"}});
    for (uint64_t i = 0; i < 2; ++i) AddRow(rows, metas, i, db.size());
  }
  return input->Finish(context);
}

}  // namespace

extern const Command kDbMeta = {
    .name = "db meta",
    .positional = "PATH",
    .summary = "both meta pages of the backend",
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
