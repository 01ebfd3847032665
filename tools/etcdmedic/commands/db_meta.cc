// SPDX-License-Identifier: Apache-2.0
#include "inputs/db_input.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"db meta DIR", "both meta pages"},
};

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const Bytes db = input->bytes().first(bolt::SizeWithoutTrailer(input->bytes().size()));
  const bolt::Metas metas = bolt::ReadMetas(db);
  input->Check();
  {
    Rows rows(context, "etcdmedic.db-meta/v1",
              {{"page", "PAGE", kRight},
               {"transaction", "TRANSACTION", kRight},
               {"root", "ROOT", kRight},
               {"freelist", "FREELIST"},
               {"high_water", "HIGH WATER", kRight},
               {"page_size", "PAGE SIZE", kRight},
               {"checksum", "CHECKSUM"},
               {"state", "STATE"}});
    for (uint64_t i = 0; i < 2; ++i) {
      const bolt::MetaPage& page = metas.pages[i];
      std::string state = page.valid() ? metas.active == static_cast<int>(i) ? "valid, opened" : "valid"
                                       : std::string(TextOf(page.fault));
      if (const auto what = page.valid() ? bolt::Implausible(page.meta, db.size()) : std::nullopt)
        state += "; " + *what;
      rows.Add({i, page.meta.txid, page.meta.root,
                page.meta.freelist == bolt::kNoFreelist ? std::string("not persisted")
                                                        : fmt::format("{}", page.meta.freelist),
                page.meta.high_water, uint64_t{page.meta.page_size}, fmt::format("{:016x}", page.checksum),
                std::move(state)});
    }
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
};

}  // namespace etcdmedic::tool
