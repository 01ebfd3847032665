// SPDX-License-Identifier: Apache-2.0
// What the commands over buckets without history share: leases, users and roles, members, alarms, meta.
// docs/design/no-history.md.
#pragma once

#include "inputs/open_store.h"
#include "mvcc/backend.h"

namespace etcdmedic::tool {

struct PresentState {
  std::unique_ptr<OpenedStore> opened;
  int64_t at = 0;  // --rev, or the newest revision

  const mvcc::Store& store() const { return *opened->store; }
};

// Opens the backend of PATH. Where --rev names the past, says on stderr that `what` (a plural) are of the
// present. Errors: as OpenStore and RevisionAt.
Result<PresentState> OpenPresent(Context& context, const Args& args, std::string_view what);

// One document with the revision of the present, whatever --rev says, and the fields that `fill` writes.
template <class Fill>
void WritePresent(Context& context, const PresentState& state, std::string_view name, const Fill& fill) {
  WriteDocument(context, name, [&](render::Document& document) {
    document.Field("revision", state.store().current_revision());
    fill(document);
  });
}

void WriteAlarms(render::Document& document, const std::vector<mvcc::Alarm>& alarms);

// "a,b"; "-" for none.
std::string Joined(const std::vector<std::string>& texts);

}  // namespace etcdmedic::tool
