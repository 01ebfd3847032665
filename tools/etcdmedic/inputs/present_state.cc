// SPDX-License-Identifier: Apache-2.0
#include "inputs/present_state.h"

#include "render/text.h"

namespace etcdmedic::tool {

Result<PresentState> OpenPresent(Context& context, const Args& args, std::string_view what) {
  auto opened = OpenStore(context, args);
  if (!opened) return tl::make_unexpected(opened.error());
  const mvcc::Store& store = *(*opened)->store;
  const auto at = RevisionAt(args, store);
  if (!at) return tl::make_unexpected(at.error());
  if (*at != store.current_revision()) {
    context.err.Print("etcdmedic: etcd keeps no history of {}: these are of revision {}, not of {}\n", what,
                      store.current_revision(), *at);
  }
  return PresentState{std::move(*opened), *at};
}

void WriteAsOf(render::Document& document, const PresentState& state) {
  document.Field("as_of_revision", state.store().current_revision());
}

void WriteTexts(render::Document& document, std::string_view name, const std::vector<std::string>& texts) {
  document.Key(name);
  document.BeginList();
  for (const std::string& text : texts) document.String(text);
  document.EndList();
}

void WriteAlarms(render::Document& document, const std::vector<mvcc::Alarm>& alarms) {
  document.Key("alarms");
  document.BeginList();
  for (const mvcc::Alarm& alarm : alarms) {
    document.BeginMap();
    document.Field("member", Hex(alarm.member_id));
    document.Field("alarm", NameOf(alarm.type));
    document.EndMap();
  }
  document.EndList();
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + render::Printable(text);
  return out.empty() ? "-" : out;
}

}  // namespace etcdmedic::tool
