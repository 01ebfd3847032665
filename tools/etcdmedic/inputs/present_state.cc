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

void WriteAlarms(render::Document& document, const std::vector<mvcc::Alarm>& alarms) {
  document.List("alarms", alarms, [&](const mvcc::Alarm& alarm) {
    document.Id("member_id", alarm.member_id);
    document.Field("alarm", NameOf(alarm.type));
  });
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + render::Printable(text);
  return out.empty() ? "-" : out;
}

}  // namespace etcdmedic::tool
